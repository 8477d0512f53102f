/** Puts the children of import machinery in its place. */
import type { CallNode } from '../call-node.ts';
import { replaceByChildren } from './replace-by-children.ts';
import { isImportMachinery } from './replaced-frames.ts';

/** The frozen `importlib` gives way to what it calls; the root stays. */
export function removeImportlib(root: CallNode): CallNode {
  return replaceByChildren(root, (node) => isImportMachinery(node.frame));
}
