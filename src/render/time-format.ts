/** How are times and shares written in a text report? */
import { shareOf } from '../tree/heat.ts';
import { decimalsFor, formatFixed } from './fixed-point.ts';
import type { Glyphs } from './style.ts';

/** How the tree shows times. */
export type TimeUnit = 'seconds' | 'percent_of_total';

/** Writes the time of a frame. */
export type FormatTime = (seconds: number) => string;

/**
 * How the frames of one tree show their time.
 * @param interval the largest sampling interval in seconds: it decides how many decimals mean something
 * @param total seconds of the root
 */
export function frameTimes(unit: TimeUnit, interval: number, total: number): FormatTime {
  if (unit === 'percent_of_total') return (seconds) => `${formatFixed(shareOf(seconds, total) * 100, 1)}%`;
  const decimals = decimalsFor(interval);
  return (seconds) => formatFixed(seconds, decimals);
}

/** A length of time for a sentence: `12.3 s`, `250 ms`, `80 µs`. */
export function roundTime(seconds: number, glyphs: Glyphs): string {
  if (seconds >= 0.9995) return `${formatFixed(seconds, 1)} s`;
  if (seconds >= 0.0009995 || seconds === 0) return `${formatFixed(seconds * 1e3, 0)} ms`;
  return `${formatFixed(seconds * 1e6, 0)} ${glyphs.micro}s`;
}

/** A sampling interval: `1 ms`, `2.5 ms`, `50 µs`, `2 s`. */
export function exactTime(seconds: number, glyphs: Glyphs): string {
  const [value, unit] = seconds >= 1 ? [seconds, 's'] : seconds >= 1e-3 ? [seconds * 1e3, 'ms'] : [seconds * 1e6, 'us'];
  return `${Number(value.toPrecision(6))} ${unit === 'us' ? `${glyphs.micro}s` : unit}`;
}

/** `1 thread`, `2 threads`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
