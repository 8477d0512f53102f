/** What changed from one recording to another, call by call? */
import { alignCalls, type CallPair, type FileNames } from './align-calls.ts';
import type { CallNode, FrameIdentity } from './call-node.ts';

/** Whether a call is in both recordings, only in the one after, or only in the one before. */
export type DiffStatus = 'both' | 'new' | 'gone';

/**
 * A call of both recordings, or of one. It is described as it is after or, where it is gone, as it was before. Numbers are
 * seconds, or shares of the total (0 to 1) where these were asked for.
 *
 * `time` is how much changed in the call and below: changes of the functions' own times, whatever their sign, added up. So
 * `totalSelfTime` is how much the call's own time changed.
 */
export interface DiffNode extends CallNode {
  readonly status: DiffStatus;
  /** As the `time` of the call: 0 where it is new. */
  readonly before: number;
  /** 0 where it is gone. */
  readonly after: number;
  /** `after − before`. */
  readonly change: number;
  /** Whether sampling alone may have made the change: see {@link diffTrees}. */
  readonly isWithinNoise: boolean;
  readonly calls: CallPair;
  /** Largest change first, whatever its sign; equal ones by time. */
  readonly children: readonly DiffNode[];
}

/** How to compare. */
export interface DiffOptions {
  /** Shares of each recording's total instead of seconds, for recordings of different length. */
  readonly normalize: boolean;
  readonly names: FileNames;
  /** Seconds from sample to sample; 0 where unknown. */
  readonly intervals: { readonly before: number; readonly after: number };
}

/** One side of a comparison. */
export interface DiffSide {
  /** By what its times are divided: 1, or for shares the total. */
  readonly divisor: number;
  /** Seconds of the whole tree. */
  readonly total: number;
  readonly interval: number;
}

/** Both sides, and what follows from them for every pair of times. */
export interface DiffScale {
  readonly before: DiffSide;
  readonly after: DiffSide;
}

/** How many standard deviations are taken for chance: fewer than one change in twenty by chance alone is larger. */
const deviations = 2;

const joiningRoot: FrameIdentity = {
  identifier: '[root]',
  kind: 'root',
  functionName: '[root]',
  file: null,
  firstLine: 0,
};

/**
 * Compares two trees of added-up calls from which nothing has been left out, so that the changes of a call's children add up
 * to its own. The root stands for the thread and joins what is outermost. Null where there are no trees.
 *
 * A change is within the noise where it is at most twice the standard deviation that it would have if each sample were drawn
 * independently: √(interval · time · (1 − share of the total)) for each side. Sampling is better than that where calls last
 * many samples; what the machine did besides is not in it.
 *
 * Costs O(n log n) for n nodes; takes trees of any depth.
 */
export function diffTrees(before: CallNode | null, after: CallNode | null, options: DiffOptions): DiffNode | null {
  if (before === null && after === null) return null;
  const pairs: { readonly pair: CallPair; readonly parent: number }[] = [];
  pairs.push({ pair: joinRoots(before, after), parent: -1 });
  // The list grows as it is gone through: callers come before what they call.
  for (let number = 0; number < pairs.length; number++) {
    const { pair } = pairs[number] as (typeof pairs)[number];
    const below = alignCalls(pair.before?.children ?? [], pair.after?.children ?? [], options.names);
    for (const child of below) pairs.push({ pair: child, parent: number });
  }
  const scale = diffScale(before, after, options);
  const children: (DiffNode[] | undefined)[] = pairs.map(() => undefined);
  let node: DiffNode | null = null;
  for (let number = pairs.length - 1; number >= 0; number--) {
    const { pair, parent } = pairs[number] as (typeof pairs)[number];
    node = diffNode(pair, children[number] ?? [], scale);
    children[number] = undefined;
    const siblings = children[parent];
    if (siblings !== undefined) siblings.push(node);
    else if (parent >= 0) children[parent] = [node];
  }
  return node;
}

