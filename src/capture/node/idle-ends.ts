/** Which await ended the time that a thread was idle? */

/** Moments, in µs and in order, at which awaits went on after idle time, each with what it stands for. */
export interface IdleEnds<End> {
  readonly times: readonly number[];
  readonly ends: readonly End[];
}

/**
 * By sample, the end of the idle time that it is in; undefined where it is not idle, and where that cannot be told. The time
 * up to an await that goes on is its own; only where the thread was idle again before any await went on, what ended the
 * first idle time was something else.
 */
export function endsOfIdleTime<End>(
  isIdle: (sample: number) => boolean,
  times: Float64Array,
  { times: endTimes, ends }: IdleEnds<End>,
): readonly (End | undefined)[] {
  const found = new Array<End | undefined>(times.length).fill(undefined);
  let next = endTimes.length;
  /** When the thread was idle again after the idle time that the sample is in. */
  let idleAgain = Number.POSITIVE_INFINITY;
  for (let sample = times.length - 1; sample >= 0; sample--) {
    if (!isIdle(sample)) continue;
    const time = times[sample] as number;
    while (next > 0 && (endTimes[next - 1] as number) >= time) next--;
    if ((endTimes[next] ?? Number.POSITIVE_INFINITY) <= idleAgain) found[sample] = ends[next];
    if (sample > 0 && !isIdle(sample - 1)) idleAgain = time;
  }
  return found;
}
