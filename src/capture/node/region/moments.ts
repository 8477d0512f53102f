/** What time is it, on the clock of V8's profiles, at a price that a hook can pay at every turn? */
import { performance } from 'node:perf_hooks';
import { nowMicros } from '../preload/clock.ts';

// The program may put a clock of its own in place of this one, to test itself.
const now = performance.now.bind(performance);

/** `performance.now()` counts the same seconds from another moment on. */
const offset = nowMicros() - now() * 1000;

/** µs on CLOCK_MONOTONIC. As {@link nowMicros}, without an array for each look. */
export function moment(): number {
  return now() * 1000 + offset;
}
