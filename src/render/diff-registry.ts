/** Which formats for comparisons are there? The one list behind help, `-r` and the choice by file name. */
import { TimesinkError } from '../util/errors.ts';
import { diffHtmlRenderer } from './diff-html.ts';
import { diffJsonRenderer } from './diff-json.ts';
import { diffMarkdownRenderer } from './diff-markdown.ts';
import type { DiffRenderer } from './diff-renderer.ts';
import { diffTextRenderer } from './diff-text.ts';

/** All formats, in the order of the help; the first is the default. */
export const diffRenderers: readonly [DiffRenderer, ...DiffRenderer[]] = [
  diffTextRenderer,
  diffMarkdownRenderer,
  diffHtmlRenderer,
  diffJsonRenderer,
];

/**
 * The format that `-r NAME` means.
 * @throws TimesinkError USAGE
 */
export function findDiffRenderer(name: string): DiffRenderer {
  const found = diffRenderers.find((renderer) => renderer.name === name || renderer.aliases.includes(name));
  if (found !== undefined) return found;
  throw new TimesinkError('USAGE', `there is no format ${JSON.stringify(name)} for differences`, {
    hint: `The formats: ${diffRenderers.map((renderer) => renderer.name).join(', ')}.`,
  });
}

/** The format that the name of an output file asks for; text where it asks for none, or where there is no file. */
export function inferDiffRenderer(outfile?: string): DiffRenderer {
  const name = outfile?.toLowerCase() ?? '';
  return diffRenderers.find(({ extensions }) => extensions.some((end) => name.endsWith(end))) ?? diffRenderers[0];
}
