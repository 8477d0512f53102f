/** Adds repeated calls together. */
import { type CallNode, mostSeconds } from '../call-node.ts';
import { addSeconds, sortByTime } from '../node-table.ts';
import { rewriteTree } from '../rewrite.ts';

/** Siblings of the same function become one, with all their children, on every level; then the largest come first. */
export function aggregateRepeatedCalls(root: CallNode): CallNode {
  return rewriteTree(root, {
    childrenOf: (node) => mergeCalls(node.children),
    rebuild: (node, children) => {
      const sorted = [...children];
      sortByTime(sorted);
      return { ...node, children: sorted };
    },
  });
}

/**
 * One node for each function among `siblings`, in order of first appearance. A node that stands for several has all their
 * children, one after the other; the others are given back as they are.
 */
export function mergeCalls(siblings: readonly CallNode[]): readonly CallNode[] {
  const groups = new Map<string, CallNode[]>();
  for (const node of siblings) {
    const group = groups.get(node.frame.identifier);
    if (group === undefined) groups.set(node.frame.identifier, [node]);
    else group.push(node);
  }
  return [...groups.values()].map((group) => (group.length === 1 ? (group[0] as CallNode) : sum(group)));
}

function sum(nodes: readonly CallNode[]): CallNode {
  const first = nodes[0] as CallNode;
  let [time, absorbedTime, hidden] = [0, 0, false];
  const classSeconds = first.classSeconds === null ? null : new Map<string, number>();
  for (const node of nodes) {
    time += node.time;
    absorbedTime += node.absorbedTime;
    hidden ||= node.hidden;
    if (classSeconds !== null && node.classSeconds !== null) addSeconds(classSeconds, node.classSeconds);
  }
  const className = classSeconds === null ? first.className : mostSeconds(classSeconds);
  return {
    ...first,
    className,
    classSeconds,
    hidden,
    time,
    absorbedTime,
    children: nodes.flatMap((node) => node.children),
  };
}
