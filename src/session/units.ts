/** Units of time, branded, with their conversions. */
import type { Brand } from './ids.ts';

/** A length of time in seconds (float64). */
export type Seconds = Brand<number, 'Seconds'>;

/** A moment: seconds since 1970-01-01 UTC (float64). */
export type UnixSeconds = Brand<number, 'UnixSeconds'>;

/** A moment on the monotonic clock, or a length of time on it, in milliseconds (float64), as `performance.now()` gives. */
export type Milliseconds = Brand<number, 'Milliseconds'>;

/** Marks a plain number of seconds as such. */
export const seconds = (value: number): Seconds => value as Seconds;

/** Marks a plain number of milliseconds as such. */
export const milliseconds = (value: number): Milliseconds => value as Milliseconds;
