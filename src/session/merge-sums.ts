/** What do numbers, processes and threads of several recordings add up to? Sums stay within what a file can hold. */
import type { ProcessInfo, ThreadSamples } from './session.ts';
import { type Seconds, seconds } from './units.ts';

/** One value and the others, if any. */
export type OneOrMore<T> = readonly [T, ...T[]];

/** The first of them, with the times and the places for modules of all. */
export function sumProcesses(processes: OneOrMore<ProcessInfo>): ProcessInfo {
  const [first, ...others] = processes;
  if (others.length === 0) return first;
  const sysPath = [...first.sysPath];
  const known = new Set(sysPath);
  for (const process of others) {
    const more = process.sysPath.filter((entry) => !known.has(entry));
    for (const entry of more) {
      sysPath.push(entry);
      known.add(entry);
    }
  }
  return {
    ...first,
    duration: addSeconds(processes.map((process) => process.duration)),
    cpuTime: addSeconds(processes.map((process) => process.cpuTime)),
    sysPath,
    sysPrefixes: [...new Set(processes.flatMap((process) => process.sysPrefixes))],
  };
}

/** The first of them, with the rows of all, one after the other. */
export function sumThreads(threads: OneOrMore<ThreadSamples>): ThreadSamples {
  const [first, ...others] = threads;
  if (others.length === 0) return first;
  const rows = threads.reduce((sum, thread) => sum + thread.stack.length, 0);
  const stack = new Int32Array(rows);
  const weight = new Float64Array(rows);
  const state = new Uint8Array(rows);
  let from = 0;
  for (const thread of threads) {
    stack.set(thread.stack, from);
    weight.set(thread.weight, from);
    state.set(thread.state, from);
    from += thread.stack.length;
  }
  return { ...first, sampleCount: addCounts(threads.map((thread) => thread.sampleCount)), stack, weight, state };
}

/** In order, and never beyond what a float64 can hold: files know no infinity. */
export function addSeconds(values: readonly Seconds[]): Seconds {
  return seconds(
    Math.min(
      values.reduce((sum, value) => sum + value, 0),
      Number.MAX_VALUE,
    ),
  );
}

/** In order, and never beyond the whole numbers that are exact. */
export function addCounts(values: readonly number[]): number {
  return Math.min(
    values.reduce((sum, value) => sum + value, 0),
    Number.MAX_SAFE_INTEGER,
  );
}

/** The largest; 0 of none. */
export function longest(values: readonly Seconds[]): Seconds {
  return values.reduce((most, value) => seconds(Math.max(most, value)), values[0] ?? seconds(0));
}

/** The smallest; 0 of none. */
export function shortest(values: readonly Seconds[]): Seconds {
  return values.reduce((least, value) => seconds(Math.min(least, value)), values[0] ?? seconds(0));
}
