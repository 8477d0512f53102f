/** Leaves out what takes too little time to matter. */
import type { CallNode } from '../call-node.ts';
import { absorb, rewriteTree } from '../rewrite.ts';

/** Stands for a total of nothing, so that everything is too little of it. */
const almostNothing = 1e-44;

/** Children with less than `threshold` (0 to 1) of the root's time are taken away and absorbed by their parent. */
export function removeIrrelevantNodes(root: CallNode, threshold: number): CallNode {
  const isIrrelevant = irrelevance(root.time, threshold);
  return removeNodes(root, (node) => isIrrelevant(node.time));
}

/** Says of a time whether it is less than `threshold` (0 to 1) of the root's. */
export function irrelevance(rootTime: number, threshold: number): (seconds: number) => boolean {
  const total = rootTime <= 0 ? almostNothing : rootTime;
  return (seconds) => seconds / total < threshold;
}

/** Takes nodes away, with all that is below them; their parents absorb them. The root stays. */
export function removeNodes(root: CallNode, isRemoved: (node: CallNode) => boolean): CallNode {
  return rewriteTree(root, {
    childrenOf: (node) =>
      node.children.some(isRemoved) ? node.children.filter((child) => !isRemoved(child)) : node.children,
    rebuild: (node, children) => absorb(node, children, node.children.filter(isRemoved)),
  });
}
