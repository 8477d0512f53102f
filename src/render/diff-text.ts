/** The comparison of two recordings that a person reads in a terminal. */
import type { CallNode } from '../tree/call-node.ts';
import { type ChangedFunction, diffSessions, type ProcessDiff, type ThreadDiff } from '../tree/diff-sessions.ts';
import { drawDiffHeader } from './diff-header.ts';
import { changeFormat, type FormatChange } from './diff-numbers.ts';
import { changedFunctions, legend, otherProcesses, otherThreads, threadHeading, titles } from './diff-parts.ts';
import {
  type ComparedSession,
  type DiffRenderer,
  defineDiffRenderer,
  diffOptionTable,
  diffSessionsOptions,
} from './diff-renderer.ts';
import { type ColourChange, changeColours, drawTable } from './diff-text-table.ts';
import { type DiffLine, drawDiffTree } from './diff-text-tree.ts';
import type { OptionTable, OptionValues } from './options.ts';
import { noSamples } from './report-sources.ts';
import { type Style, styleFor } from './style.ts';
import { nameAndPosition } from './text-tree.ts';
import { recursionOption } from './tree-options.ts';

const optionTable = {
  ...diffOptionTable,
  recursion: recursionOption,
  unicode: { kind: 'flag', help: 'draw with box characters instead of ASCII' },
  color: { kind: 'flag', help: 'use colours' },
} as const satisfies OptionTable;

/** What the parts of one comparison share. */
interface Drawing {
  readonly style: Style;
  readonly format: FormatChange;
  readonly colour: ColourChange;
  readonly normalize: boolean;
}

/** `diff -r text`. */
export const diffTextRenderer: DiffRenderer = defineDiffRenderer({
  name: 'text',
  aliases: [],
  extensions: ['.txt'],
  summary: 'a call tree with the times before and after',
  options: optionTable,
  run: renderDiffText,
});

/** The comparison as `diff -r text` writes it. */
export function renderDiffText(
  before: ComparedSession,
  after: ComparedSession,
  values: OptionValues<typeof optionTable>,
): string {
  const { normalize, recursion, color } = values;
  const style = styleFor(values);
  const format = changeFormat(normalize, before.session.meta, after.session.meta);
  const drawing: Drawing = { style, format, colour: changeColours(color), normalize };
  const diff = diffSessions(before.session, after.session, {
    ...diffSessionsOptions(values),
    foldRecursion: recursion === 'folded',
  });
  const paragraphs = [
    drawDiffHeader(before, after, style.glyphs),
    ...(diff.shown.length === 0 ? [[noSamples]] : []),
    ...diff.shown.flatMap((process) => drawProcess(process, diff.shown.length > 1, drawing)),
    otherProcesses(diff),
  ];
  const lines = paragraphs.filter((paragraph) => paragraph.length > 0).flatMap((paragraph) => [...paragraph, '']);
  return `${lines.join('\n')}\n`;
}

/** Paragraphs. */
function drawProcess(
  process: ProcessDiff,
  severalProcesses: boolean,
  drawing: Drawing,
): readonly (readonly string[])[] {
  const hasHeadings = severalProcesses || process.shown.length > 1;
  const { glyphs } = drawing.style;
  return [
    ...process.shown.flatMap((thread) => {
      const [table = [], ...rest] = drawThread(thread, drawing);
      const heading = hasHeadings ? [threadHeading(process, thread, severalProcesses, glyphs)] : [];
      return [[...heading, ...table], ...rest];
    }),
    otherThreads(process),
  ];
}

function drawThread(thread: ThreadDiff, drawing: Drawing): readonly (readonly string[])[] {
  const { tree, names } = thread;
  if (tree === null) return [[noSamples]];
  const { style, format, colour, normalize } = drawing;
  const lines = drawDiffTree(tree, names, style);
  const functions = changedFunctions(thread).map((entry) => functionLine(entry, thread, style));
  const isMarked = [...lines, ...functions].some(({ change }) => change?.isWithinNoise);
  const list = drawTable(functions, titles(normalize), format, colour);
  return [
    drawTable(lines, titles(normalize), format, colour),
    functions.length === 0 ? [] : ['Most changed functions, by their own time', ...list],
    legend(thread, isMarked, normalize),
  ];
}

function functionLine(entry: ChangedFunction, { names }: ThreadDiff, style: Style): DiffLine {
  const { before, after } = entry.calls;
  const node = (after ?? before) as CallNode;
  const shortPath = after === null ? names.before : names.after;
  const application = new Set(entry.isApplication ? [node] : []);
  return {
    change: entry,
    text: nameAndPosition(node, null, { application }, { style, shortPath, formatTime: String }),
  };
}
