/** Which changes are worth a line? */
import { isSynthetic, visitNodes } from './call-node.ts';
import type { DiffNode } from './diff.ts';

/** The tree that is left, and how many calls were left out of it. */
export interface KeptChanges {
  readonly root: DiffNode;
  readonly omitted: number;
}

/**
 * Leaves out the calls that neither changed by `least` or more nor have a call below them that did; a call keeps its numbers
 * whatever is left out below it. A `[self]` that is a call's only child says nothing and goes, too.
 * @param least in the unit of the tree; 0 keeps all
 */
export function keepChanges(root: DiffNode, least: number): KeptChanges {
  const nodes = callersFirst(root);
  const kept = new Map<DiffNode, DiffNode>();
  let omitted = 0;
  for (const node of nodes.reverse()) {
    const [only] = node.children;
    const saysNothing = node.children.length === 1 && only?.frame.kind === 'self';
    const children = saysNothing ? [] : node.children.flatMap((child) => kept.get(child) ?? []);
    for (const child of node.children) kept.delete(child);
    if (children.length > 0 || node === root || Math.abs(node.change) >= least) kept.set(node, { ...node, children });
    else if (node.frame.kind !== 'self') omitted++;
  }
  return { root: kept.get(root) ?? root, omitted };
}

/**
 * Begins the tree at the program, where next to nothing else is below the root that stands for the thread: the call takes
 * over all time, as in a report of one recording.
 * @param least what is less, before and after, is next to nothing; in the unit of the tree
 */
export function dropLoneRoot(root: DiffNode, least: number): DiffNode {
  const [main] = [...root.children].sort((a, b) => b.before + b.after - (a.before + a.after));
  if (root.frame.kind !== 'root' || main === undefined || isSynthetic(main)) return root;
  const rest = root.children.filter((child) => child !== main);
  const isLittle = (sum: number): boolean => sum === 0 || sum < least;
  if (!isLittle(addUp(rest, ({ before }) => before)) || !isLittle(addUp(rest, ({ after }) => after))) return root;
  const { before, after, change, isWithinNoise, time } = root;
  return { ...main, before, after, change, isWithinNoise, time };
}

function addUp(nodes: readonly DiffNode[], value: (node: DiffNode) => number): number {
  return nodes.reduce((sum, node) => sum + value(node), 0);
}

/** All nodes of a tree. */
export function callersFirst(root: DiffNode): DiffNode[] {
  const nodes: DiffNode[] = [];
  visitNodes(root, (node) => nodes.push(node as DiffNode));
  return nodes;
}
