/** Leaves out what takes too little time to matter. */
import type { CallNode } from '../call-node.ts';
import { absorb, rewriteTree } from '../rewrite.ts';

/** Stands for a total of nothing, so that everything is too little of it. */
const almostNothing = 1e-44;

/** Children with less than `threshold` (0 to 1) of the root's time are taken away and absorbed by their parent. */
export function removeIrrelevantNodes(root: CallNode, threshold: number): CallNode {
  const total = root.time <= 0 ? almostNothing : root.time;
  const isIrrelevant = (node: CallNode): boolean => node.time / total < threshold;
  return rewriteTree(root, {
    childrenOf: (node) =>
      node.children.some(isIrrelevant) ? node.children.filter((child) => !isIrrelevant(child)) : node.children,
    rebuild: (node, children) => absorb(node, children, node.children.filter(isIrrelevant)),
  });
}
