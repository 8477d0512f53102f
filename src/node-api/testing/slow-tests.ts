/** Which tests took longest, and in which line? Shared by all test runners. */
import { relative } from 'node:path';
import { sourceText } from '../../capture/node/region/source-text.ts';
import { escapeControls, truncate } from '../../render/terminal-text.ts';
import type { Session } from '../../session/session.ts';
import { LineTimes } from '../../tree/hottest-lines.ts';

/** The line in which a test spent most of its time, its waiting included. */
export interface TestLine {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly seconds: number;
}

/** A test that ran. */
export interface SlowTest {
  readonly name: string;
  readonly seconds: number;
  /** Null where no line of its own code stands out. */
  readonly line: TestLine | null;
}

/** What to list. */
export interface SlowTestOptions {
  /** So many tests at most; default 10. */
  readonly count?: number;
  /** Tests that took less, in seconds, are not listed; default 0.05. */
  readonly threshold?: number;
}

const defaults = { count: 10, threshold: 0.05 } as const;
/** A line with a smaller part of the time explains nothing. */
const leastShare = 0.1;
const width = 100;
const indent = '   ';

/** How long a test must take to be listed, in seconds. */
export function thresholdOf({ threshold = defaults.threshold }: SlowTestOptions): number {
  return threshold;
}

/** The hottest line of what a test did; null where nothing stands out. */
export function hottestLine(session: Session): TestLine | null {
  const { lines, total } = new LineTimes(session).hottest(session.threads, 1);
  const [line] = lines;
  return line === undefined || line.seconds < leastShare * total ? null : line;
}

/** The slowest tests, each with its hottest line; empty where none was slow. */
export function slowTestReport(tests: readonly SlowTest[], options: SlowTestOptions = {}): string {
  const slow = tests
    .filter(({ seconds }) => seconds >= thresholdOf(options))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, options.count ?? defaults.count);
  if (slow.length === 0) return '';
  const times = slow.map(({ seconds }) => formatTime(seconds));
  const timeWidth = Math.max(...times.map((time) => time.length));
  const rows = slow.flatMap(({ name, line }, index) => {
    const head = `${indent}${(times[index] as string).padStart(timeWidth)}  ${escapeControls(name)}`;
    return line === null ? [head] : [head, `${indent}${' '.repeat(timeWidth)}  ${describeLine(line)}`];
  });
  return `Slowest tests, with the line that took most of each\n${rows.join('\n')}\n`;
}

function describeLine({ file, line, seconds }: TestLine): string {
  const near = relative('.', file);
  const place = `${escapeControls(near.startsWith('..') ? file : near)}:${line}`;
  const text = sourceText(file)?.split('\n')[line - 1]?.trim() ?? '';
  const before = `  ${formatTime(seconds)} in ${place}   `;
  const room = Math.max(20, width - indent.length - before.length);
  return text === '' ? before.trimEnd() : before + truncate(escapeControls(text.replaceAll('\t', ' ')), room, '…');
}

function formatTime(seconds: number): string {
  return seconds >= 1 ? `${seconds.toFixed(2)} s` : `${Math.round(seconds * 1000)} ms`;
}
