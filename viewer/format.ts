/** How are numbers written in the page? As the text report writes them, so that both can be compared. */
import { decimalsFor, formatFixed } from '../src/render/fixed-point.ts';
import { unicodeGlyphs } from '../src/render/style.ts';
import { exactTime, roundTime, type TimeUnit } from '../src/render/time-format.ts';
import { shareOf } from '../src/tree/heat.ts';

/** Writes a time as part of a whole. */
export type FormatShare = (seconds: number, total: number) => string;

/** The times of a column: all with the same number of decimals, without unit. */
export function columnFormat(unit: TimeUnit, interval: number): FormatShare {
  if (unit === 'percent_of_total') return (seconds, total) => formatFixed(shareOf(seconds, total) * 100, 1);
  const decimals = decimalsFor(interval);
  return (seconds) => formatFixed(seconds, decimals);
}

/** What stands above such a column. */
export const unitLabel: Readonly<Record<TimeUnit, string>> = { seconds: 's', percent_of_total: '%' };

/** `12.3 s`, `250 ms`. */
export function shortTime(seconds: number): string {
  return roundTime(seconds, unicodeGlyphs);
}

/** `1 ms`, `2.5 ms`. */
export function intervalTime(seconds: number): string {
  return exactTime(seconds, unicodeGlyphs);
}

/** `12.345678 s`. */
export function microsecondTime(seconds: number): string {
  return `${formatFixed(seconds, 6)} s`;
}

/** `34.5 %`. */
export function percentText(part: number, whole: number): string {
  return `${formatFixed(shareOf(part, whole) * 100, 1)} %`;
}

/** `12,345`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}
