/** Which report formats are there? The one list behind help, `-r` and the choice by file name. */
import { TimesinkError } from '../util/errors.ts';
import { collapsedRenderer } from './collapsed.ts';
import { cpuprofileRenderer } from './cpuprofile.ts';
import { firefoxRenderer } from './firefox.ts';
import { htmlRenderer } from './html.ts';
import { jsonRenderer } from './json.ts';
import { markdownRenderer } from './markdown.ts';
import { pprofRenderer } from './pprof.ts';
import { pstatsRenderer } from './pstats.ts';
import { pyisessionRenderer } from './pyisession.ts';
import type { Renderer } from './renderer.ts';
import { speedscopeRenderer } from './speedscope.ts';
import { textRenderer } from './text.ts';
import { timesinkRenderer } from './timesink.ts';

/** All formats, in the order of the help; the first is the default. */
export const renderers: readonly Renderer[] = [
  textRenderer,
  htmlRenderer,
  markdownRenderer,
  jsonRenderer,
  speedscopeRenderer,
  pstatsRenderer,
  collapsedRenderer,
  cpuprofileRenderer,
  pprofRenderer,
  firefoxRenderer,
  pyisessionRenderer,
  timesinkRenderer,
];

/**
 * The format that `-r NAME` means.
 * @throws TimesinkError USAGE
 */
export function findRenderer(name: string): Renderer {
  const found = renderers.find((renderer) => renderer.name === name || renderer.aliases.includes(name));
  if (found !== undefined) return found;
  throw new TimesinkError('USAGE', `there is no report format ${JSON.stringify(name)}`, {
    hint: `The formats: ${renderers.map((renderer) => renderer.name).join(', ')}.`,
  });
}

/** The format that the name of an output file asks for; text where it asks for none, or where there is no file. */
export function inferRenderer(outfile?: string): Renderer {
  const name = outfile?.toLowerCase() ?? '';
  const matches = renderers.flatMap((renderer) =>
    renderer.extensions.filter((end) => name.endsWith(end)).map((end) => ({ renderer, end })),
  );
  // `.speedscope.json` must win over `.json`.
  const best = matches.sort((a, b) => b.end.length - a.end.length)[0];
  return best?.renderer ?? findRenderer('text');
}
