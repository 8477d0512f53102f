/** Leaves out, in the order of time, what takes too little time altogether to matter. */
import { PairIndex } from '../../util/pair-index.ts';
import { type CallNode, visitNodes } from '../call-node.ts';
import { irrelevance, removeNodes } from './remove-irrelevant-nodes.ts';

/**
 * Takes away the calls of each path (the functions from the root down to the call) that together have less than
 * `threshold` (0 to 1) of the root's time; their parents absorb them. So a short call that is made often stays, where a
 * judgement of each single call would take away all of them.
 */
export function removeIrrelevantPaths(root: CallNode, threshold: number): CallNode {
  const { pathOf, seconds } = timeByPath(root);
  const irrelevant = seconds.map(irrelevance(root.time, threshold));
  return irrelevant.includes(true) ? removeNodes(root, (node) => irrelevant[pathOf.get(node) ?? -1] === true) : root;
}

interface PathTimes {
  readonly pathOf: ReadonlyMap<CallNode, number>;
  /** By path: the sum over all its calls. */
  readonly seconds: readonly number[];
}

function timeByPath(root: CallNode): PathTimes {
  const functionNumbers = new Map<string, number>();
  const paths = new PairIndex();
  const pathOf = new Map<CallNode, number>();
  const seconds: number[] = [];
  visitNodes(root, (node, caller) => {
    const { identifier } = node.frame;
    const functionNumber = functionNumbers.get(identifier) ?? functionNumbers.size;
    functionNumbers.set(identifier, functionNumber);
    const path = paths.numberOf(caller === null ? -1 : (pathOf.get(caller) as number), functionNumber);
    pathOf.set(node, path);
    seconds[path] = (seconds[path] ?? 0) + node.time;
  });
  return { pathOf, seconds };
}
