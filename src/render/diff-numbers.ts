/** How are times and their changes written in a comparison? */
import type { SessionMeta } from '../session/session.ts';
import type { DiffNode } from '../tree/diff.ts';
import { decimalsFor, formatFixed } from './fixed-point.ts';

/** A time before and after, as numbers. */
export type Change = Pick<DiffNode, 'before' | 'after' | 'change' | 'isWithinNoise'> & {
  readonly status?: DiffNode['status'];
};

/** The columns of one line. */
export interface ChangeColumns {
  /** `-` where there was nothing to take time. */
  readonly before: string;
  readonly after: string;
  /** With its sign; `0.000` without one where nothing is left after rounding. */
  readonly change: string;
  /** `new`, `gone`, or the change as a part of what was before: `+35 %`; with {@link noiseMark} before it where it may be chance. */
  readonly relative: string;
}

/** Writes the numbers of one line. */
export type FormatChange = (change: Change) => ChangeColumns;

/** Stands before a change that sampling alone may have made. */
export const noiseMark = '~';

const nothing = '-';

/** From here on a factor says more than percents. */
const largestPercent = 1000;

/**
 * Seconds with as many decimals as mean something in both recordings, or shares in percent with one.
 * @param normalize whether the numbers are shares, 0 to 1
 */
export function changeFormat(normalize: boolean, before: SessionMeta, after: SessionMeta): FormatChange {
  const decimals = normalize ? 1 : decimalsFor(Math.max(before.maxInterval, after.maxInterval));
  const factor = normalize ? 100 : 1;
  const format = (value: number): string => formatFixed(value * factor, decimals);
  return (change) => ({
    before: change.status === 'new' ? nothing : format(change.before),
    after: change.status === 'gone' ? nothing : format(change.after),
    change: withSign(format(change.change)),
    relative: (change.isWithinNoise ? noiseMark : '') + relativeChange(change),
  });
}

/** `+0.430`, `-0.430`; zero without a sign. */
export function withSign(number: string): string {
  if (!/[1-9]/.test(number)) return number.replace('-', '');
  return number.startsWith('-') ? number : `+${number}`;
}

function relativeChange({ status, before, after, change }: Change): string {
  if (status === 'new' || status === 'gone') return status;
  return relativePercent(before, after, change);
}

/** `+9.8 %`, `+35 %`, `x12`; empty where nothing was before. */
export function relativePercent(before: number, after: number, change: number = after - before): string {
  if (!(before > 0)) return '';
  const percent = (change / before) * 100;
  if (percent >= largestPercent) return `x${formatFixed(after / before, 0)}`;
  return `${withSign(formatFixed(percent, Math.abs(percent) < 9.95 ? 1 : 0))} %`;
}

/** The same columns, right-aligned among each other. */
export function alignColumns(rows: readonly ChangeColumns[]): readonly ChangeColumns[] {
  const width = { before: 0, after: 0, change: 0, relative: 0 };
  for (const row of rows) {
    for (const key of ['before', 'after', 'change', 'relative'] as const) {
      width[key] = Math.max(width[key], row[key].length);
    }
  }
  return rows.map(({ before, after, change, relative }) => ({
    before: before.padStart(width.before),
    after: after.padStart(width.after),
    change: change.padStart(width.change),
    relative: relative.padStart(width.relative),
  }));
}
