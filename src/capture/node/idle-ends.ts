/** Which await ended the time that a thread was idle? */

/** Moments, in µs and in order, at which awaits went on after idle time, each with what it stands for. */
export interface IdleEnds<End> {
  readonly times: readonly number[];
  readonly ends: readonly End[];
}

/** What a thread does at a sample: nothing, some of the program, or something that the program does not know of. */
export type Activity = 'idle' | 'program' | 'other';

/**
 * By sample, the end of the idle time that it is in; undefined where it is not idle, and where that cannot be told. The time
 * up to an await that goes on is its own; only where the program ran and was idle again before any await went on, what ended
 * the first idle time was something else.
 */
export function endsOfIdleTime<End>(
  activityAt: (sample: number) => Activity,
  times: Float64Array,
  { times: endTimes, ends }: IdleEnds<End>,
): readonly (End | undefined)[] {
  const found = new Array<End | undefined>(times.length).fill(undefined);
  let next = endTimes.length;
  /** When the thread was idle again after the idle time that the sample is in. */
  let idleAgain = Number.POSITIVE_INFINITY;
  let later = Number.POSITIVE_INFINITY;
  let hasRun = false;
  for (let sample = times.length - 1; sample >= 0; sample--) {
    const activity = activityAt(sample);
    if (activity === 'program') hasRun = true;
    if (activity !== 'idle') continue;
    if (hasRun) idleAgain = later;
    hasRun = false;
    const time = times[sample] as number;
    later = time;
    while (next > 0 && (endTimes[next - 1] as number) >= time) next--;
    if ((endTimes[next] ?? Number.POSITIVE_INFINITY) <= idleAgain) found[sample] = ends[next];
  }
  return found;
}
