/** How is a new tree made from an old one, whatever its depth? */
import type { CallNode } from './call-node.ts';

/** How to rewrite one node. */
export interface Rewrite {
  /** The children to go on with, before they are rewritten themselves; all unless given. */
  readonly childrenOf?: (node: CallNode) => readonly CallNode[];
  /** The new node, from its rewritten children. A node given back as it is, with its own children, is shared. */
  readonly rebuild: (node: CallNode, children: readonly CallNode[]) => CallNode;
}

interface Level {
  readonly node: CallNode;
  readonly children: readonly CallNode[];
  readonly rewritten: CallNode[];
  /** Whether all of `rewritten` are the very nodes of the old tree. */
  isShared: boolean;
}

/** Rewrites a tree from the root down (`childrenOf`) and back up (`rebuild`). */
export function rewriteTree(root: CallNode, rewrite: Rewrite): CallNode {
  const open = (node: CallNode): Level => {
    const children = rewrite.childrenOf?.(node) ?? node.children;
    return { node, children, rewritten: [], isShared: children === node.children };
  };
  const levels: Level[] = [open(root)];
  for (;;) {
    const level = levels[levels.length - 1] as Level;
    const next = level.children[level.rewritten.length];
    if (next !== undefined) {
      levels.push(open(next));
      continue;
    }
    levels.pop();
    const node = rewrite.rebuild(level.node, level.isShared ? level.node.children : level.rewritten);
    const above = levels[levels.length - 1];
    if (above === undefined) return node;
    above.rewritten.push(node);
    if (node !== level.node) above.isShared = false;
  }
}

/** The node with other children; the node itself where they are the same array. */
export function withChildren(node: CallNode, children: readonly CallNode[]): CallNode {
  return children === node.children ? node : { ...node, children };
}

/** Takes children away from a node, whose absorbed time grows by theirs. */
export function absorb(node: CallNode, children: readonly CallNode[], removed: readonly CallNode[]): CallNode {
  if (removed.length === 0) return withChildren(node, children);
  let { absorbedTime } = node;
  for (const child of removed) absorbedTime += child.time;
  return { ...node, children, absorbedTime };
}
