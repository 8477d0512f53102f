/** Which rows does a tree of calls have on show? Trees to rows, in the order of the screen. */
import type { CallNode } from '../../src/tree/call-node.ts';
import { shareOf } from '../../src/tree/heat.ts';
import type { HiddenFrames } from '../../src/tree/hidden-frames.ts';
import type { FrameGroup } from '../../src/tree/processors/group-library-frames.ts';
import type { PageTree } from '../model/page-tree.ts';
import type { ThreadTree } from '../model/thread-tree.ts';
import type { RowKeys } from './row-keys.ts';

/** What all rows have. */
interface RowPlace {
  readonly key: number;
  /** From 1. */
  readonly level: number;
  /** Of the row above it in the tree; −1 on top. */
  readonly parentKey: number;
  /** Among its siblings, from 1, and how many these are. */
  readonly position: number;
  readonly setSize: number;
  readonly isOpen: boolean;
  readonly hasChildren: boolean;
  readonly owner: ThreadTree;
  readonly tree: PageTree;
}

/** A frame. */
export interface NodeRow extends RowPlace {
  readonly kind: 'node';
  readonly node: CallNode;
  readonly caller: CallNode | null;
}

/** `N frames hidden`; `isOpen` where they are shown. */
export interface GroupRow extends RowPlace {
  readonly kind: 'group';
  readonly hidden: HiddenFrames;
}

/** The name of a thread, above its tree. */
export interface ThreadRow extends RowPlace {
  readonly kind: 'thread';
}

/** One line of the tree. */
export type Row = NodeRow | GroupRow | ThreadRow;

/** What a person has opened (true) and closed (false), by key; all else is open where it is worth it. */
export type Openness = ReadonlyMap<number, boolean>;

/** Below this share of the whole, what a frame calls is not shown until asked for. */
const leastShareToOpen = 0.01;

interface Entry {
  readonly place: Omit<RowPlace, 'isOpen' | 'hasChildren'>;
  readonly content:
    | { readonly kind: 'node'; readonly node: CallNode; readonly caller: CallNode | null }
    | { readonly kind: 'group'; readonly hidden: HiddenFrames }
    | { readonly kind: 'thread' };
}

/** Which of two siblings stands first, as `Array.sort` wants it. */
export type RowOrder = (one: CallNode, other: CallNode) => number;

/**
 * The rows of all trees, one below the other. A thread has a row of its own where there are several.
 * @param order of siblings; without it that of the tree
 */
export function layOutRows(
  trees: readonly ThreadTree[],
  openness: Openness,
  keys: RowKeys,
  order?: RowOrder,
): readonly Row[] {
  const layout = new RowLayout(openness, keys, order);
  const withTree = trees.flatMap((owner) => (owner.tree === null ? [] : [{ owner, tree: owner.tree }]));
  withTree.forEach(({ owner, tree }, index) => {
    const key = keys.root(owner.position, tree.isInverted);
    const place = { parentKey: -1, position: index + 1, setSize: withTree.length, owner, tree };
    const isAlone = withTree.length === 1;
    const content = isAlone
      ? ({ kind: 'node', node: tree.root, caller: null } as const)
      : ({ kind: 'thread' } as const);
    layout.add({
      place: { ...place, key: isAlone ? keys.child(key, tree.root.frame.identifier) : key, level: 1 },
      content,
    });
  });
  return layout.rows;
}

class RowLayout {
  readonly rows: Row[] = [];
  readonly #openness: Openness;
  readonly #keys: RowKeys;
  readonly #order: RowOrder | undefined;
  readonly #openGroups = new Set<FrameGroup>();

  constructor(openness: Openness, keys: RowKeys, order: RowOrder | undefined) {
    this.#openness = openness;
    this.#keys = keys;
    this.#order = order;
  }

