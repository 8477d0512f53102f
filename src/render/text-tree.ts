/** How is a call tree drawn as lines of text? */
import { type CallNode, displayName, isSynthetic, totalSelfTime, visitNodes } from '../tree/call-node.ts';
import type { ReportTree } from '../tree/pipeline.ts';
import type { FrameGroup } from '../tree/processors/group-library-frames.ts';
import type { ShortPath } from '../tree/short-path.ts';
import type { Style } from './style.ts';
import { escapeControls, truncate } from './terminal-text.ts';
import { type FormatTime, shareOf } from './time-format.ts';

/** How to draw. */
export interface TreeDrawing {
  readonly style: Style;
  readonly formatTime: FormatTime;
  readonly shortPath: ShortPath;
}

/** A member of a group with more than this share of the tree's own time is drawn. */
const ownTimeThatShows = 0.2;

/** With fewer frames to hide, a group is drawn like everything else. */
const fewestHidden = 2;

const longestLibraryList = 40;

/** Nobody can follow indentation beyond; drawn in full, 100,000 levels would take 15 GB. */
const deepestIndent = 3000;

interface Entry {
  readonly node: CallNode;
  readonly caller: CallNode | null;
  /** In front of this node's line, and in front of the lines below it. */
  readonly indent: string;
  readonly below: string;
}

/** What stands in front of children: those with a visible sibling after them, and the others. */
interface ChildGlyphs {
  readonly branch: string;
  readonly branchBelow: string;
  readonly last: string;
  readonly lastBelow: string;
}

const noGlyphs: ChildGlyphs = { branch: '', branchBelow: '', last: '', lastBelow: '' };
const belowHidden = '      ';
const groupGlyphs: ChildGlyphs = {
  branch: belowHidden,
  branchBelow: belowHidden,
  last: belowHidden,
  lastBelow: belowHidden,
};

/** Draws a tree, one line for each visible frame (pyinstrument 5.1.3 layout). */
export function drawTree(tree: ReportTree, drawing: TreeDrawing): string[] {
  const hidden = hiddenMembers(tree);
  const lines: string[] = [];
  const open: Entry[] = [{ node: tree.root, caller: null, indent: '', below: '' }];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const { node, caller, indent, below } = entry;
    const hiddenOfGroup = hidden.get(tree.groups.get(node));
    const isHidden = hiddenOfGroup?.has(node) ?? false;
    if (!isHidden) lines.push(indent + frameLine(node, caller, tree, drawing));
    const startsGroup = hiddenOfGroup !== undefined && tree.groups.get(node)?.root === node;
    if (startsGroup) lines.push(`${below}   ${groupLine(hiddenOfGroup, drawing.shortPath, drawing.style)}`);
    if (below.length >= deepestIndent && node.children.length > 0) {
      lines.push(`${below}${drawing.style.glyphs.last}[${descendantCount(node)} deeper frames not shown]`);
      continue;
    }
    const glyphs = isHidden ? noGlyphs : startsGroup ? groupGlyphs : drawing.style.glyphs;
    pushChildren(open, entry, glyphs, (child) => !(hidden.get(tree.groups.get(child))?.has(child) ?? false));
  }
  return lines;
}

function pushChildren(
  open: Entry[],
  { node, below }: Entry,
  glyphs: ChildGlyphs,
  isVisible: (child: CallNode) => boolean,
): void {
  const { children } = node;
  const lastVisible = children.findLastIndex(isVisible);
  for (let index = children.length - 1; index >= 0; index--) {
    const [own, deeper] = index < lastVisible ? [glyphs.branch, glyphs.branchBelow] : [glyphs.last, glyphs.lastBelow];
    open.push({ node: children[index] as CallNode, caller: node, indent: below + own, below: below + deeper });
  }
}

/** The members of a group that are not drawn, each with its caller, callers first. */
type HiddenMembers = ReadonlyMap<CallNode, CallNode | null>;

/** Of the groups that hide enough. */
function hiddenMembers({ root, groups }: ReportTree): ReadonlyMap<FrameGroup | undefined, HiddenMembers> {
  const limit = ownTimeThatShows * root.time;
  const hidden = new Map<FrameGroup | undefined, Map<CallNode, CallNode | null>>();
  visitNodes(root, (node, caller) => {
    const group = groups.get(node);
    if (group === undefined || group.root === node || group.exits.has(node) || totalSelfTime(node) > limit) return;
    const members = hidden.get(group);
    if (members === undefined) hidden.set(group, new Map([[node, caller]]));
    else members.set(node, caller);
  });
  for (const [group, members] of hidden) if (members.size < fewestHidden) hidden.delete(group);
  return hidden;
}

/** `TIME NAME  POSITION`; the blanks stay where there is no position. */
export function frameLine(node: CallNode, caller: CallNode | null, tree: ReportTree, drawing: TreeDrawing): string {
  const { palette } = drawing.style;
  const time = palette.time(drawing.formatTime(node.time), shareOf(node.time, tree.root.time));
  return `${time} ${nameAndPosition(node, caller, tree, drawing)}`;
}

/** `NAME  POSITION`. */
export function nameAndPosition(
  node: CallNode,
  caller: CallNode | null,
  { application }: Pick<ReportTree, 'application'>,
  { style, shortPath }: TreeDrawing,
): string {
  const name = style.palette.name(escapeControls(displayName(node)), application.has(node));
  const path = nodeShortPath(node, caller, shortPath);
  if (path === '') return `${name}  `;
  const line = node.frame.firstLine === 0 ? '' : `:${node.frame.firstLine}`;
  return `${name}  ${style.palette.position(escapeControls(path + line))}`;
}

/** The short path of a node's file; time that is not code is where its caller is. */
export function nodeShortPath(node: CallNode, caller: CallNode | null, shortPath: ShortPath): string {
  const file = isSynthetic(node) ? (caller?.frame.file ?? '') : (node.frame.file ?? '');
  return file === '' ? '' : shortPath(file);
}

/** `[N frames hidden]  LIBRARIES`. */
function groupLine(hidden: HiddenMembers, shortPath: ShortPath, { palette }: Style): string {
  const libraries = new Set<string>();
  for (const [node, caller] of hidden) libraries.add(libraryName(nodeShortPath(node, caller, shortPath)));
  libraries.delete('');
  const list = truncate(escapeControls([...libraries].join(', ')), longestLibraryList, '...');
  return `[${hidden.size} frames hidden]  ${palette.position(list)}`;
}

function libraryName(path: string): string {
  return path.split(/[/\\.]/, 1)[0] ?? '';
}

function descendantCount(node: CallNode): number {
  let count = -1;
  visitNodes(node, () => count++);
  return count;
}
