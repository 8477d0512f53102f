/** Which threads of two recordings are compared, and what do reports show of each? */
import type { ProcessInfo, Session, ThreadSamples } from '../session/session.ts';
import type { CallPair, FileNames } from './align-calls.ts';
import type { CallNode } from './call-node.ts';
import { buildCallTree } from './call-tree.ts';
import { type DiffNode, type DiffOptions, diffTrees } from './diff.ts';
import { callersFirst, dropLoneRoot, keepChanges } from './diff-filter.ts';
import { type FunctionChange, functionChanges } from './diff-functions.ts';
import { foldRecursion } from './fold-recursion.ts';
import { applicationNodes, originRule } from './library-rule.ts';
import { type Pair, type PairedProcess, pairProcesses } from './paired-threads.ts';
import type { TreeOptions } from './pipeline.ts';
import { type FrameGroups, groupLibraryFrames } from './processors/group-library-frames.ts';
import { removeLauncherFrames } from './processors/remove-launcher-frames.ts';
import { shortPaths } from './short-path.ts';
import { isBusy, type ThreadTimes } from './shown-threads.ts';

/** What to compare, and how. */
export interface DiffSessionsOptions extends Omit<TreeOptions, 'timeline'> {
  /** Shares of each thread's total instead of seconds. */
  readonly normalize: boolean;
  /** Compare every thread. */
  readonly threads: boolean;
  /** Compare every process. */
  readonly subprocesses: boolean;
}

/** One thread, compared. */
export interface ThreadDiff {
  readonly times: Pair<ThreadTimes>;
  readonly names: FileNames;
  /** Null where neither has samples. */
  readonly tree: DiffTree | null;
  /** Largest change of a function's own time first. */
  readonly functions: readonly ChangedFunction[];
  /** The least change that is shown, in the unit of the numbers; 0 where all are. */
  readonly least: number;
}

/** A function, compared. */
export interface ChangedFunction extends FunctionChange {
  readonly isApplication: boolean;
}

/** A tree ready to be written, as `ReportTree`. */
export interface DiffTree {
  readonly root: DiffNode;
  readonly application: ReadonlySet<CallNode>;
  readonly groups: FrameGroups;
  /** How many calls changed too little to be in it. */
  readonly omitted: number;
}

/** One process, compared. */
export interface ProcessDiff {
  readonly process: Pair<ProcessInfo>;
  /** Threads that are compared, busiest first. Never empty. */
  readonly shown: readonly ThreadDiff[];
  readonly others: readonly Pair<ThreadTimes>[];
}

/** Two recordings, compared. */
export interface SessionDiff {
  /** Processes that are compared, busiest first; empty when neither recording has threads. */
  readonly shown: readonly ProcessDiff[];
  readonly others: readonly Pair<ProcessInfo>[];
}

/**
 * Compares two recordings: of the busiest process the main thread and every thread with a tenth of the running time, on
 * either side, as a report of one recording shows; with the options, all of them.
 */
export function diffSessions(before: Session, after: Session, options: DiffSessionsOptions): SessionDiff {
  const processes = pairProcesses(before, after).sort((a, b) => total(b.running) - total(a.running));
  const count = options.subprocesses ? processes.length : 1;
  return {
    shown: processes.slice(0, count).map((entry) => diffProcess({ before, after }, entry, options)),
    others: processes.slice(count).map(({ process }) => process),
  };
}

function total({ before, after }: PairedProcess['running']): number {
  return before + after;
}

function diffProcess(sessions: Sessions, entry: PairedProcess, options: DiffSessionsOptions): ProcessDiff {
  const { process, threads, running } = entry;
  const runningOf = ({ before, after }: Pair<ThreadTimes>): number => (before?.running ?? 0) + (after?.running ?? 0);
  const busiestFirst = [...threads].sort((a, b) => runningOf(b) - runningOf(a));
  const main = busiestFirst.find(({ before, after }) => (after ?? before)?.thread.isMain) ?? busiestFirst[0];
  const isShown = (pair: Pair<ThreadTimes>): boolean =>
    options.threads ||
    pair === main ||
    (pair.before !== null && isBusy(pair.before, { running: running.before })) ||
    (pair.after !== null && isBusy(pair.after, { running: running.after }));
  return {
    process,
    shown: busiestFirst.filter(isShown).map((times) => diffThread(sessions, process, times, options)),
    others: busiestFirst.filter((times) => !isShown(times)),
  };
}

interface Sessions {
  readonly before: Session;
  readonly after: Session;
}

function diffThread(
  { before, after }: Sessions,
  process: Pair<ProcessInfo>,
  times: Pair<ThreadTimes>,
  options: DiffSessionsOptions,
): ThreadDiff {
  const names = {
    before: shortPaths(process.before?.sysPath ?? process.after?.sysPath ?? []),
    after: shortPaths(process.after?.sysPath ?? process.before?.sysPath ?? []),
  };
  const comparing: DiffOptions = {
    normalize: options.normalize,
    names,
    intervals: { before: before.meta.maxInterval, after: after.meta.maxInterval },
  };
  const trees = {
    before: comparableTree(before, times.before?.thread, options),
    after: comparableTree(after, times.after?.thread, options),
  };
  const root = diffTrees(trees.before, trees.after, comparing);
  const least = options.showAll || root === null ? 0 : options.filterThreshold * Math.max(root.before, root.after);
  const isOwn = applicationRule(trees, process);
  const functions = functionChanges(trees.before, trees.after, comparing);
  return {
    times,
    names,
    tree: root === null ? null : diffTree(root, least, isOwn, options),
    functions: functions.map((entry) => ({ ...entry, isApplication: isOwn(entry.calls) })),
    least,
  };
}

/** As a report of one recording begins, before anything is left out for being small. */
function comparableTree(
  session: Session,
  thread: ThreadSamples | undefined,
  options: DiffSessionsOptions,
): CallNode | null {
  if (thread === undefined) return null;
  const tree = buildCallTree(session, thread, { importMachinery: !options.showAll, hidden: !options.showAll });
  if (tree === null) return null;
  const root = removeLauncherFrames(tree);
  return options.foldRecursion ? foldRecursion(root, 'largest first') : root;
}

/** Whether a call is the application's own: as it is after or, where it is gone, as it was. */
type IsOwn = (calls: CallPair) => boolean;

function applicationRule(trees: Pair<CallNode>, process: Pair<ProcessInfo>): IsOwn {
  const ownOf = (tree: CallNode | null, owner: ProcessInfo | null): ReadonlySet<CallNode> =>
    tree === null ? new Set() : applicationNodes(tree, originRule(owner ?? undefined));
  const own = { before: ownOf(trees.before, process.before), after: ownOf(trees.after, process.after) };
  return ({ before, after }) => (after === null ? before !== null && own.before.has(before) : own.after.has(after));
}

function diffTree(whole: DiffNode, least: number, isOwn: IsOwn, options: DiffSessionsOptions): DiffTree {
  const { root, omitted } = keepChanges(dropLoneRoot(whole, least), least);
  const application = new Set<CallNode>(callersFirst(root).filter(({ calls }) => isOwn(calls)));
  const groups: FrameGroups = options.showAll ? new Map() : groupLibraryFrames(root, application, options);
  return { root, application, groups, omitted };
}
