/** What must be opened to see a frame, all that is below one, or the way that took the most time? */
import { type CallNode, type FrameIdentity, visitNodes } from '../../src/tree/call-node.ts';
import type { PageTree } from '../model/page-tree.ts';
import type { ThreadTree } from '../model/thread-tree.ts';
import type { Selection } from '../state/state.ts';
import type { RowKeys } from './row-keys.ts';
import { type NodeRow, type Openness, type Row, visibleChildren } from './rows.ts';

/** More rows are not opened at once. */
const mostOpened = 100_000;

/** The way goes on while one call has this share of its caller's time. */
const hotShare = 0.5;

/** Opens or closes everything below a row, as far as it is not too much. */
export function setSubtree(row: Row, isOpen: boolean, openness: Openness, keys: RowKeys): Openness {
  const changed = new Map(openness);
  changed.set(row.key, isOpen);
  const top = row.kind === 'node' ? row.node : row.tree.root;
  const topKey = row.kind === 'thread' ? keys.child(row.key, top.frame.identifier) : row.key;
  if (row.kind === 'group') return changed;
  const open: { readonly node: CallNode; readonly key: number }[] = [{ node: top, key: topKey }];
  for (let entry = open.pop(); entry !== undefined && changed.size < mostOpened; entry = open.pop()) {
    const { node, key } = entry;
    changed.set(key, isOpen);
    for (const child of visibleChildren(node, row.tree, new Set())) {
      open.push({ node: child.node, key: keys.child(key, child.node.frame.identifier) });
    }
  }
  return changed;
}

/** Opens the way from a row to where its time was spent. @returns also the key of the last row on it */
export function openHotPath(
  row: NodeRow,
  openness: Openness,
  keys: RowKeys,
): { readonly openness: Openness; readonly key: number } {
  const changed = new Map(openness);
  let { node, key } = row;
  for (;;) {
    const children = visibleChildren(node, row.tree, new Set());
    const largest = children.reduce<CallNode | null>(
      (best, child) => (child.node.frame.kind !== 'self' && child.node.time > (best?.time ?? 0) ? child.node : best),
      null,
    );
    if (largest === null || largest.time < hotShare * node.time) return { openness: changed, key };
    changed.set(key, true);
    key = keys.child(key, largest.frame.identifier);
    node = largest;
  }
}

/** A frame that a search found: its key, and all rows that must be open. */
export interface Match {
  readonly key: number;
  readonly openKeys: readonly number[];
}

/** Frames looked at in trees upside down, which are made while they are looked at, and may be as large as all stacks together. */
export const mostLookedAt = 100_000;

/** What a search has found in trees. */
export interface FoundMatch {
  readonly match: Match;
  readonly count: number;
  /** False where only the first {@link mostLookedAt} frames were looked at. */
  readonly isWhole: boolean;
}

/**
 * The `number`-th frame among those that are found, in the order of the screen if all were open; counted around.
 * @returns null where there is none
 */
export function findMatch(
  trees: readonly ThreadTree[],
  found: ReadonlySet<string>,
  number: number,
  keys: RowKeys,
): FoundMatch | null {
  const walk = (
    wanted: number,
  ): { readonly match: Match | null; readonly count: number; readonly isWhole: boolean } => {
    let count = 0;
    let match: Match | null = null;
    const isAlone = trees.filter(({ tree }) => tree !== null).length === 1;
    const budget = { left: mostLookedAt };
    for (const { tree, position } of trees) {
      if (tree === null || match !== null) continue;
      const rootKey = keys.root(position, tree.isInverted);
      const result = matchInTree(tree, found, wanted - count, { rootKey, isAlone, keys, budget });
      count += result.count;
      match = result.match;
    }
    return { match, count, isWhole: budget.left >= 0 };
  };
  const { count, isWhole } = walk(Number.POSITIVE_INFINITY);
  if (count === 0) return null;
  const { match } = walk(((number % count) + count) % count);
  return match === null ? null : { match, count, isWhole };
}

interface Level {
  readonly node: CallNode;
  /** Below which row it stands, and its own. Hidden frames stand in no row until their bar is open. */
  readonly key: number;
  next: number;
}

