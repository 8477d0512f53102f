/** How can a test write down a recording so that a reader sees it? As columns of text. */

import { SessionBuilder } from '../../src/session/builder.ts';
import { flawlessQuality } from '../../src/session/flawless-quality.ts';
import type { Pid, StackIndex, Tid } from '../../src/session/ids.ts';
import {
  type CaptureQuality,
  type FrameInfo,
  type ProcessInfo,
  type Session,
  type SessionMeta,
  threadState,
} from '../../src/session/session.ts';
import { type Seconds, seconds, type UnixSeconds } from '../../src/session/units.ts';
import { type CallNode, displayName } from '../../src/tree/call-node.ts';

/** One thread of a written session. */
export interface WrittenThread {
  /**
   * Columns are samples, rows are depths, outermost first. The first row holds the weights in seconds, and where each
   * begins is where its column begins; `w` after a weight: the thread waits. A cell is `Class.function@file:line`, of which
   * class, file (default `main.py`) and line may be missing, `function()` for a built-in, or a name in brackets; `!` at its
   * end marks a frame that hides itself. Files are in `/app` unless they begin with `/` or `<`.
   */
  readonly samples: string;
  /** Default: `MainThread`, which is the main thread. */
  readonly name?: string;
  /** Position of the process; default 0. */
  readonly process?: number;
}

/** What else a test may want to say. */
export interface WrittenSession {
  readonly threads: readonly WrittenThread[];
  readonly processes?: readonly Partial<ProcessInfo>[];
  readonly meta?: Partial<SessionMeta>;
  readonly quality?: Partial<CaptureQuality>;
}

/** Builds a session of our own engine from text. */
export function sessionFromText(written: string | WrittenSession): Session {
  const {
    threads,
    processes = [{}],
    meta,
    quality,
  }: WrittenSession = typeof written === 'string' ? { threads: [{ samples: written }] } : written;
  const builder = new SessionBuilder();
  const numbers = processes.map((process, index) => builder.addProcess({ ...defaultProcess(index), ...process }));
  let [sampleCount, duration] = [0, 0];
  threads.forEach(({ samples, name = 'MainThread', process = 0 }, index) => {
    const number = numbers[process];
    if (number === undefined) throw new Error(`no process ${process}`);
    const identity = { process: number, tid: (100 + index) as Tid, ident: 1000 + index, start: seconds(0) };
    const thread = builder.addThread({ ...identity, name, isMain: name === 'MainThread' });
    const columns = readColumns(samples);
    for (const { weight, waits, cells } of columns) {
      thread.addRow(addStack(builder, cells), weight, waits ? 0 : threadState.onCpu | threadState.holdsGil);
    }
    sampleCount += columns.length;
    duration = Math.max(
      duration,
      columns.reduce((sum, { weight }) => sum + weight, 0),
    );
  });
  return builder.finish({
    ...defaultMeta,
    sampleCount,
    duration: duration as Seconds,
    quality: { ...flawlessQuality(1000), ...quality },
    ...meta,
  });
}

/** One sample of a function that has called itself so often. */
export function deepSession(depth: number): Session {
  const template = sessionFromText('1\nf');
  const builder = new SessionBuilder();
  for (const process of template.processes) builder.addProcess(process);
  for (const thread of template.threads) {
    const frames = Array.from({ length: depth }, () => template.frames.map((frame) => builder.frame(frame)));
    builder.addThread(thread).addRow(builder.stack(frames.flat().map((frame) => [frame, 1])), 1, threadState.onCpu);
  }
  return builder.finish(template.meta);
}

interface Column {
  readonly start: number;
  readonly weight: number;
  readonly waits: boolean;
  readonly cells: string[];
}

function readColumns(text: string): readonly Column[] {
  const [head = '', ...rows] = text.split('\n').filter((line) => line.trim() !== '');
  const columns = [...head.matchAll(/([\d.]+)(w?)/g)].map(
    ({ index, 1: weight, 2: waits }): Column => ({
      start: index,
      weight: Number(weight),
      waits: waits === 'w',
      cells: [],
    }),
  );
  for (const row of rows) {
    for (const { 0: cell, index } of row.matchAll(/(?:\[[^\]]*\]|<[^>]*>|[^\s<[])+/g)) {
      const column = columns.findLast(({ start }) => start <= index);
      if (column === undefined) throw new Error(`${cell} stands in no column`);
      column.cells.push(cell);
    }
  }
  return columns;
}

function addStack(builder: SessionBuilder, cells: readonly string[]): StackIndex {
  return builder.stack(
    cells.map((cell) => {
      const { line, ...info } = readCell(cell);
      return [builder.frame(info), line] as const;
    }),
  );
}

const timeKinds = { '[await]': 'await', '[out-of-context]': 'out-of-context', '[not sampled]': 'not-sampled' } as const;

function readCell(cell: string): FrameInfo & { readonly line: number } {
  const text = cell.replace(/!$/, '');
  const hidden = text !== cell;
  const kind = timeKinds[text as keyof typeof timeKinds];
  const bare = { className: null, hidden, firstLine: 0, line: -1 };
  if (kind !== undefined) return { ...bare, kind, functionName: text, file: null };
  if (text.endsWith('()')) return { ...bare, kind: 'builtin', functionName: text.slice(0, -2), file: '<built-in>' };
  const [, name = '', file = 'main.py', line] = /^([^@]+?)(?:@(.*?))?(?::(\d+))?$/.exec(text) ?? [];
  const parts = /^<.*>$/.test(name) ? [name] : name.split('.');
  return {
    kind: 'python',
    functionName: parts.at(-1) ?? '',
    className: parts.length > 1 ? (parts[0] ?? null) : null,
    file: /^[/<]/.test(file) ? file : `/app/${file}`,
    firstLine: 1,
    hidden,
    line: line === undefined ? -1 : Number(line),
  };
}

function defaultProcess(index: number): ProcessInfo {
  return {
    pid: (4000 + index) as Pid,
    parentPid: (index === 0 ? 0 : 4000) as Pid,
    command: ['python3', 'main.py'],
    runtime: 'python',
    runtimeVersion: '3.13.0',
    start: seconds(0),
    duration: seconds(0),
    cpuTime: seconds(0),
    sysPath: ['/app', '/usr/lib/python3.13', '/usr/lib/python3.13/site-packages'],
    sysPrefixes: ['/usr', '/usr', '/usr', '/usr'],
  };
}

const defaultMeta: Omit<SessionMeta, 'sampleCount' | 'duration' | 'quality'> = {
  description: 'Program: main.py',
  startTime: 1_700_000_000.25 as UnixSeconds,
  cpuTime: seconds(0.5),
  minInterval: seconds(0.001),
  maxInterval: seconds(0.001),
  engine: 'outside',
  startCallStack: [],
  notes: [],
};

/** A tree as indented text: time and name of each node, then what was absorbed, if anything. */
export function treeToText(root: CallNode | null): string {
  if (root === null) return '(none)';
  const lines: string[] = [];
  const open: { readonly node: CallNode; readonly depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    const absorbed = node.absorbedTime === 0 ? '' : ` (absorbed ${Number(node.absorbedTime.toFixed(6))})`;
    lines.push(`${'  '.repeat(depth)}${Number(node.time.toFixed(6))} ${displayName(node)}${absorbed}`);
    for (const child of [...node.children].reverse()) open.push({ node: child, depth: depth + 1 });
  }
  return lines.join('\n');
}
