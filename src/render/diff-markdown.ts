/** The comparison of two recordings for people and language models, as one document. */
import { type CallNode, displayName, isSynthetic } from '../tree/call-node.ts';
import { type ChangedFunction, diffSessions, type ProcessDiff, type ThreadDiff } from '../tree/diff-sessions.ts';
import { nodeShortPath } from '../tree/short-path.ts';
import { durationChange, fromTo } from './diff-header.ts';
import { type Change, changeFormat, type FormatChange, noiseMark } from './diff-numbers.ts';
import { changedFunctions, legend, otherProcesses, otherThreads, threadHeading, titles } from './diff-parts.ts';
import {
  type ComparedSession,
  type DiffRenderer,
  defineDiffRenderer,
  diffOptionTable,
  diffSessionsOptions,
} from './diff-renderer.ts';
import { changeColours, drawTable } from './diff-text-table.ts';
import { drawDiffTree } from './diff-text-tree.ts';
import { formatFixed } from './fixed-point.ts';
import { type Column, code, codeBlock, codeInTable, table } from './markdown-text.ts';
import type { OptionTable, OptionValues } from './options.ts';
import { noSamples } from './report-sources.ts';
import { plainPalette, type Style, unicodeGlyphs } from './style.ts';
import { intervalText, qualityLines } from './text-header.ts';
import { recursionOption } from './tree-options.ts';

const optionTable = { ...diffOptionTable, recursion: recursionOption } as const satisfies OptionTable;

type Values = OptionValues<typeof optionTable>;

const style: Style = { glyphs: unicodeGlyphs, palette: plainPalette };

const withoutColour = changeColours(false);

/** `diff -r markdown`. */
export const diffMarkdownRenderer: DiffRenderer = defineDiffRenderer({
  name: 'markdown',
  aliases: ['md'],
  extensions: ['.md', '.markdown'],
  summary: 'the same for people and language models',
  options: optionTable,
  run: renderDiffMarkdown,
});

/** The comparison as `diff -r markdown` writes it. */
export function renderDiffMarkdown(before: ComparedSession, after: ComparedSession, values: Values): string {
  const diff = diffSessions(before.session, after.session, {
    ...diffSessionsOptions(values),
    foldRecursion: values.recursion === 'folded',
  });
  const format = changeFormat(values.normalize, before.session.meta, after.session.meta);
  const several = diff.shown.length > 1;
  const blocks = [
    `# Difference: ${fromTo(code(before.session.meta.description), code(after.session.meta.description), unicodeGlyphs)}`,
    [
      `- Before: ${facts(before)}`,
      `- After: ${facts(after)}`,
      `- Duration: ${durationChange(before.session, after.session, unicodeGlyphs)}`,
      ...remarks('Before', before),
      ...remarks('After', after),
    ].join('\n'),
    howToRead(values.normalize),
    ...(diff.shown.length === 0 ? [noSamples] : []),
    ...diff.shown.flatMap((process) => processBlocks(process, several, format, values.normalize)),
    ...otherProcesses(diff),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function facts({ name, session: { meta } }: ComparedSession): string {
  const samples = `${meta.sampleCount} samples${intervalText(meta, unicodeGlyphs)}`;
  return `${code(name)}, ${formatFixed(meta.duration, 3)} s, CPU time ${formatFixed(meta.cpuTime, 3)} s, ${samples}`;
}

function remarks(side: string, { session: { meta } }: ComparedSession): readonly string[] {
  const lines = [...qualityLines(meta, unicodeGlyphs), ...meta.notes.map((note) => `Note: ${code(note)}`)];
  return lines.map((line) => `- ${side}: ${line}`);
}

function howToRead(normalize: boolean): string {
  return [
    normalize
      ? 'How to read this: numbers are percent of the total of each recording, changes are in percentage points.'
      : 'How to read this: times are seconds of wall-clock time, waiting included.',
    `\`+\` is slower, \`-\` is faster; \`new\` and \`gone\` calls are in one recording only; ${noiseMark} may be chance.`,
    'In the call tree a line is a function with all that it called, below its caller, the largest change first; `[self]`',
    "is the caller's own part. *Own time* is time in a function itself.",
  ].join('\n');
}

function processBlocks(
  process: ProcessDiff,
  severalProcesses: boolean,
  format: FormatChange,
  normalize: boolean,
): readonly string[] {
  const hasHeadings = severalProcesses || process.shown.length > 1;
  return [
    ...process.shown.flatMap((thread) => {
      const heading = threadHeading(process, thread, severalProcesses, unicodeGlyphs);
      return [...(hasHeadings ? [`## ${code(heading)}`] : []), ...threadBlocks(thread, format, normalize)];
    }),
    ...otherThreads(process),
  ];
}

function threadBlocks(thread: ThreadDiff, format: FormatChange, normalize: boolean): readonly string[] {
  if (thread.tree === null) return [noSamples];
  const lines = drawDiffTree(thread.tree, thread.names, style);
  const functions = changedFunctions(thread);
  return [
    ...(functions.length === 0
      ? []
      : ['### Most changed functions', functionTable(functions, thread, format, normalize)]),
    '### Call tree',
    codeBlock(drawTable(lines, titles(normalize), format, withoutColour)),
    ...legend(thread, false, normalize),
  ];
}

function functionTable(
  functions: readonly ChangedFunction[],
  { names }: ThreadDiff,
  format: FormatChange,
  normalize: boolean,
): string {
  const { before, after, change } = titles(normalize);
  const columns: readonly Column[] = [
    { heading: `own time ${before}`, align: 'right' },
    { heading: after, align: 'right' },
    { heading: change, align: 'right' },
    { heading: 'relative', align: 'right' },
    { heading: 'function', align: 'left' },
    { heading: 'place', align: 'left' },
    { heading: 'code of', align: 'left' },
  ];
  const rows = functions.map((entry) => {
    const node = (entry.calls.after ?? entry.calls.before) as CallNode;
    const path = nodeShortPath(node, null, entry.calls.after === null ? names.before : names.after);
    const line = node.frame.firstLine === 0 ? '' : `:${node.frame.firstLine}`;
    return [
      ...numbers(entry, format),
      codeInTable(displayName(node)),
      path === '' ? '' : codeInTable(path + line),
      isSynthetic(node) ? '' : entry.isApplication ? 'application' : 'library',
    ];
  });
  return table(columns, rows);
}

function numbers(entry: Change, format: FormatChange): readonly string[] {
  const { before, after, change, relative } = format(entry);
  return [before, after, change, relative];
}
