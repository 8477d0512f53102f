/** How is a comparison of two call trees drawn as lines of text? */
import { levelsOf, visitNodes } from '../tree/call-node.ts';
import type { DiffNode } from '../tree/diff.ts';
import type { DiffTree, ThreadDiff } from '../tree/diff-sessions.ts';
import { type HiddenFrames, hiddenFrames, hiddenLibraries } from '../tree/hidden-frames.ts';
import type { Change } from './diff-numbers.ts';
import type { Glyphs, Style } from './style.ts';
import { escapeControls, truncate } from './terminal-text.ts';
import { nameAndPosition } from './text-tree.ts';

/** One line: the numbers that stand in columns on the left, none beside a remark, and the text after them. */
export interface DiffLine {
  readonly change: Change | null;
  readonly text: string;
}

/** As in the tree of one recording. */
const longestLibraryList = 40;
const deepestIndent = 3000;

interface Entry {
  readonly node: DiffNode;
  readonly caller: DiffNode | null;
  readonly indent: string;
  readonly below: string;
}

type ChildGlyphs = Pick<Glyphs, 'branch' | 'branchBelow' | 'last' | 'lastBelow'>;

const alike = (glyph: string): ChildGlyphs => ({ branch: glyph, branchBelow: glyph, last: glyph, lastBelow: glyph });
const noGlyphs = alike('');
const groupGlyphs = alike('      ');

/** One line for each visible call. */
export function drawDiffTree(tree: DiffTree, names: ThreadDiff['names'], style: Style): readonly DiffLine[] {
  const hidden = hiddenFrames(tree);
  const hiddenWith = (node: DiffNode): HiddenFrames | undefined => {
    const group = tree.groups.get(node);
    return group === undefined ? undefined : hidden.get(group);
  };
  const isHidden = (node: DiffNode): boolean => hiddenWith(node)?.members.has(node) ?? false;
  const lines: DiffLine[] = [];
  const open: Entry[] = [{ node: tree.root, caller: null, indent: '', below: '' }];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const { node, caller, indent, below } = entry;
    if (!isHidden(node)) lines.push({ change: node, text: indent + callText(node, caller, tree, names, style) });
    const frames = tree.groups.get(node)?.root === node ? hiddenWith(node) : undefined;
    if (frames !== undefined) lines.push(remark(`${below}   ${groupText(frames, names, style)}`));
    if (below.length >= deepestIndent && node.children.length > 0) {
      lines.push(remark(`${below}${style.glyphs.last}[${descendantCount(node)} deeper frames not shown]`));
      continue;
    }
    pushChildren(open, entry, isHidden(node) ? noGlyphs : frames === undefined ? style.glyphs : groupGlyphs, isHidden);
  }
  return lines;
}

function remark(text: string): DiffLine {
  return { change: null, text };
}

function pushChildren(
  open: Entry[],
  { node, below }: Entry,
  glyphs: ChildGlyphs,
  isHidden: (child: DiffNode) => boolean,
): void {
  const { children } = node;
  const lastVisible = children.findLastIndex((child) => !isHidden(child));
  for (let index = children.length - 1; index >= 0; index--) {
    const [own, deeper] = index < lastVisible ? [glyphs.branch, glyphs.branchBelow] : [glyphs.last, glyphs.lastBelow];
    open.push({ node: children[index] as DiffNode, caller: node, indent: below + own, below: below + deeper });
  }
}

/** `NAME  POSITION` as it is after or, where it is gone, as it was. */
function callText(
  node: DiffNode,
  caller: DiffNode | null,
  tree: DiffTree,
  names: ThreadDiff['names'],
  style: Style,
): string {
  const side = node.status === 'gone' ? 'before' : 'after';
  const drawing = { style, shortPath: names[side], formatTime: String };
  const text = nameAndPosition(node, caller?.calls[side] ?? null, tree, drawing).trimEnd();
  return node.recursionLevels === undefined ? text : `${text}  [recursion, ${node.recursionLevels} deep]`;
}

/** `[N frames hidden]  LIBRARIES`. */
function groupText(frames: HiddenFrames, { after }: ThreadDiff['names'], { palette }: Style): string {
  const list = truncate(escapeControls(hiddenLibraries(frames, after).join(', ')), longestLibraryList, '...');
  return `[${frames.count} frames hidden]  ${palette.position(list)}`;
}

function descendantCount(node: DiffNode): number {
  let count = -levelsOf(node);
  visitNodes(node, (below) => {
    count += levelsOf(below);
  });
  return count;
}
