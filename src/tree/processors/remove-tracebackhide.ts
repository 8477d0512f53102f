/** Puts the children of calls that hide themselves in their place. */
import type { CallNode } from '../call-node.ts';
import { replaceByChildren } from './replace-by-children.ts';

/** Frames with a local `__tracebackhide__` give way to what they call; the root stays. */
export function removeTracebackhide(root: CallNode): CallNode {
  return replaceByChildren(root, (node) => node.hidden);
}