interface MatchContext {
  readonly rootKey: number;
  readonly isAlone: boolean;
  readonly keys: RowKeys;
  /** Frames that may still be looked at upside down; below 0 once there were more. */
  readonly budget: { left: number };
}

function matchInTree(
  tree: PageTree,
  found: ReadonlySet<string>,
  wanted: number,
  { rootKey, isAlone, keys, budget }: MatchContext,
): { readonly match: Match | null; readonly count: number } {
  let count = 0;
  const levels: Level[] = [{ node: tree.root, key: keys.child(rootKey, tree.root.frame.identifier), next: 0 }];
  const isHit = (node: CallNode): boolean => found.has(node.frame.identifier) && count++ === wanted;
  const pathOf = (): Match => {
    const openKeys = isAlone ? [] : [rootKey];
    return matchOf(levels, tree, openKeys, keys);
  };
  if (isHit(tree.root)) return { match: pathOf(), count };
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const child = level.node.children[level.next++];
    if (child === undefined) {
      levels.pop();
      continue;
    }
    if (tree.isInverted && --budget.left < 0) break;
    levels.push({ node: child, key: -1, next: 0 });
    if (isHit(child)) return { match: pathOf(), count };
  }
  return { match: null, count };
}

/** Keys along a path. Where it goes through hidden frames their bars are opened. */
function matchOf(levels: readonly Level[], tree: PageTree, openKeys: readonly number[], keys: RowKeys): Match {
  const opened = [...openKeys];
  const keyOf = new Map<CallNode, number>();
  let key = levels[0]?.key ?? -1;
  levels.forEach(({ node }, depth) => {
    if (depth > 0) {
      opened.push(key);
      const group = tree.groups.get(node);
      if (group !== undefined && tree.hidden.get(group)?.members.has(node) === true) {
        const groupKey = keyOf.get(group.root);
        if (groupKey !== undefined) opened.push(keys.group(groupKey));
      }
      key = keys.child(key, node.frame.identifier);
    }
    keyOf.set(node, key);
  });
  return { key, openKeys: opened };
}

/**
 * The row of what was selected in another view: at its path where the tree has it, else the first one of its function.
 * @param numberOf gives the number by which selections name a function
 */
export function findSelected(
  trees: readonly ThreadTree[],
  selection: Selection,
  numberOf: (frame: FrameIdentity) => number,
  keys: RowKeys,
): Match | null {
  const isAlone = trees.filter(({ tree }) => tree !== null).length === 1;
  for (const { tree, position } of trees) {
    if (tree === null || (selection.thread ?? position) !== position) continue;
    const nodes = nodesAlong(tree.root, selection.path ?? [], numberOf);
    if (nodes === null) continue;
    const rootKey = keys.root(position, tree.isInverted);
    const levels = nodes.map((node) => ({ node, key: keys.child(rootKey, tree.root.frame.identifier), next: 0 }));
    return matchOf(levels, tree, isAlone ? [] : [rootKey], keys);
  }
  const first = trees.flatMap(({ tree }) => (tree === null || tree.isInverted ? [] : [tree.root]));
  let found: string | undefined;
  for (const root of first) {
    visitNodes(root, ({ frame }) => {
      if (found === undefined && numberOf(frame) === selection.function) found = frame.identifier;
    });
  }
  return found === undefined ? null : (findMatch(trees, new Set([found]), 0, keys)?.match ?? null);
}

/** Null for an empty path, and where the tree has another one. */
function nodesAlong(
  root: CallNode,
  path: readonly number[],
  numberOf: (frame: FrameIdentity) => number,
): readonly CallNode[] | null {
  const nodes: CallNode[] = [root];
  const isJoined = root.frame.kind === 'root';
  if (path.length === 0 || (!isJoined && numberOf(root.frame) !== path[0])) return null;
  for (const number of isJoined ? path : path.slice(1)) {
    const next = nodes.at(-1)?.children.find(({ frame }) => numberOf(frame) === number);
    if (next === undefined) return null;
    nodes.push(next);
  }
  return nodes;
}
