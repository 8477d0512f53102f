/** When is the next sample due? A schedule that keeps its rate, never its rhythm, and never catches up in a burst. */
import { readlinkSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import type { Milliseconds } from '../../session/units.ts';

/**
 * Largest deviation of one gap from the interval, as a share of it. The deviations add up, so that after a dozen ticks the
 * phase is any: a fixed grid, even a shaken one, would see a program of the same period always in the same places.
 */
const jitter = 0.5;

/** A schedule of ticks. */
export class Ticker {
  /** Moments at which a tick was due but nobody was there. */
  missed = 0;
  ticks = 0;
  readonly #interval: number;
  #due: number;

  /** @param now any moment of `performance.now()` */
  constructor(interval: Milliseconds, now: number) {
    this.#interval = interval;
    this.#due = now + interval;
  }

  /** How many ms remain until the next tick; 0 or less: it is due. */
  remaining(now: number): number {
    return this.#due - now;
  }

  /** Notes that a tick was taken, and plans the next one. @returns how many were missed before it */
  advance(now: number): number {
    const late = Math.max(0, Math.floor((now - this.#due) / this.#interval));
    this.ticks++;
    this.missed += late;
    this.#due += (late + 1 + (Math.random() * 2 - 1) * jitter) * this.#interval;
    return late;
  }

  /** Forgets ticks that were missed while nothing was to be sampled. */
  restart(now: number): void {
    this.ticks = 0;
    this.missed = 0;
    this.#due = now + this.#interval;
  }
}

/** Niceness of the sampling thread, where the system grants it: it runs seldom and shortly, and then at once. */
const urgent = -10;

/**
 * Asks the kernel to wake this thread exactly when it asks to be woken, not up to 50 µs later (prctl(2),
 * PR_SET_TIMERSLACK; through procfs, which needs no rights). Without effect where that is refused.
 */
export function sharpenTimers(): void {
  try {
    const tid = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    writeFileSync(`/proc/${tid}/timerslack_ns`, '1');
    // setpriority(2): on Linux a number for each thread.
    setPriority(tid, urgent);
  } catch {
    // Then samples come a little later.
  }
}
