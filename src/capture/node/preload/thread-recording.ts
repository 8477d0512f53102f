/** How is one thread recorded from its start to its end, and what does it leave when? */
import { join } from 'node:path';
import type { AwaitRecords, NodeRecording, Segment, ThreadFacts } from '../left-files.ts';
import { factsEnding, segmentEnding } from '../left-files.ts';
import type { BlockedLoopWatch } from './blocked-loop.ts';
import { nowMicros } from './clock.ts';
import { leaveFile } from './leave-file.ts';
import { ProcessMaps } from './process-maps.ts';
import type { Profiler } from './profiler.ts';
import { processCpu } from './thread-facts.ts';

/** So long, in ms, the first piece lasts, and every later one at least: what a killed process loses. */
const firstPiece = 250;
const shortestPiece = 1000;
const longestPiece = 10_000;
/** A piece lasts so many times the CPU time that it took to leave the one before: that costs 1 % then. */
const piecePerCost = 100;

/** What finds out which awaits ended idle time. */
export interface AwaitWatch {
  /** What was found since the last call. */
  take(): AwaitRecords;
  /** Why it gave up, if it did. */
  note(): string | undefined;
  end(): void;
}

/** What records a thread. */
export interface ThreadRecording {
  /** Leaves all there is, and records no longer. */
  end(): void;
}

// The program may replace the timers later, to test itself.
const { setTimeout: later, clearTimeout: cancel } = globalThis;

/** What a thread is recorded with, from the moment that it is called. */
export interface ThreadTools {
  startProfiler(): Profiler;
  /** Undefined where awaits are not wanted, or cannot be watched. */
  watchAwaits(): AwaitWatch | undefined;
  /** Undefined where the loss of what a blocked program did last is no matter. */
  watchBlockedLoop(leave: () => void): BlockedLoopWatch | undefined;
}

/**
 * Leaves what is known of the thread, and from then on a piece of its recording every now and then. Where there is no place
 * to leave it any more, nothing is recorded.
 */
export function recordThread({ folder }: NodeRecording, facts: ThreadFacts, tools: ThreadTools): ThreadRecording {
  const name = join(folder, `${facts.pid}-${facts.threadId}-${Math.round(facts.begin)}`);
  if (!leaveFile(name + factsEnding, facts)) return { end: () => {} };
  const profiler = tools.startProfiler();
  const awaits = tools.watchAwaits();
  const maps = new ProcessMaps();
  let count = 0;
  let hasEnded = false;
  let timer: NodeJS.Timeout | undefined;

  /** @returns whether there was a place for it */
  const leave = (isLast: boolean): boolean => {
    const profile = isLast ? profiler.end() : profiler.next();
    const note = awaits?.note();
    const segment: Segment = {
      profile,
      awaits: awaits?.take() ?? null,
      until: nowMicros(),
      cpu: processCpu(),
      isLast,
      notes: note === undefined ? [] : [note],
      maps: { ...maps.of(profile), ...(isLast ? maps.inScripts(profiler.mapUrls) : {}) },
    };
    if (isLast) profiler.close();
    return leaveFile(`${name}-${count++}${segmentEnding}`, segment);
  };
  const leavePiece = (): void => {
    if (hasEnded) return;
    const start = processCpu();
    try {
      const hasPlace = leave(false);
      const cost = (processCpu() - start) / 1000;
      const shortest = Math.min(shortestPiece, firstPiece * 2 ** count);
      if (hasPlace) plan(Math.min(longestPiece, Math.max(shortest, cost * piecePerCost)));
      else end();
    } catch {
      // What was left before stays; the program goes on.
    }
  };
  const blocked = tools.watchBlockedLoop(leavePiece);
  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    blocked?.end();
    cancel(timer);
    awaits?.end();
    leave(true);
  };
  const plan = (delay: number): void => {
    blocked?.planned(delay);
    cancel(timer);
    timer = later(leavePiece, delay);
    timer.unref();
  };
  plan(firstPiece);
  return { end };
}
