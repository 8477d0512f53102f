/** Drops a joining root that joins nothing any more. */
import { type CallNode, isSynthetic } from '../call-node.ts';

/**
 * Where only one child of a joining root is left that is code, that child becomes the root and takes over all time: what
 * the others had, such as the interpreter's last milliseconds, is absorbed by it.
 */
export function unwrapLoneRoot(root: CallNode): CallNode {
  const [child, ...others] = root.children;
  if (root.frame.kind !== 'root' || child === undefined || others.length > 0 || isSynthetic(child)) return root;
  return { ...child, time: root.time, absorbedTime: child.absorbedTime + (root.time - child.time) };
}
