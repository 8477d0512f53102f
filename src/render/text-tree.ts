/** How is a call tree drawn as lines of text? */
import { type CallNode, displayName, levelsOf, visitNodes } from '../tree/call-node.ts';
import { shareOf } from '../tree/heat.ts';
import { type HiddenFrames, hiddenFrames, hiddenLibraries } from '../tree/hidden-frames.ts';
import type { ReportTree } from '../tree/pipeline.ts';
import { nodeShortPath, type ShortPath } from '../tree/short-path.ts';
import type { Style } from './style.ts';
import { escapeControls, truncate } from './terminal-text.ts';
import type { FormatTime } from './time-format.ts';

/** How to draw. */
export interface TreeDrawing {
  readonly style: Style;
  readonly formatTime: FormatTime;
  readonly shortPath: ShortPath;
}

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
  const hidden = hiddenFrames(tree);
  const hiddenWith = (node: CallNode): HiddenFrames | undefined => {
    const group = tree.groups.get(node);
    return group === undefined ? undefined : hidden.get(group);
  };
  const lines: string[] = [];
  const open: Entry[] = [{ node: tree.root, caller: null, indent: '', below: '' }];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const { node, caller, indent, below } = entry;
    const hiddenOfGroup = hiddenWith(node);
    const isHidden = hiddenOfGroup?.members.has(node) ?? false;
    if (!isHidden) lines.push(indent + frameLine(node, caller, tree, drawing));
    const startsGroup = hiddenOfGroup !== undefined && tree.groups.get(node)?.root === node;
    if (startsGroup) lines.push(`${below}   ${groupLine(hiddenOfGroup, drawing.shortPath, drawing.style)}`);
    if (below.length >= deepestIndent && node.children.length > 0) {
      lines.push(`${below}${drawing.style.glyphs.last}[${descendantCount(node)} deeper frames not shown]`);
      continue;
    }
    const glyphs = isHidden ? noGlyphs : startsGroup ? groupGlyphs : drawing.style.glyphs;
    pushChildren(open, entry, glyphs, (child) => !(hiddenWith(child)?.members.has(child) ?? false));
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

/** `TIME NAME  POSITION`, and for a folded recursion how deep it is; the blanks stay where there is no position. */
export function frameLine(node: CallNode, caller: CallNode | null, tree: ReportTree, drawing: TreeDrawing): string {
  const { palette } = drawing.style;
  const time = palette.time(drawing.formatTime(node.time), shareOf(node.time, tree.root.time));
  const line = `${time} ${nameAndPosition(node, caller, tree, drawing)}`;
  if (node.recursionLevels === undefined) return line;
  return `${line.trimEnd()}  [recursion, ${node.recursionLevels} deep]`;
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

/** `[N frames hidden]  LIBRARIES`. */
function groupLine(hidden: HiddenFrames, shortPath: ShortPath, { palette }: Style): string {
  const libraries = hiddenLibraries(hidden, shortPath).join(', ');
  const list = truncate(escapeControls(libraries), longestLibraryList, '...');
  return `[${hidden.count} frames hidden]  ${palette.position(list)}`;
}

function descendantCount(node: CallNode): number {
  let count = -levelsOf(node);
  visitNodes(node, (below) => {
    count += levelsOf(below);
  });
  return count;
}
