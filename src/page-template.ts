/** Where is the empty page that html reports are filled into? */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TimesinkError } from './util/errors.ts';

/** Beside the bundles; seen from the sources, where the build puts it. */
const places = ['page.html', '../dist/page.html'];

let known: string | undefined;

/**
 * The page as `npm run build` leaves it; read once.
 * @throws TimesinkError `INTERNAL` where it was not built
 */
export function pageTemplate(): string {
  known ??= readFirst();
  return known;
}

function readFirst(): string {
  // Named first, so that the bundler does not take the file for one of its own.
  const here = import.meta.url;
  for (const place of places) {
    try {
      return readFileSync(fileURLToPath(new URL(place, here)), 'utf8');
    } catch {
      // Not there.
    }
  }
  throw new TimesinkError('INTERNAL', 'the page for html reports is missing', { hint: 'npm run build makes it.' });
}
