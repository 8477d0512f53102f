/**
 * Brings docs/page.md up to date: `npm run page-document` writes its table of keys, and takes its pictures from the page that
 * `npm run build` left, with the Chromium of this machine.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import manifest from '../package.json' with { type: 'json' };
import { withKeys } from './page-keys.ts';

const document = new URL('../docs/page.md', import.meta.url);
writeFileSync(document, withKeys(readFileSync(document, 'utf8')));

// As the build defines it.
Object.assign(globalThis, { __VERSION__: manifest.version });
const { takePictures } = await import('./page-pictures.ts');
await takePictures();