  /** Adds a row and all that are open below it. */
  add(top: Entry): void {
    const open: Entry[] = [top];
    for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
      const below = this.#addRow(entry);
      for (let index = below.length - 1; index >= 0; index--) open.push(below[index] as Entry);
    }
  }

  /** @returns what is below, where the row is open */
  #addRow({ place, content }: Entry): readonly Entry[] {
    const { key, tree } = place;
    const chosen = this.#openness.get(key);
    if (content.kind === 'group') {
      this.rows.push({ ...place, ...content, isOpen: chosen ?? false, hasChildren: true });
      return [];
    }
    if (content.kind === 'thread') {
      const isOpen = chosen ?? true;
      this.rows.push({ ...place, ...content, isOpen, hasChildren: true });
      return isOpen ? this.#below(place, [{ node: tree.root, caller: null }], null) : [];
    }
    const { node } = content;
    const hidden = this.#hiddenBelow(node, tree, key);
    const found = visibleChildren(node, tree, this.#openGroups);
    const order = this.#order;
    const children = order === undefined ? found : found.toSorted((one, other) => order(one.node, other.node));
    const isOpen = chosen ?? isWorthOpening(node, children, tree);
    const hasChildren = children.length > 0 || hidden !== null;
    this.rows.push({ ...place, ...content, hasChildren, isOpen: isOpen && hasChildren });
    return isOpen ? this.#below(place, children, hidden) : [];
  }

  /** What is hidden of the group that begins with this node; null where none does. */
  #hiddenBelow(node: CallNode, tree: PageTree, key: number): HiddenFrames | null {
    const group = tree.groups.get(node);
    const hidden = group?.root === node ? tree.hidden.get(group) : undefined;
    if (group === undefined || hidden === undefined) return null;
    if (this.#openness.get(this.#keys.group(key)) === true) this.#openGroups.add(group);
    return hidden;
  }

  #below(place: Entry['place'], children: readonly VisibleChild[], hidden: HiddenFrames | null): readonly Entry[] {
    const bars = hidden === null ? 0 : 1;
    const common = {
      ...{ parentKey: place.key, level: place.level + 1, owner: place.owner, tree: place.tree },
      setSize: children.length + bars,
    };
    const entries: Entry[] = [];
    if (hidden !== null) {
      entries.push({
        place: { ...common, key: this.#keys.group(place.key), position: 1 },
        content: { kind: 'group', hidden },
      });
    }
    children.forEach((child, index) => {
      const key = this.#keys.child(place.key, child.node.frame.identifier);
      entries.push({ place: { ...common, key, position: index + 1 + bars }, content: { kind: 'node', ...child } });
    });
    return entries;
  }
}

/** A frame to show, and who called it: itself perhaps hidden. */
export interface VisibleChild {
  readonly node: CallNode;
  readonly caller: CallNode | null;
}

/** What stands below a frame: what it called, with what hidden frames called in their place. */
export function visibleChildren(
  node: CallNode,
  { groups, hidden }: PageTree,
  openGroups: ReadonlySet<FrameGroup>,
): readonly VisibleChild[] {
  const found: VisibleChild[] = [];
  const open: VisibleChild[] = [];
  const push = (caller: CallNode): void => {
    for (let index = caller.children.length - 1; index >= 0; index--) {
      open.push({ node: caller.children[index] as CallNode, caller });
    }
  };
  push(node);
  for (let child = open.pop(); child !== undefined; child = open.pop()) {
    const group = groups.get(child.node);
    const isHidden =
      group !== undefined && !openGroups.has(group) && hidden.get(group)?.members.has(child.node) === true;
    if (isHidden) push(child.node);
    else found.push(child);
  }
  return found;
}

/** Something larger is below: so the first look shows what the text report shows. Inverted trees begin closed. */
function isWorthOpening(node: CallNode, children: readonly VisibleChild[], { root, isInverted }: PageTree): boolean {
  if (node === root) return true;
  if (isInverted) return false;
  return children.some((child) => shareOf(child.node.time, root.time) >= leastShareToOpen);
}
