/** How many samples is a time made of, and how far can it be trusted? */
import type { ThreadSamples } from '../../src/session/session.ts';

/** Samples in a part of a thread, and what their number may be off by: one standard deviation of a count. */
export interface SampleCount {
  readonly count: number;
  readonly deviation: number;
}

const known = new WeakMap<ThreadSamples, number>();

/** Seconds between the samples of a thread, as reached; 0 where unknown. */
export function reachedInterval(thread: ThreadSamples): number {
  let interval = known.get(thread);
  if (interval === undefined) {
    const sum = thread.weight.reduce((all, seconds) => all + seconds, 0);
    interval = thread.sampleCount > 0 ? sum / thread.sampleCount : 0;
    known.set(thread, interval);
  }
  return interval;
}

/** An estimate: rows do not say how many samples each was. Null where the interval is unknown. */
export function sampleCountOf(seconds: number, interval: number): SampleCount | null {
  if (interval <= 0) return null;
  const count = Math.round(seconds / interval);
  return { count, deviation: Math.round(Math.sqrt(count)) };
}
