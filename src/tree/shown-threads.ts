/** Which threads and processes does a report show whole, and which in one line? */
import { type ProcessInfo, type Session, type ThreadSamples, threadState } from '../session/session.ts';

/** A thread with the seconds it was seen running and waiting. */
export interface ThreadTimes {
  readonly thread: ThreadSamples;
  /** On a CPU, holding the interpreter's lock or waiting for it. */
  readonly running: number;
  readonly idle: number;
}

/** What is shown of a process that is shown whole. */
export interface ShownProcess {
  readonly process: ProcessInfo | undefined;
  /** Running seconds of all its threads. */
  readonly running: number;
  /** Threads that have a tree, busiest first. Never empty. */
  readonly shown: readonly ThreadTimes[];
  /** The others. */
  readonly others: readonly ThreadTimes[];
}

/** A process that has one line. */
export interface BriefProcess {
  readonly process: ProcessInfo;
  readonly running: number;
  readonly threads: readonly ThreadTimes[];
}

/** What a report shows. */
export interface ShownThreads {
  /** Busiest first; empty when nothing was recorded. */
  readonly whole: readonly ShownProcess[];
  /** Busiest first. */
  readonly brief: readonly BriefProcess[];
}

/** What to show beyond the default. */
export interface ShownOptions {
  /** A tree for every thread. */
  readonly threads: boolean;
  /** Every process whole. */
  readonly subprocesses: boolean;
}

/** A thread with this share of its process's running time has a tree. */
const leastShare = 0.1;

/** Where threads with trees have less than this share together, the work is spread over many that do little each. */
const leastTogether = 0.5;

const runningStates = threadState.onCpu | threadState.holdsGil | threadState.waitsForGil;

/**
 * Chooses: the busiest process whole, in it the main thread and every thread with a tenth of the running time. Where the
 * work is spread over many more, the busiest of these stands for them. Files of other profilers hold no states: all their
 * time counts as running.
 */
export function chooseThreads(session: Session, options: ShownOptions): ShownThreads {
  const byProcess = new Map<number, ThreadTimes[]>();
  for (const thread of session.threads) {
    const times = threadTimes(session, thread);
    const threads = byProcess.get(thread.process);
    if (threads === undefined) byProcess.set(thread.process, [times]);
    else threads.push(times);
  }
  const processes = [...byProcess]
    .sort(([a], [b]) => a - b)
    .map(([index, threads]) => ({ process: session.processes[index], threads, running: totalRunning(threads) }))
    .sort((a, b) => b.running - a.running);
  const wholeCount = options.subprocesses ? processes.length : 1;
  return {
    whole: processes.slice(0, wholeCount).map((entry) => showProcess(entry, options)),
    brief: processes
      .slice(wholeCount)
      .flatMap(({ process, ...rest }) => (process === undefined ? [] : [{ process, ...rest }])),
  };
}

/** How long a thread ran and waited. */
export function threadTimes(session: Session, thread: ThreadSamples): ThreadTimes {
  const hasStates = session.meta.engine !== 'file';
  let [running, idle] = [0, 0];
  for (let row = 0; row < thread.weight.length; row++) {
    const seconds = thread.weight[row] as number;
    if (!hasStates || ((thread.state[row] as number) & runningStates) !== 0) running += seconds;
    else idle += seconds;
  }
  return { thread, running, idle };
}

function totalRunning(threads: readonly ThreadTimes[]): number {
  return threads.reduce((sum, thread) => sum + thread.running, 0);
}

interface ProcessThreads extends Pick<ShownProcess, 'process' | 'running'> {
  readonly threads: readonly ThreadTimes[];
}

/** Whether a thread is worth a tree for what it did. */
export function isBusy(times: ThreadTimes, process: Pick<ShownProcess, 'running'>): boolean {
  return times.running > 0 && times.running >= leastShare * process.running;
}

/**
 * The threads that a process's hottest places are looked for in: not a main thread that is shown only though it waits; all
 * that ran where the work is spread over many.
 */
export function busyThreads(process: ShownProcess): readonly ThreadSamples[] {
  const { shown, others, running } = process;
  const busy = shown.filter((times) => isBusy(times, process));
  const working = isSpread(busy, running) ? [...shown, ...others].filter((times) => times.running > 0) : busy;
  return (working.length === 0 ? shown : working).map(({ thread }) => thread);
}

function isSpread(busy: readonly ThreadTimes[], running: number): boolean {
  return totalRunning(busy) < leastTogether * running;
}

function showProcess({ process, running, threads }: ProcessThreads, options: ShownOptions): ShownProcess {
  const busiestFirst = [...threads].sort((a, b) => b.running - a.running);
  const main = busiestFirst.find(({ thread }) => thread.isMain) ?? busiestFirst[0];
  const busy = busiestFirst.filter((times) => isBusy(times, { running }));
  const example = isSpread(busy, running)
    ? busiestFirst.find((times) => times !== main && !busy.includes(times))
    : undefined;
  const isShown = (times: ThreadTimes): boolean =>
    options.threads || times === main || times === example || busy.includes(times);
  return {
    process,
    running,
    shown: busiestFirst.filter(isShown),
    others: busiestFirst.filter((times) => !isShown(times)),
  };
}

/** The thread that formats hold which know one tree only: the main thread of the program itself. */
export function mainThread(session: Session): ThreadSamples | undefined {
  const threads = session.threads.filter((thread) => thread.process === 0);
  return threads.find((thread) => thread.isMain) ?? threads[0] ?? session.threads[0];
}
