/** Where in a file are its hot lines, seen from afar? */
import { type Heat, heatOf, shareOf } from '../../../src/tree/heat.ts';
import type { SourceRow } from './source-rows.ts';

/** A stroke beside the text. */
export interface HeatMark {
  /** Of all rows' height, 0 to 1. */
  readonly top: number;
  readonly height: number;
  /** Of the largest time of a line in the file, 0 to 1. */
  readonly width: number;
  readonly heat: Heat;
  /** The hottest row that it stands for. */
  readonly row: number;
}

/** More strokes could not be told apart. */
const mostMarks = 240;

/** Strokes for rows with time; of rows that fall together the hottest counts. @param total seconds of the whole */
export function heatMarks(rows: readonly SourceRow[], total: number): readonly HeatMark[] {
  const buckets = Math.min(mostMarks, rows.length);
  const hottest: number[] = [];
  const secondsOf = (index: number): number => {
    const row = rows[index];
    return row?.kind === 'line' ? (row.times?.total ?? 0) : 0;
  };
  let most = 0;
  for (let index = 0; index < rows.length; index++) {
    const seconds = secondsOf(index);
    if (seconds <= 0) continue;
    const bucket = Math.floor((index * buckets) / rows.length);
    most = Math.max(most, seconds);
    if (seconds > secondsOf(hottest[bucket] ?? -1)) hottest[bucket] = index;
  }
  return hottest.flatMap((row, bucket): HeatMark[] => {
    const seconds = secondsOf(row);
    const place = { top: bucket / buckets, height: 1 / buckets, row };
    return [{ ...place, width: seconds / most, heat: heatOf(shareOf(seconds, total)) }];
  });
}
