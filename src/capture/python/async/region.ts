/** What is a region of a program, as it is followed through contexts and awaits? */
import type { StackIndex } from '../../../session/ids.ts';
import type { Address } from '../../memory/process-memory.ts';

/**
 * What counts as a region's own time. `disabled`: all that its thread does; while an event loop that was started within the
 * region is idle, what its main task waits for. `enabled`: what runs in its context; while that waits, the stack of the
 * region's coroutine, ended by `[await]`; else what runs instead. `strict`: as `enabled`, but instead of the latter the stack
 * at which the context was left, ended by `[out-of-context]`.
 */
export type AsyncMode = 'disabled' | 'enabled' | 'strict';

/** A region that begins now: its thread waits for the answer to its start. */
export interface RegionStart {
  readonly mode: AsyncMode;
  /** Address of the object that the region has put into the context variable; 0 where the mode is `disabled`. */
  readonly value: Address;
  /** The value that the variable had before, where that was a region's; 0 where it had none. */
  readonly parent: Address;
  /** Coroutine of asyncio's current task, as the program tells it; 0 where there is none. */
  readonly hint: Address;
  /** Whether other threads count while they run in the region's context. */
  readonly inOtherThreads: boolean;
}

/** A region being followed. */
export interface Region extends RegionStart {
  /** Coroutines that the program must keep alive until the region's end: what replaces one at its address would be followed. */
  readonly coroutines: readonly Address[];
}

/** Follows the regions of one process through one of its threads. */
export interface RegionThread {
  /** Begins a region in this thread, which must stand still. Undefined where its stack cannot be read. */
  begin(start: RegionStart): Region | undefined;
  /** Ends a region that was begun in this thread. */
  end(region: Region): void;
  /**
   * Looks at the thread, as far as `regions` need it.
   * @param regions the same array for as long as they are the same regions: it is sorted only then anew
   * @returns false where it cannot be read
   */
  look(regions: readonly Region[], isAsleep: boolean): boolean;
  /** What the last look found for one of its regions; undefined: the thread does nothing for it. */
  stackOf(region: Region): StackIndex | undefined;
}
