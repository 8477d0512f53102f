/** The report for people and language models: the hot places, and what leads to them, as one document. */
import type { Session } from '../session/session.ts';
import { buildFunctionTable } from '../tree/function-table.ts';
import { shareOf } from '../tree/heat.ts';
import { originRule } from '../tree/library-rule.ts';
import { buildReportTree } from '../tree/pipeline.ts';
import { busyThreads, chooseThreads, type ShownProcess, type ThreadTimes } from '../tree/shown-threads.ts';
import { decimalsFor } from './fixed-point.ts';
import { callerLists, functionRows } from './markdown-functions.ts';
import { drawSummary, howToRead } from './markdown-summary.ts';
import { code, codeBlock } from './markdown-text.ts';
import type { OptionTable, OptionValues } from './options.ts';
import { defineRenderer, type RenderContext, type Renderer } from './renderer.ts';
import { briefDetails, noSamples, type ReportSources, reportSources } from './report-sources.ts';
import { plainPalette, type Style, unicodeGlyphs } from './style.ts';
import { hottestRows } from './text-hottest.ts';
import { drawOtherProcesses, drawOtherThreads, runningAndWaiting, shortCommand } from './text-others.ts';
import { drawTree } from './text-tree.ts';
import { counted, frameTimes } from './time-format.ts';
import { recursionOption, treeOptions, treeOptionTable } from './tree-options.ts';

/** Functions are listed up to this number unless another is asked for. */
export const listedFunctions = 15;

const optionTable = {
  ...treeOptionTable,
  recursion: recursionOption,
  functions: {
    kind: 'number',
    default: listedFunctions,
    help: 'how many functions are listed; 0: no lists of functions',
  },
  threads: { kind: 'flag', help: 'a tree for every thread' },
  subprocesses: { kind: 'flag', help: 'show every process whole' },
} as const satisfies OptionTable;

type MarkdownOptions = OptionValues<typeof optionTable>;

/** What the parts of one report share. */
interface Report extends ReportSources {
  readonly options: MarkdownOptions;
}

const style: Style = { glyphs: unicodeGlyphs, palette: plainPalette };

const hottestCount = 10;

/** Source text is cut here: nobody needs the rest of a line that is longer. */
const longestRow = 160;

/** Of functions with no more of the time only `show_all` speaks. */
const leastShare = 0.001;

/** `-r markdown`. */
export const markdownRenderer: Renderer = defineRenderer({
  name: 'markdown',
  aliases: ['md'],
  extensions: ['.md', '.markdown'],
  isBinary: false,
  summary: 'hot lines and functions, tree, callers: for people and language models',
  options: optionTable,
  run: renderMarkdown,
});

/** The report of `-r markdown`. */
export function renderMarkdown(session: Session, options: MarkdownOptions, context: RenderContext): string {
  const report: Report = { ...reportSources(session, context), options };
  const { whole, brief } = chooseThreads(session, options);
  const processes = drawOtherProcesses(brief, (process) => briefDetails(report, process), unicodeGlyphs);
  const blocks = [
    ...drawSummary(session, whole[0]?.process ?? session.processes[0]),
    howToRead(options),
    ...(whole.length === 0
      ? [noSamples]
      : whole.flatMap((process) => processBlocks(report, process, whole.length > 1))),
    ...titledRows(processes),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** All about one process, one paragraph, table or block of code for each entry. */
function processBlocks(report: Report, process: ShownProcess, isOneOfSeveral: boolean): string[] {
  const level = isOneOfSeveral ? '###' : '##';
  const { pid, command = [] } = process.process ?? {};
  const title = isOneOfSeveral ? [`## Process ${pid ?? '?'} ${code(shortCommand(command, unicodeGlyphs))}`] : [];
  const functions = functionBlocks(report, process, level);
  return [
    ...title,
    ...hottestBlocks(report, process, level),
    ...functions.table,
    `${level} Call tree`,
    ...process.shown.flatMap((times) => [
      ...(process.shown.length > 1 ? [threadHeading(times, level)] : []),
      treeBlock(report, process, times),
    ]),
    ...drawOtherThreads(process, unicodeGlyphs),
    ...functions.callers,
  ];
}

function threadHeading(times: ThreadTimes, level: string): string {
  return `${level}# Thread ${code(times.thread.name)} ${unicodeGlyphs.separator} ${runningAndWaiting(times)}`;
}

function treeBlock({ session, options, shortPathOf }: Report, process: ShownProcess, { thread }: ThreadTimes): string {
  const foldRecursion = options.recursion === 'folded';
  const tree = buildReportTree(session, thread, { ...treeOptions(options), foldRecursion });
  if (tree === null) return noSamples;
  const formatTime = frameTimes('seconds', session.meta.maxInterval, tree.root.time);
  return codeBlock(drawTree(tree, { style, formatTime, shortPath: shortPathOf(process.process) }));
}

function hottestBlocks({ lineTimes, sourceLine, shortPathOf }: Report, process: ShownProcess, level: string): string[] {
  const lines = lineTimes.hottest(busyThreads(process), hottestCount);
  const drawing = { glyphs: unicodeGlyphs, shortPath: shortPathOf(process.process), sourceLine };
  const rows = hottestRows(lines, drawing, longestRow);
  return rows.length === 0 ? [] : [`${level} Hottest lines`, codeBlock(rows)];
}

interface FunctionBlocks {
  readonly table: readonly string[];
  readonly callers: readonly string[];
}

function functionBlocks(report: Report, process: ShownProcess, level: string): FunctionBlocks {
  const { session, options, shortPathOf } = report;
  const threads = busyThreads(process);
  const all = buildFunctionTable(session, threads);
  const functions = all.functions
    .slice(0, Math.floor(options.functions))
    .filter(({ self }) => options.show_all || shareOf(self, all.total) > leastShare);
  if (functions.length === 0) return { table: [], callers: [] };
  const drawing = {
    shortPath: shortPathOf(process.process),
    originOf: originRule(process.process),
    decimals: decimalsFor(session.meta.maxInterval),
  };
  const lists = callerLists(functions, all, drawing, `${level}#`);
  const note = threads.length > 1 ? [`Times of ${counted(threads.length, 'thread')} added together.`] : [];
  return {
    table: [`${level} Hot functions`, ...note, functionRows(functions, all, drawing)],
    callers: lists.length === 0 ? [] : [`${level} Callers and callees`, ...lists],
  };
}

/** The first line as a paragraph, the others as they are. */
function titledRows([title, ...rows]: readonly string[]): string[] {
  return title === undefined ? [] : [title, codeBlock(rows)];
}
