/** How are saved recordings shown? */
import type { Environment } from '../capture/launch/interpreter.ts';
import { escapeControls } from '../render/terminal-text.ts';
import { TimesinkError } from '../util/errors.ts';
import { currentFolder } from './current-folder.ts';
import { deliver } from './deliver.ts';
import { findKept, keptFolder } from './kept-sessions.ts';
import { type CliOptions, type GivenOptions, settleOptions } from './options.ts';
import { planReport, type ReportPlan, writeReport } from './report.ts';
import { readSessionFile } from './session-file.ts';
import { readSettings } from './settings.ts';
import { sourceReader } from './source-reader.ts';
import { argsOfDescription, describeTarget } from './target-description.ts';

/**
 * Reports on saved recordings, one after the other, each with the name of its file above it where there are several.
 * @throws TimesinkError
 */
export async function loadAndReport(
  files: readonly string[],
  given: GivenOptions,
  environment: Environment,
): Promise<void> {
  const options = settleOptions(given, await readSettings(currentFolder(), environment));
  const plan = await planReport(options, 1, environment);
  if (files.length > 1) checkSeveral(plan, options);
  for (const file of files) {
    if (files.length > 1) deliver(plan.output, `${escapeControls(file)}\n\n`, '.txt', 'the report');
    await show(file, options, plan);
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
  await loadAndReport([path], given, environment);
}

async function show(file: string, { targetDescription }: CliOptions, plan: ReportPlan): Promise<void> {
  // Wrong placeholders are told before anything is read.
  if (targetDescription !== undefined) describeTarget(targetDescription, '');
  let session = readSessionFile(file);
  if (targetDescription !== undefined) {
    const description = describeTarget(targetDescription, argsOfDescription(session.meta.description));
    session = { ...session, meta: { ...session.meta, description } };
  }
  await writeReport(plan, session, sourceReader(currentFolder()), true);
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
