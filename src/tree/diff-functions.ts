/** Which functions do the work that got slower or faster, wherever they are called from? */
import { alignCalls, type CallPair } from './align-calls.ts';
import { type CallNode, isSynthetic, totalSelfTime, visitNodes } from './call-node.ts';
import { type DiffNode, type DiffOptions, diffScale, diffTimes, statusOf } from './diff.ts';

/** How much of its own time a function has, before and after: without what other functions did. */
export interface FunctionChange extends Pick<DiffNode, 'before' | 'after' | 'change' | 'isWithinNoise' | 'status'> {
  /** Of its calls on either side, the one with the most time of its own. */
  readonly calls: CallPair;
}

/**
 * Compares the own times of all functions of two trees from which nothing has been left out; their changes add up to that of
 * the whole. A function's own time holds what it awaited. Time without samples, and time in which the thread ran no frame,
 * are lines of their own. Largest change first, whatever its sign.
 */
export function functionChanges(
  before: CallNode | null,
  after: CallNode | null,
  options: DiffOptions,
): readonly FunctionChange[] {
  const scale = diffScale(before, after, options);
  const [earlier, later] = [ownTimes(before), ownTimes(after)];
  return alignCalls([...earlier.keys()], [...later.keys()], options.names)
    .map(
      (calls): FunctionChange => ({
        ...diffTimes(secondsOf(earlier, calls.before), secondsOf(later, calls.after), scale),
        status: statusOf(calls),
        calls,
      }),
    )
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
}

function secondsOf(own: OwnTimes, node: CallNode | null): number {
  return node === null ? 0 : (own.get(node) ?? 0);
}

/** The own time of each function, by the call of it that has most. */
type OwnTimes = ReadonlyMap<CallNode, number>;

function ownTimes(root: CallNode | null): OwnTimes {
  const functions = new Map<string, { node: CallNode; most: number; sum: number }>();
  if (root === null) return new Map();
  visitNodes(root, (node, caller) => {
    if (caller !== null && isSynthetic(node) && node.frame.kind !== 'not-sampled') return;
    const own = ownTime(node);
    const known = functions.get(node.frame.identifier);
    if (known === undefined) {
      functions.set(node.frame.identifier, { node, most: own, sum: own });
      return;
    }
    known.sum += own;
    if (own > known.most) [known.node, known.most] = [node, own];
  });
  return new Map([...functions.values()].map(({ node, sum }) => [node, sum]));
}

function ownTime(node: CallNode): number {
  const notSampled = node.children.filter((child) => child.frame.kind === 'not-sampled');
  return notSampled.reduce((time, child) => time - child.time, totalSelfTime(node));
}
