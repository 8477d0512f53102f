/** The report that a person reads in a terminal. */
import type { Session } from '../session/session.ts';
import { buildReportTree } from '../tree/pipeline.ts';
import {
  busyThreads,
  chooseThreads,
  type ShownProcess,
  type ShownThreads,
  type ThreadTimes,
} from '../tree/shown-threads.ts';
import { TimesinkError } from '../util/errors.ts';
import type { OptionTable, OptionValues } from './options.ts';
import { defineRenderer, type RenderContext, type Renderer } from './renderer.ts';
import { briefDetails, noSamples, type ReportSources, reportSources } from './report-sources.ts';
import { type Style, styleFor } from './style.ts';
import { escapeControls } from './terminal-text.ts';
import { drawFlat } from './text-flat.ts';
import { drawHeader } from './text-header.ts';
import { drawHottestLines } from './text-hottest.ts';
import { drawOtherProcesses, drawOtherThreads, drawTreeHeading } from './text-others.ts';
import { drawTree } from './text-tree.ts';
import { frameTimes } from './time-format.ts';
import { recursionOption, treeOptions, treeOptionTable } from './tree-options.ts';

const optionTable = {
  ...treeOptionTable,
  unicode: { kind: 'flag', help: 'draw with box characters instead of ASCII' },
  color: { kind: 'flag', help: 'use colours' },
  flat: { kind: 'flag', help: 'a list of functions instead of a tree' },
  time: { kind: 'choice', choices: ['seconds', 'percent_of_total'], help: 'how times are shown' },
  flat_time: { kind: 'choice', choices: ['self', 'total'], help: 'in the list: without or with what was called' },
  recursion: recursionOption,
  short_mode: { kind: 'flag', help: 'only the tree, for output that other output surrounds' },
  threads: { kind: 'flag', help: 'a tree for every thread' },
  subprocesses: { kind: 'flag', help: 'show every process whole' },
} as const satisfies OptionTable;

type TextOptions = OptionValues<typeof optionTable>;

/** What the parts of one report share. */
interface Report extends ReportSources {
  readonly options: TextOptions;
  readonly style: Style;
}

const hottestCount = 3;

/** `-r text`. */
export const textRenderer: Renderer = defineRenderer({
  name: 'text',
  aliases: [],
  extensions: ['.txt'],
  isBinary: false,
  summary: 'a call tree to read in the terminal',
  options: optionTable,
  checkTogether: ({ flat, timeline }) => {
    if (!flat || !timeline) return;
    throw new TimesinkError('USAGE', 'timeline and flat cannot be used together', {
      hint: 'A list of functions has no order of time: leave one of them out.',
    });
  },
  run: renderText,
});

/** The report of `-r text`. */
export function renderText(session: Session, options: TextOptions, context: RenderContext): string {
  const report: Report = { ...reportSources(session, context), options, style: styleFor(options) };
  const shown = chooseThreads(session, options);
  const lines = options.short_mode ? shortReport(report, shown) : longReport(report, shown);
  return `${lines.join('\n')}\n`;
}

function longReport(report: Report, shown: ShownThreads): string[] {
  const { session, options, style } = report;
  const trees = shown.whole.map((process) => {
    const hottest = options.flat ? [] : drawHottest(report, process);
    const others = drawOtherThreads(process, style.glyphs);
    return [...drawTrees(report, process, shown), ...paragraph(hottest), ...paragraph(others)];
  });
  const processes = drawOtherProcesses(shown.brief, (process) => briefDetails(report, process), style.glyphs);
  return [
    ...drawHeader(session, shown.whole[0]?.process ?? session.processes[0], style.glyphs),
    '',
    escapeControls(session.meta.description),
    '',
    ...(trees.length === 0 ? [noSamples, ''] : trees.flat()),
    ...paragraph(processes),
  ];
}

/** A frame of dots on the left, so that the report stands out from other output (pyinstrument 5.1.3 layout). */
function shortReport(report: Report, shown: ShownThreads): string[] {
  const trees = shown.whole.flatMap((process) => drawTrees(report, process, shown));
  return [
    '',
    `timesink ${'.'.repeat(40)}`,
    '.',
    `.  ${escapeControls(report.session.meta.description)}`,
    '.',
    ...(trees.length === 0 ? [noSamples, ''] : trees).map((line) => `.  ${line}`),
    '.'.repeat(53),
    '',
  ];
}

/** The trees of one process, each followed by an empty line; with a heading where there are several in the report. */
function drawTrees(report: Report, process: ShownProcess, { whole }: ShownThreads): string[] {
  const hasHeadings = whole.length > 1 || process.shown.length > 1;
  return process.shown.flatMap((times) => [
    ...(hasHeadings ? [drawTreeHeading(times, process, whole.length > 1, report.style.glyphs)] : []),
    ...drawThread(report, process, times),
    '',
  ]);
}

function drawThread(
  { session, options, style, shortPathOf }: Report,
  process: ShownProcess,
  { thread }: ThreadTimes,
): string[] {
  // In a list of functions a recursive one has one row anyway, with the sums of pyinstrument's.
  const foldRecursion = options.recursion === 'folded' && !options.flat;
  const tree = buildReportTree(session, thread, { ...treeOptions(options), foldRecursion });
  if (tree === null) return [noSamples];
  const formatTime = frameTimes(options.time, session.meta.maxInterval, tree.root.time);
  const drawing = { style, formatTime, shortPath: shortPathOf(process.process) };
  return options.flat ? drawFlat(tree, drawing, options.flat_time, options.show_all) : drawTree(tree, drawing);
}

function drawHottest({ lineTimes, sourceLine, style, shortPathOf }: Report, process: ShownProcess): string[] {
  const lines = lineTimes.hottest(busyThreads(process), hottestCount);
  return drawHottestLines(lines, { glyphs: style.glyphs, shortPath: shortPathOf(process.process), sourceLine });
}

function paragraph(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines, ''];
}
