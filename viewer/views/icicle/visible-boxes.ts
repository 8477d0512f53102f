/** Which boxes of a depth are worth drawing? Those wide enough, and runs of narrow ones as one; found without a look at all. */
import { firstEndingAfter, type IcicleLevel } from './icicle.ts';
import type { Viewport } from './viewport.ts';

/** Narrower boxes are not drawn by themselves; CSS pixels. */
const leastWidth = 1;

/** A run is drawn at least so wide; CSS pixels. */
const leastRun = 0.5;

/** Width of a run of narrow boxes; CSS pixels. */
const runWidth = 2;

/** Of more narrow boxes than these in a run, so many are looked at, evenly spread. */
const mostLookedAt = 8;

/** Is told what to draw, from left to right. Positions are CSS pixels from the left edge, within it where visible. */
export interface BoxReceiver {
  /** One box. */
  box(of: number, left: number, right: number, box: number): void;
  /**
   * Neighbours that are too narrow to be told apart.
   * @param of what has the most of the run
   * @param covered part of the run that has any box, 0 to 1
   */
  run(of: number, left: number, right: number, covered: number): void;
}

/** Costs O(pixels × log boxes), however many boxes there are. */
export function visitVisible(
  edges: Float64Array,
  level: IcicleLevel,
  { begin, end }: Viewport,
  width: number,
  receiver: BoxReceiver,
): void {
  const { first, last, of } = level;
  const scale = width / (end - begin);
  let box = firstEndingAfter(edges, last, begin);
  while (box < of.length) {
    const from = edges[first[box] as number] as number;
    if (from >= end) break;
    const left = (from - begin) * scale;
    const right = ((edges[last[box] as number] as number) - begin) * scale;
    if (right - left >= leastWidth) {
      receiver.box(of[box] as number, left, right, box);
      box++;
      continue;
    }
    // Runs end at places that do not depend on where they begin, so that they do not dance while one pans.
    const runEnd = (Math.floor(left / runWidth + 1e-9) + 1) * runWidth;
    box = visitRun(edges, level, box, { begin, scale, left, runEnd }, receiver);
  }
}

interface Run {
  readonly begin: number;
  readonly scale: number;
  readonly left: number;
  readonly runEnd: number;
}

/** @returns the first box after the run */
function visitRun(
  edges: Float64Array,
  { first, last, of }: IcicleLevel,
  from: number,
  { begin, scale, left, runEnd }: Run,
  receiver: BoxReceiver,
): number {
  const limit = begin + runEnd / scale;
  let to = Math.max(from + 1, firstEndingAfter(edges, last, limit, from));
  const step = Math.max(1, Math.floor((to - from) / mostLookedAt));
  let [covered, looked, most, mostOf] = [0, 0, -1, of[from] as number];
  for (let box = from; box < to; box += step) {
    const seconds = (edges[last[box] as number] as number) - (edges[first[box] as number] as number);
    if (seconds * scale >= leastWidth) {
      // Wide enough to be drawn by itself: the run ends before it.
      if (box > from && step === 1) {
        to = box;
        break;
      }
    }
    covered += seconds;
    looked++;
    if (seconds > most) [most, mostOf] = [seconds, of[box] as number];
  }
  const right = Math.max(left, ((edges[last[to - 1] as number] as number) - begin) * scale);
  const drawnRight = Math.max(right, left + leastRun);
  const share = (covered * (to - from) * scale) / (Math.max(1, looked) * Math.max(drawnRight - left, 1));
  receiver.run(mostOf, left, drawnRight, Math.min(1, share));
  return to;
}
