/** Begins the tree at the user's program where a profiler's own launcher is recorded above it. */
import type { CallNode } from '../call-node.ts';

/** A launcher's frame has nearly all of its caller's time in it. */
const leastShare = 0.8;

/**
 * Steps over pyinstrument's `__main__`, the `<string>` it executes and `runpy`, as in sessions of pyinstrument's command
 * line. Goes on with the longest child each time: the first may be a short one in the order of time.
 */
export function removeLauncherFrames(root: CallNode): CallNode {
  if (root.children.length === 0 || !/^.*pyinstrument[/\\]__main__.py/.test(root.frame.file ?? '')) return root;
  const executed = longestChild(root);
  if (!isPassedThrough(executed, root) || !executed.frame.file?.includes('<string>')) return root;
  let [caller, node] = [executed, longestChild(executed)];
  while (isPassedThrough(node, caller) && isRunpy(node)) [caller, node] = [node, longestChild(node)];
  return node;
}

function isPassedThrough(node: CallNode, caller: CallNode): boolean {
  const share = caller.time > 0 ? node.time / caller.time : 1;
  return share > leastShare && node.children.length > 0;
}

function isRunpy(node: CallNode): boolean {
  return /^.*runpy.py/.test(node.frame.file ?? '') || (node.frame.file?.includes('<frozen runpy>') ?? false);
}

function longestChild(node: CallNode): CallNode {
  return node.children.reduce((longest, child) => (child.time > longest.time ? child : longest));
}
