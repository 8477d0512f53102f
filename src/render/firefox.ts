/** The session as a profile for the Firefox Profiler: its "processed" format. */
import { noStack, type ProcessIndex, type Tid } from '../session/ids.ts';
import { type ProcessInfo, type Session, type ThreadSamples, threadState } from '../session/session.ts';
import { seconds } from '../session/units.ts';
import { categories } from './firefox-categories.ts';
import { type FirefoxTables, firefoxTables } from './firefox-tables.ts';
import { jsonText } from './json-text.ts';
import { isAsleep } from './no-frame.ts';
import type { OptionTable } from './options.ts';
import { defineRenderer, type Renderer } from './renderer.ts';
import { wholeUnit, wholeUnits } from './whole-units.ts';

declare const __VERSION__: string;

const optionTable = {
  show_all: { kind: 'flag', help: 'accepted for uniformity: the file holds every frame' },
  threads: { kind: 'flag', help: 'accepted for uniformity: the file holds all threads' },
  subprocesses: { kind: 'flag', help: 'accepted for uniformity: the file holds all processes' },
} as const satisfies OptionTable;

/** `-r firefox`: every thread over time. */
export const firefoxRenderer: Renderer = defineRenderer({
  name: 'firefox',
  aliases: [],
  extensions: ['.firefox.json', '.profile.json'],
  isBinary: false,
  summary: 'every thread over time, for profiler.firefox.com',
  options: optionTable,
  run: (session) => jsonText(firefoxProfile(session), 'firefox'),
});

/**
 * The first version in which all threads share their tables, as those of a session do. Newer profilers upgrade it
 * (firefox-devtools/profiler, `src/profile-logic/processed-profile-versioning.ts`).
 */
const processedVersion = 60;

/** The version of what Firefox itself records, at the same time. */
const geckoVersion = 32;

/** Of a time since the session began, with nanoseconds after the point. */
const milliseconds = (time: number): number => wholeUnit(time, 1e9) / 1e6;

/** The profiler opens no file without a thread. */
const emptyThread: ThreadSamples = {
  process: 0 as ProcessIndex,
  tid: 0 as Tid,
  ident: 0,
  name: 'MainThread',
  isMain: true,
  start: seconds(0),
  sampleCount: 0,
  stack: new Int32Array(0),
  weight: new Float64Array(0),
  state: new Uint8Array(0),
};

/** Times are milliseconds from `meta.startTime`. */
function firefoxProfile(session: Session): object {
  const tables = firefoxTables(session);
  const pids = uniquePids(session.processes);
  const threads = session.threads.length > 0 ? session.threads : [emptyThread];
  return {
    meta: metaEntry(session),
    libs: [],
    pages: [],
    counters: [],
    shared: tables.shared,
    threads: threads.map((thread) => threadEntry(session, thread, tables, pids[thread.process] ?? '0')),
  };
}

function metaEntry({ meta, processes }: Session): object {
  return {
    interval: meta.minInterval > 0 ? milliseconds(meta.minInterval) : 1,
    startTime: meta.startTime * 1000,
    processType: 0,
    product: meta.description,
    arguments: processes[0]?.command.join(' ') ?? '',
    importedFrom: `timesink ${__VERSION__}`,
    stackwalk: 0,
    version: geckoVersion,
    preprocessedProfileVersion: processedVersion,
    symbolicated: true,
    symbolicationNotSupported: true,
    usesOnlyOneStackType: true,
    sourceCodeIsNotOnSearchfox: true,
    categories,
    markerSchema: [],
    sampleUnits: { time: 'ms', eventDelay: 'ms', threadCPUDelta: 'ns' },
  };
}

function threadEntry(session: Session, thread: ThreadSamples, tables: FirefoxTables, pid: string): object {
  const process = session.processes[thread.process];
  const isEndKnown = process !== undefined && process.duration > 0;
  return {
    name: thread.name,
    isMainThread: thread.isMain,
    processType: 'default',
    processName: process?.command.join(' ') || session.meta.description,
    processStartupTime: milliseconds(process?.start ?? 0),
    processShutdownTime: isEndKnown ? milliseconds(process.start + process.duration) : null,
    registerTime: milliseconds(thread.start),
    unregisterTime: null,
    pausedRanges: [],
    pid,
    tid: thread.tid,
    samples: sampleColumns(session, thread, tables),
    markers: { data: [], name: [], startTime: [], endTime: [], phase: [], category: [], length: 0 },
  };
}

/**
 * A row is one sample at its beginning, which weighs its milliseconds; a last sample without weight marks the end.
 * CPU time is told from the sample before to each sample, in nanoseconds.
 */
function sampleColumns(session: Session, thread: ThreadSamples, tables: FirefoxTables): object {
  const nanoseconds = wholeUnits(thread.weight, 1e9);
  const stack: (number | null)[] = [];
  const time: number[] = [];
  const threadCPUDelta = [0];
  let now = wholeUnit(thread.start, 1e9);
  for (let row = 0; row < nanoseconds.length; row++) {
    const state = thread.state[row] as number;
    const own = thread.stack[row] as number;
    const lasts = nanoseconds[row] as number;
    stack.push(own !== noStack ? own : isAsleep(session, state) ? tables.idleStack : tables.noFrameStack);
    time.push(now / 1e6);
    threadCPUDelta.push((state & threadState.onCpu) === 0 ? 0 : lasts);
    now += lasts;
  }
  stack.push(null);
  time.push(now / 1e6);
  const weight = [...Array.from(nanoseconds, (lasts) => lasts / 1e6), 0];
  const columns = { stack, time, weight, weightType: 'tracing-ms', length: stack.length };
  return session.meta.engine === 'file' ? columns : { ...columns, threadCPUDelta };
}

/** Process ids as texts; the profiler takes threads with equal ones for those of one process. */
function uniquePids(processes: readonly ProcessInfo[]): readonly string[] {
  const uses = new Map<number, number>();
  return processes.map(({ pid }) => {
    const use = (uses.get(pid) ?? 0) + 1;
    uses.set(pid, use);
    return use === 1 ? String(pid) : `${pid}.${use}`;
  });
}
