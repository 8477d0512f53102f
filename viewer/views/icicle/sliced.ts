/** How is long work done without holding up the page? A slice at a time. */

/** Longest time without a break, in milliseconds. */
const sliceTime = 30;

/** What becomes of the work. */
export interface SlicedWork<Result> {
  readonly onProgress: (part: number) => void;
  readonly onDone: (result: Result) => void;
}

/** Runs a slice. @returns whether the work is done */
export type RunSlice = () => boolean;

/** The slices of work that yields the part of it that is done; `now` tells milliseconds. */
export function sliced<Result>(
  work: Generator<number, Result>,
  { onProgress, onDone }: SlicedWork<Result>,
  now: () => number = () => performance.now(),
): RunSlice {
  return () => {
    const until = now() + sliceTime;
    for (;;) {
      const step = work.next();
      if (step.done === true) {
        onDone(step.value);
        return true;
      }
      if (now() < until) continue;
      onProgress(step.value);
      return false;
    }
  };
}

/** All of the work at once. */
export function finish<Result>(work: Generator<number, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
