/** How are two saved recordings compared? */
import type { Environment } from '../capture/launch/interpreter.ts';
import { pageTemplate } from '../page-template.ts';
import { findDiffRenderer, inferDiffRenderer } from '../render/diff-registry.ts';
import type { ComparedSession } from '../render/diff-renderer.ts';
import { selectSession } from '../session/select.ts';
import { currentFolder } from './current-folder.ts';
import { deliver } from './deliver.ts';
import { browserOutput } from './open-page.ts';
import { type GivenOptions, settleOptions } from './options.ts';
import { fileOutput, streamOutput } from './output.ts';
import { renderOptions } from './render-options.ts';
import { selectionOf } from './report.ts';
import { readSessionFile } from './session-file.ts';
import { sourceReader } from './source-reader.ts';
import { chooseAppearance } from './terminal.ts';

/** What the command line says. */
export interface DiffGiven extends GivenOptions {
  readonly normalize: boolean;
}

/**
 * Compares two files. Settings files have no say in it.
 * @throws TimesinkError
 */
export async function diffFiles(
  before: string,
  after: string,
  { normalize, ...given }: DiffGiven,
  environment: Environment,
): Promise<void> {
  const options = settleOptions(given);
  const { outfile, renderer: name } = options;
  const renderer = name === undefined ? inferDiffRenderer(outfile) : findDiffRenderer(name);
  const output = outfile === undefined ? streamOutput(1) : fileOutput(outfile);
  const shown = renderOptions(renderer, options, chooseAppearance(options, output.kind, environment));
  const chosen = { ...(normalize ? { normalize } : {}), ...shown };
  renderer.check(chosen);
  const read = (file: string): ComparedSession => ({
    name: file,
    session: selectSession(readSessionFile(file), selectionOf(options)),
  });
  const context = { readSource: sourceReader(currentFolder()), pageTemplate };
  const comparison = renderer.render(read(before), read(after), chosen, context);
  const isPage = renderer === findDiffRenderer('html');
  const place = isPage && output.kind === 'terminal' ? browserOutput(output, environment) : output;
  deliver(place, comparison, renderer.extensions[0] ?? '', 'the comparison');
}
