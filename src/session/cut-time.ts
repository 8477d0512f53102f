/** What happened between two moments of a recording? */
import type { ThreadSamples } from './session.ts';
import { type Seconds, seconds } from './units.ts';

/** A part of a recording, in seconds from its start; `to` may lie behind its end. */
export interface TimeSpan {
  readonly from: Seconds;
  readonly to: Seconds;
}

/**
 * The rows of a thread within a span; those across its borders in part. Times count from the span's beginning. A row within
 * keeps its weight to the last bit.
 * @returns undefined where the thread has no row in the span
 */
export function cutThread(thread: ThreadSamples, { from, to }: TimeSpan): ThreadSamples | undefined {
  const weights: number[] = [];
  let [begin, total, kept] = [thread.start as number, 0, 0];
  let [first, start] = [-1, 0];
  for (let row = 0; row < thread.weight.length; row++) {
    const weight = thread.weight[row] as number;
    const end = begin + weight;
    if (isWithin(begin, end, from, to)) {
      if (first < 0) [first, start] = [row, Math.max(0, begin - from)];
      const part = begin >= from && end <= to ? weight : Math.min(end, to) - Math.max(begin, from);
      weights.push(part);
      kept += part;
    }
    total += weight;
    begin = end;
  }
  if (first < 0) return undefined;
  const last = first + weights.length;
  return {
    ...thread,
    start: seconds(start),
    sampleCount: Math.max(weights.length, scaled(thread.sampleCount, kept, total)),
    stack: thread.stack.slice(first, last),
    weight: Float64Array.from(weights),
    state: thread.state.slice(first, last),
  };
}

/** A row without any length belongs to the span that its moment is in. */
function isWithin(begin: number, end: number, from: number, to: number): boolean {
  return begin < to && (end > from || (begin === end && begin === from));
}

/** `count`, as far as it belongs to `part` of `whole`. */
export function scaled(count: number, part: number, whole: number): number {
  return whole === 0 || part === whole ? count : Math.round((count * part) / whole);
}
