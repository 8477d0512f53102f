/** How much time does each call path have in a tree? For comparing trees that were made in different ways. */
import { type CallNode, visitNodes } from '../../src/tree/call-node.ts';

/** Seconds by path, added over all its calls; `[self]` and a joining root have no path of their own. */
export function pathTimes(root: CallNode | null, nameOf: (node: CallNode) => string): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  const paths = new Map<CallNode | null, string>([[null, '']]);
  if (root === null) return times;
  visitNodes(root, (node, caller) => {
    const above = paths.get(caller) ?? '';
    const { kind } = node.frame;
    const path = kind === 'self' || kind === 'root' ? above : `${above}\n${nameOf(node)}`;
    paths.set(node, path);
    if (path !== above) times.set(path, (times.get(path) ?? 0) + node.time);
  });
  return times;
}
