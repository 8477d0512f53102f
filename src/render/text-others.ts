/** What is said in one line about threads and processes that have no tree? */
import type { HotLine } from '../tree/hottest-lines.ts';
import type { ShortPath } from '../tree/short-path.ts';
import type { BriefProcess, ShownProcess, ThreadTimes } from '../tree/shown-threads.ts';
import { formatFixed } from './fixed-point.ts';
import type { Glyphs } from './style.ts';
import { escapeControls, truncate } from './terminal-text.ts';
import { counted, roundTime } from './time-format.ts';

const longestCommand = 40;

const mostProcesses = 10;

/** What a line about a process says besides what is known of it anyway. */
export interface BriefDetails {
  readonly hottest: HotLine | undefined;
  readonly shortPath: ShortPath;
}

/** One line for all threads of a process that have no tree; none where all have one. */
export function drawOtherThreads({ others }: ShownProcess, glyphs: Glyphs): string[] {
  if (others.length === 0) return [];
  const what = [idleText(others, glyphs), runningText(others, glyphs)].filter((text) => text !== '').join(', ');
  const hint = `(--threads shows ${others.length === 1 ? 'it' : 'them'})`;
  return [`${counted(others.length, 'other thread')}: ${what} ${hint}`];
}

/** Threads wait at the same time, so it is the longest wait that is told. */
function idleText(threads: readonly ThreadTimes[], glyphs: Glyphs): string {
  const times = threads.map(({ idle }) => roundTime(idle, glyphs));
  const longest = roundTime(Math.max(...threads.map(({ idle }) => idle)), glyphs);
  return `${times.every((time) => time === longest) ? '' : 'up to '}${longest} idle`;
}

function runningText(threads: readonly ThreadTimes[], glyphs: Glyphs): string {
  const running = threads.reduce((sum, thread) => sum + thread.running, 0);
  return running < 0.001 ? '' : `${roundTime(running, glyphs)} running`;
}

/** A heading and a line for each process that is not shown whole. */
export function drawOtherProcesses(
  processes: readonly BriefProcess[],
  detailsOf: (process: BriefProcess) => BriefDetails,
  glyphs: Glyphs,
): string[] {
  if (processes.length === 0) return [];
  const hint = `(--subprocesses shows ${processes.length === 1 ? 'it' : 'them'})`;
  const rest = processes.slice(mostProcesses);
  const rows = processes.slice(0, mostProcesses).map((entry) => processRow(entry, detailsOf(entry), glyphs));
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column as 0 | 1 | 2].length)));
  const lines = rows.map(([pid, command, running, place]) => {
    const [pidWidth = 0, commandWidth = 0, runningWidth = 0] = widths;
    const start = `   ${pid.padStart(pidWidth)}  ${command.padEnd(commandWidth)}  ${running.padStart(runningWidth)}`;
    return `${start} running${place === '' ? '' : `  ${place}`}`;
  });
  const restRunning = rest.reduce((sum, { running }) => sum + running, 0);
  return [
    `${counted(processes.length, 'other process', 'other processes')} ${hint}`,
    ...lines,
    ...(rest.length === 0 ? [] : [`   and ${rest.length} more: ${roundTime(restRunning, glyphs)} running`]),
  ];
}

type ProcessRow = readonly [pid: string, command: string, running: string, place: string];

function processRow({ process, running }: BriefProcess, details: BriefDetails, glyphs: Glyphs): ProcessRow {
  const { hottest, shortPath } = details;
  const place = hottest === undefined ? '' : `${escapeControls(shortPath(hottest.file))}:${hottest.line}`;
  return [String(process.pid), shortCommand(process.command, glyphs), roundTime(running, glyphs), place];
}

/** The command without the folders of its program, cut to fit. */
export function shortCommand(command: readonly string[], glyphs: Glyphs): string {
  const [program = '', ...rest] = command;
  const words = [program.slice(program.lastIndexOf('/') + 1), ...rest].join(' ');
  return truncate(escapeControls(words), longestCommand, glyphs.ellipsis);
}

/** The line above one of several trees. */
export function drawTreeHeading(
  times: ThreadTimes,
  process: ShownProcess,
  severalProcesses: boolean,
  glyphs: Glyphs,
): string {
  const owner = severalProcesses ? `Process ${process.process?.pid ?? '?'}, thread` : 'Thread';
  return `${owner} ${escapeControls(times.thread.name)} ${glyphs.separator} ${runningAndWaiting(times)}`;
}

/** `8.0 s running, 1.0 s waiting`. */
export function runningAndWaiting({ running, idle }: Pick<ThreadTimes, 'running' | 'idle'>): string {
  return `${formatFixed(running, 1)} s running, ${formatFixed(idle, 1)} s waiting`;
}
