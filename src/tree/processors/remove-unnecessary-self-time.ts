/** Leaves out `[self]` where it says nothing. */
import type { CallNode } from '../call-node.ts';
import { absorb, rewriteTree, withChildren } from '../rewrite.ts';

/** A `[self]` that is an only child is absorbed: its parent's time says the same. */
export function removeUnnecessarySelfTime(root: CallNode): CallNode {
  return rewriteTree(root, {
    rebuild: (node, children) =>
      children.length === 1 && children[0]?.frame.kind === 'self'
        ? absorb(node, [], children)
        : withChildren(node, children),
  });
}
