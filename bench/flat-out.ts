/** How many samples per second can one core take, and what does each cost, without a clock between them? */
import { ProcessSampler } from '../src/capture/python/process-sampler.ts';
import { loadReading } from '../src/capture/python/reading.ts';
import { SessionBuilder } from '../src/session/builder.ts';
import type { Pid } from '../src/session/ids.ts';
import { quantile } from './statistics.ts';
import { runtimeOf } from './walker.ts';

/** The recorder at full speed. */
export interface FlatOut {
  readonly samplesPerSecond: number;
  /** CPU seconds of this process (user, system, garbage collection) per sample. */
  readonly cpuPerSample: number;
  /** Seconds that 99 of 100 looks do not exceed. */
  readonly slowLook: number;
  /** Share of the samples that could not be read whole. */
  readonly incomplete: number;
}

/**
 * Samples every thread of a running Python process without a pause, exactly as the recorder does at each tick: threads
 * followed, states read, stacks named, rows added to a session.
 */
export async function flatOut(pid: number, seconds: number): Promise<FlatOut> {
  const runtime = runtimeOf(pid);
  const counts = { samples: 0, incomplete: 0, retries: 0, notSampled: 0 };
  const session = {
    start: Number.POSITIVE_INFINITY,
    begin(now: number): void {
      this.start = Math.min(this.start, now);
    },
  };
  const context = { builder: new SessionBuilder(), session, counts, longestGap: 20, followAwaits: true };
  const info = { pid: pid as Pid, parentPid: 0 as Pid, command: [] };
  const sampler = new ProcessSampler(context, info, runtime, await loadReading(runtime), true);
  const tick = (): void => {
    if (!sampler.tick(performance.now())) throw new Error(`process ${pid} has ended`);
  };
  try {
    runFor(0.5, tick);
    const [samples, incomplete, before] = [counts.samples, counts.incomplete, process.cpuUsage()];
    const taken = runFor(seconds, tick);
    const used = process.cpuUsage(before);
    const count = counts.samples - samples;
    const missing = counts.incomplete - incomplete;
    const slowLook = quantile(timesOf(seconds / 4, tick), 0.99);
    return {
      samplesPerSecond: count / taken,
      cpuPerSample: (used.user + used.system) / 1e6 / count,
      slowLook,
      incomplete: missing / count,
    };
  } finally {
    sampler.finish(performance.now());
  }
}

/** Seconds that each of many calls of `act` takes. */
function timesOf(seconds: number, act: () => void): readonly number[] {
  const found: number[] = [];
  const end = performance.now() + seconds * 1000;
  for (let from = performance.now(); from < end; from = performance.now()) {
    act();
    found.push((performance.now() - from) / 1000);
  }
  return found;
}

/** Calls `act` again and again; the clock is read only now and then. Returns the seconds it took. */
export function runFor(seconds: number, act: () => void): number {
  const begin = performance.now();
  const end = begin + seconds * 1000;
  do {
    for (let i = 0; i < 64; i++) act();
  } while (performance.now() < end);
  return (performance.now() - begin) / 1000;
}
