/** How do frames give way to their children, in place? */
import type { CallNode } from '../call-node.ts';
import { rewriteTree, withChildren } from '../rewrite.ts';

/** Replaces every node but the root that `isReplaced` by its children; what it has absorbed, its caller absorbs. */
export function replaceByChildren(root: CallNode, isReplaced: (node: CallNode) => boolean): CallNode {
  return rewriteTree(root, {
    rebuild: (node, children) =>
      children.some(isReplaced)
        ? {
            ...node,
            absorbedTime: children.reduce(
              (sum, child) => sum + (isReplaced(child) ? child.absorbedTime : 0),
              node.absorbedTime,
            ),
            children: children.flatMap((child) => (isReplaced(child) ? child.children : [child])),
          }
        : withChildren(node, children),
  });
}
