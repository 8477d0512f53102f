/** Joins time of a frame's own that nothing came between. */
import type { CallNode } from '../call-node.ts';
import { rewriteTree, withChildren } from '../rewrite.ts';

/** Adjacent `[self]` siblings become one. */
export function mergeConsecutiveSelfTime(root: CallNode): CallNode {
  return rewriteTree(root, {
    rebuild: (node, children) => withChildren(node, mergeAdjacentSelf(children)),
  });
}

function isSelf(node: CallNode | undefined): node is CallNode {
  return node?.frame.kind === 'self';
}

function hasAdjacentSelf(nodes: readonly CallNode[]): boolean {
  return nodes.some((node, index) => isSelf(node) && isSelf(nodes[index - 1]));
}

/** The nodes with neighbouring `[self]` leaves added together; the same array where there are none. */
export function mergeAdjacentSelf(nodes: readonly CallNode[]): readonly CallNode[] {
  if (!hasAdjacentSelf(nodes)) return nodes;
  const result: CallNode[] = [];
  for (const node of nodes) {
    const last = result[result.length - 1];
    if (isSelf(node) && isSelf(last)) result[result.length - 1] = { ...last, time: last.time + node.time };
    else result.push(node);
  }
  return result;
}
