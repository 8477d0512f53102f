/** How are saved recordings shown? */
import { isatty } from 'node:tty';
import type { Environment } from '../capture/launch/interpreter.ts';
import { escapeControls } from '../render/terminal-text.ts';
import type { Session } from '../session/session.ts';
import { TimesinkError } from '../util/errors.ts';
import { currentFolder } from './current-folder.ts';
import { deliver } from './deliver.ts';
import { findKept, keptFolder } from './kept-sessions.ts';
import { hasBrowser } from './open-page.ts';
import { type CliOptions, type GivenOptions, settleOptions } from './options.ts';
import { planReport, type ReportPlan, writeReport } from './report.ts';
import { readSessionFile } from './session-file.ts';
import { readSettings } from './settings.ts';
import { sourceReader } from './source-reader.ts';
import { argsOfDescription, describeTarget } from './target-description.ts';

/**
 * Reports on a saved recording.
 * @throws TimesinkError
 */
export async function loadAndReport(file: string, given: GivenOptions, environment: Environment): Promise<void> {
  await reportOn([file], settleOptions(given, await readSettings(currentFolder(), environment)), environment);
}

/**
 * Shows saved recordings to whoever is there: pages in a browser, where the terminal has one and no other report is asked
 * for; else one report after the other, each with the name of its file above it where there are several.
 * @throws TimesinkError
 */
export async function viewFiles(
  files: readonly string[],
  given: GivenOptions,
  environment: Environment,
): Promise<void> {
  const options = settleOptions(given, await readSettings(currentFolder(), environment));
  const isPage = isatty(1) && leavesFormatOpen(options, given) && hasBrowser(environment, process.platform);
  await reportOn(files, isPage ? { ...options, renderer: 'html' } : options, environment);
}

/** Whether nothing says what the report should be: no format or file for it, nothing that only text has. */
function leavesFormatOpen({ renderer, outfile }: CliOptions, given: GivenOptions): boolean {
  const { renderOption, color, unicode } = given;
  return [renderer, outfile, renderOption, color, unicode].every((value) => value === undefined);
}

async function reportOn(files: readonly string[], options: CliOptions, environment: Environment): Promise<void> {
  const plan = await planReport(options, 1, environment);
  const areInTurn = files.length > 1 && !plan.opensPages;
  if (areInTurn) checkSeveral(plan, options);
  // Wrong placeholders are told before anything is read.
  if (options.targetDescription !== undefined) describeTarget(options.targetDescription, '');
  for (const file of files) {
    const session = readTitled(file, options);
    if (areInTurn) deliver(plan.output, `${escapeControls(file)}\n\n`, '.txt', 'the report');
    await writeReport(plan, session, sourceReader(currentFolder()), true);
  }
}

/**
 * Reports on a run that was kept.
 * @param id undefined: the newest
 * @throws TimesinkError
 */
export async function loadKeptAndReport(
  id: string | undefined,
  given: GivenOptions,
  environment: Environment,
): Promise<void> {
  const { path } = findKept(keptFolder(environment), id);
  await loadAndReport(path, given, environment);
}

/** A saved recording, with another title where one is asked for. */
function readTitled(file: string, { targetDescription }: CliOptions): Session {
  const session = readSessionFile(file);
  if (targetDescription === undefined) return session;
  const description = describeTarget(targetDescription, argsOfDescription(session.meta.description));
  return { ...session, meta: { ...session.meta, description } };
}

/** What programs read must be one document. */
function checkSeveral({ renderer }: ReportPlan, { outfile }: CliOptions): void {
  const isForPeople = renderer.extensions.some((end) => end === '.txt' || end === '.md');
  if (isForPeople && outfile === undefined) return;
  const where = outfile === undefined ? `as ${renderer.name}` : 'in one file';
  throw new TimesinkError('USAGE', `several recordings cannot be shown ${where}`, {
    hint: 'Show them one by one, or make one of them: timesink merge A B … -o FILE.',
  });
}
