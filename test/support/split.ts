/** How was time split between two functions, by what was recorded? */
import { nameOf, type Row } from './record.ts';

/** What was seen of one way of spending time. */
export interface Split {
  /** Of the time in either function, the first one's share. */
  readonly share: number;
  /** How much of all time was in either of them. */
  readonly inside: number;
  /** How many samples of equal weight say as much. */
  readonly samples: number;
}

/** Standard deviations that a share may be from the true one, beside the points allowed. */
const deviations = 3.5;

/**
 * How the time in the function `way` was split between those whose names begin with `first` and `second`.
 * @param longestRow in seconds, counts for a row of work: where the machine ran something else for long says nothing
 * @param waits whether a row is a wait, which counts in full
 */
export function splitOf(rows: readonly Row[], way: string, longestRow: number, waits: (row: Row) => boolean): Split {
  const weights = { first: 0, second: 0, neither: 0 };
  let squares = 0;
  for (const row of rows.filter(({ frames }) => frames.some((frame) => frame.functionName === way))) {
    const weight = waits(row) ? row.seconds : Math.min(row.seconds, longestRow);
    const names = row.frames.map((frame) => nameOf(frame).toLowerCase());
    const half = (['first', 'second'] as const).find((word) => names.some((name) => name.startsWith(word)));
    weights[half ?? 'neither'] += weight;
    squares += weight ** 2;
  }
  const inside = weights.first + weights.second;
  const total = inside + weights.neither;
  return { share: weights.first / inside, inside: inside / total, samples: total ** 2 / squares };
}

/** How far a share may be from the true one: so many points, and what chance does to as many samples. */
export function toleranceOf(truth: number, { samples }: Split, points: number): number {
  return points + deviations * Math.sqrt((truth * (1 - truth)) / samples);
}
