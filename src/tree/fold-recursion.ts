/** How does a function that calls itself, over and over, become one line? */
import { type CallNode, levelsOf } from './call-node.ts';
import { sortByTime } from './node-table.ts';
import { mergeCalls } from './processors/aggregate-repeated-calls.ts';
import { mergeAdjacentSelf } from './processors/merge-consecutive-self-time.ts';
import { rewriteTree, withChildren } from './rewrite.ts';

/** Fewer levels are shown as they are: a reader takes them in, and sees what each does. */
export const fewestLevelsToFold = 5;

/** How the children of a node are ordered. */
export type SiblingOrder = 'largest first' | 'in time order';

/** A function that calls itself directly. */
interface Recursion {
  readonly levels: number;
  /** What its levels call besides each other, in order. */
  readonly children: readonly CallNode[];
  readonly absorbedTime: number;
}

/**
 * Folds every function that calls itself directly over at least {@link fewestLevelsToFold} levels into one node, whose
 * `recursionLevels` says how deep it went. The node has the time of the outermost call. Its children are those of all
 * levels: added together in a tree that is ordered by time, one after the other in one that is in time order. So neither
 * the total nor any function's own time changes. A tree without such recursion is given back as it is.
 *
 * To be done before small times are left out, so that the inner levels and their calls are counted whole.
 */
export function foldRecursion(root: CallNode, order: SiblingOrder): CallNode {
  const recursions = new Map<CallNode, Recursion>();
  const summed = new Set<CallNode>();
  const isOrdered = order === 'in time order';
  return rewriteTree(root, {
    childrenOf(node) {
      const recursion = findRecursion(node);
      if (recursion !== null) recursions.set(node, recursion);
      const children = recursion?.children ?? node.children;
      if (recursion === null && !summed.has(node)) return children;
      return isOrdered ? mergeAdjacentSelf(children) : addTogether(children, summed);
    },
    rebuild(node, children) {
      const recursion = recursions.get(node);
      if (recursion === undefined && !summed.has(node)) return withChildren(node, children);
      const sorted = isOrdered ? children : largestFirst(children);
      if (recursion === undefined) return withChildren(node, sorted);
      const { levels, absorbedTime } = recursion;
      return { ...node, children: sorted, absorbedTime, recursionLevels: levels };
    },
  });
}

/** All levels hang together by direct calls. Null where they are too few. */
function findRecursion(node: CallNode): Recursion | null {
  const { identifier } = node.frame;
  if (!node.children.some((child) => child.frame.identifier === identifier)) return null;
  const children: CallNode[] = [];
  let [levels, absorbedTime] = [0, 0];
  const open: { readonly call: CallNode; readonly level: number }[] = [{ call: node, level: 0 }];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const { call, level: above } = entry;
    if (call.frame.identifier !== identifier) {
      children.push(call);
      continue;
    }
    const level = above + levelsOf(call);
    levels = Math.max(levels, level);
    absorbedTime += call.absorbedTime;
    for (let index = call.children.length - 1; index >= 0; index--) {
      open.push({ call: call.children[index] as CallNode, level });
    }
  }
  return levels < fewestLevelsToFold ? null : { levels, children, absorbedTime };
}

/** Calls of one function become one. Their own children, still unmerged, are found by `summed`. */
function addTogether(children: readonly CallNode[], summed: Set<CallNode>): readonly CallNode[] {
  const merged = mergeCalls(children);
  if (merged.length === children.length) return children;
  const before = new Set(children);
  for (const node of merged) if (!before.has(node)) summed.add(node);
  return merged;
}

function largestFirst(children: readonly CallNode[]): readonly CallNode[] {
  const sorted = [...children];
  sortByTime(sorted);
  return sorted;
}
