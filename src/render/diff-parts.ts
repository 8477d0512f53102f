/** What do comparisons for people say beside their trees, whatever their markup? */
import type { ChangedFunction, ProcessDiff, SessionDiff, ThreadDiff } from '../tree/diff-sessions.ts';
import type { Pair } from '../tree/paired-threads.ts';
import type { ThreadTimes } from '../tree/shown-threads.ts';
import { arrow } from './diff-header.ts';
import { noiseMark } from './diff-numbers.ts';
import type { TableTitles } from './diff-text-table.ts';
import { formatFixed } from './fixed-point.ts';
import type { Glyphs } from './style.ts';
import { escapeControls } from './terminal-text.ts';
import { counted } from './time-format.ts';

/** A list of functions is for a glance. */
const mostFunctions = 10;

/** Above the numbers. */
export function titles(normalize: boolean): TableTitles {
  return normalize
    ? { before: '% before', after: '% after', change: 'points' }
    : { before: 'before', after: 'after', change: 'change' };
}

/** The functions whose own time changed enough to be told, at most ten. */
export function changedFunctions({ functions, least }: ThreadDiff): readonly ChangedFunction[] {
  return functions.filter(({ change }) => change !== 0 && Math.abs(change) >= least).slice(0, mostFunctions);
}

/** `Thread MainThread · 1.2 s → 1.6 s running`, for one of several trees. */
export function threadHeading(
  { process }: ProcessDiff,
  { times }: ThreadDiff,
  severalProcesses: boolean,
  glyphs: Glyphs,
): string {
  const pid = (process.after ?? process.before)?.pid ?? '?';
  const owner = severalProcesses ? `Process ${pid}, thread` : 'Thread';
  const name = escapeControls((times.after ?? times.before)?.thread.name ?? '');
  return `${owner} ${name} ${glyphs.separator} ${runningChange(times, glyphs)}`;
}

function runningChange({ before, after }: Pair<ThreadTimes>, glyphs: Glyphs): string {
  const seconds = (times: ThreadTimes | null): string => `${formatFixed(times?.running ?? 0, 1)} s`;
  if (before === null) return `only after, ${seconds(after)} running`;
  if (after === null) return `only before, ${seconds(before)} running`;
  return `${seconds(before)} ${arrow(glyphs)} ${seconds(after)} running`;
}

/** What a reader must know to read the numbers of one thread. */
export function legend({ least, tree }: ThreadDiff, isMarked: boolean, normalize: boolean): readonly string[] {
  const lines: string[] = [];
  if (isMarked) lines.push(`${noiseMark} may be chance: sampling alone makes changes of this size.`);
  if (least > 0 && (tree?.omitted ?? 0) > 0) {
    const limit = normalize ? `${formatFixed(least * 100, 1)} points` : `${formatFixed(least, 3)} s`;
    lines.push(`Calls that changed by less than ${limit} are not shown (--show-all shows them).`);
  }
  return lines;
}

/** A line about the threads that are not compared, if any. */
export function otherThreads({ others }: ProcessDiff): readonly string[] {
  if (others.length === 0) return [];
  return [`${counted(others.length, 'other thread')} (--threads compares ${others.length === 1 ? 'it' : 'them'})`];
}

/** A line about the processes that are not compared, if any. */
export function otherProcesses({ others }: SessionDiff): readonly string[] {
  if (others.length === 0) return [];
  const hint = `(--subprocesses compares ${others.length === 1 ? 'it' : 'them'})`;
  return [`${counted(others.length, 'other process', 'other processes')} ${hint}`];
}
