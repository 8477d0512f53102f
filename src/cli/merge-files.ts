/** How are saved recordings merged into one? */
import type { Environment } from '../capture/launch/interpreter.ts';
import { inferRenderer, renderers } from '../render/registry.ts';
import { mergeSessions } from '../session/merge.ts';
import type { MergeMode } from '../session/merge-meta.ts';
import type { OneOrMore } from '../session/merge-sums.ts';
import type { Session } from '../session/session.ts';
import { TimesinkError } from '../util/errors.ts';
import { currentFolder } from './current-folder.ts';
import { type GivenOptions, settleOptions } from './options.ts';
import { planReport, type ReportPlan, writeReport } from './report.ts';
import { readSessionFile } from './session-file.ts';
import { sourceReader } from './source-reader.ts';

/**
 * Merges files, and writes the result as a recording or as a report. Settings files have no say in it.
 * @throws TimesinkError
 */
export async function mergeFiles(
  [first, ...others]: OneOrMore<string>,
  how: MergeMode,
  given: GivenOptions,
  environment: Environment,
): Promise<void> {
  // Formats that can choose are to hold everything.
  const chosen = settleOptions({ ...given, ...formatOf(given) }, how === 'apart' ? { subprocesses: true } : {});
  const plan = await planReport(chosen, 1, environment);
  const merged = mergeSessions([readSessionFile(first), ...others.map(readSessionFile)], how);
  checkRoom(plan, merged, how);
  await writeReport(plan, merged, sourceReader(currentFolder()), true);
}

/** A recording, where neither `-r` nor the name of the file says otherwise. */
function formatOf({ renderer, outfile }: GivenOptions): Pick<GivenOptions, 'renderer'> {
  if (renderer !== undefined) return { renderer };
  const { extensions } = inferRenderer(outfile);
  const isNamed = extensions.some((end) => outfile?.toLowerCase().endsWith(end));
  return isNamed ? {} : { renderer: 'timesink' };
}

/** What holds one process would lose all others without a word. */
function checkRoom({ renderer }: ReportPlan, { processes }: Session, how: MergeMode): void {
  const holdsAll = !renderers.includes(renderer) || Object.hasOwn(renderer.options, 'subprocesses');
  if (holdsAll || how === 'summed' || processes.length < 2) return;
  throw new TimesinkError('USAGE', `a ${renderer.name} file holds one process, and there are ${processes.length}`, {
    hint: 'Add them up with --sum, or write a .timesink file.',
  });
}