/** What the numbers of two trees are measured in. */
export function diffScale(
  before: CallNode | null,
  after: CallNode | null,
  { normalize, intervals }: Pick<DiffOptions, 'normalize' | 'intervals'>,
): DiffScale {
  const side = (root: CallNode | null, interval: number): DiffSide => {
    const total = root?.time ?? 0;
    return { total, interval, divisor: normalize ? total : 1 };
  };
  return { before: side(before, intervals.before), after: side(after, intervals.after) };
}

/** A pair of times, in seconds, as numbers to show. */
export function diffTimes(
  before: number,
  after: number,
  scale: DiffScale,
): Pick<DiffNode, 'before' | 'after' | 'change' | 'isWithinNoise'> {
  const [from, to] = [measured(before, scale.before), measured(after, scale.after)];
  const change = to - from;
  const noise = deviations * Math.sqrt(variance(before, scale.before) + variance(after, scale.after));
  return { before: from, after: to, change, isWithinNoise: change !== 0 && Math.abs(change) <= noise };
}

/** In which of the two a call is. */
export function statusOf({ before, after }: CallPair): DiffStatus {
  if (before === null) return 'new';
  return after === null ? 'gone' : 'both';
}

function measured(time: number, { divisor }: DiffSide): number {
  return divisor > 0 ? time / divisor : 0;
}

function variance(time: number, side: DiffSide): number {
  const { total, interval, divisor } = side;
  if (!(interval > 0 && time > 0 && time < total)) return 0;
  return measured(time, side) * (1 - time / total) * (interval / divisor);
}

/** @param children in the opposite of the order in which they were aligned */
function diffNode(pair: CallPair, children: DiffNode[], scale: DiffScale): DiffNode {
  const { before, after } = pair;
  const shown = (after ?? before) as CallNode;
  const times = diffTimes(before?.time ?? 0, after?.time ?? 0, scale);
  let [below, changed] = [0, 0];
  for (const child of children) {
    below += child.change;
    changed += child.time;
  }
  children.reverse().sort(bySize);
  // Written out, because spreading the call would take most of the time of a comparison.
  const node: DiffNode = {
    frame: shown.frame,
    className: shown.className,
    classSeconds: shown.classSeconds,
    hidden: shown.hidden,
    time: children.length === 0 ? Math.abs(times.change) : changed + Math.abs(times.change - below),
    absorbedTime: 0,
    status: statusOf(pair),
    before: times.before,
    after: times.after,
    change: times.change,
    isWithinNoise: times.isWithinNoise,
    calls: pair,
    children,
  };
  return shown.recursionLevels === undefined ? node : { ...node, recursionLevels: shown.recursionLevels };
}

function bySize(a: DiffNode, b: DiffNode): number {
  return Math.abs(b.change) - Math.abs(a.change) || Math.max(b.before, b.after) - Math.max(a.before, a.after);
}

/** Both trees below a node that stands for the thread. */
function joinRoots(before: CallNode | null, after: CallNode | null): CallPair {
  const withEntry = [before, after].filter((tree) => tree?.frame.kind === 'thread').length;
  const hasThreads = [before, after].some((tree) => tree?.children.some((child) => child.frame.kind === 'thread'));
  // Where only one recording has the thread as its outermost frame, that frame is the joining root.
  const isRoot = ({ frame }: CallNode): boolean =>
    frame.kind === 'root' || (frame.kind === 'thread' && withEntry === 1 && !hasThreads);
  const known = [after, before].find((tree) => tree !== null && isRoot(tree));
  const frame = known === undefined || known === null ? joiningRoot : { ...known.frame, kind: 'root' as const };
  const joined = (tree: CallNode | null): CallNode | null => {
    if (tree === null) return null;
    return { ...tree, frame, className: null, classSeconds: null, children: isRoot(tree) ? tree.children : [tree] };
  };
  return { before: joined(before), after: joined(after) };
}
