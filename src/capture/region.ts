/** Recording parts of a running program, as the rest of timesink sees it: begin a region, end it, get its session. */
import type { Session } from '../session/session.ts';
import type { Seconds, UnixSeconds } from '../session/units.ts';

/** What a region is called by whoever starts it; no two that run have the same. */
export type RegionId = number;

/** A thread that calls itself so. */
export interface RegionThreadInfo {
  /** What Python's `threading.get_ident()` gives. */
  readonly ident: number;
  /** Id of the operating system, 0 where it is not known. */
  readonly nativeId: number;
  readonly name: string;
}

/** A region that begins. */
export interface RegionOptions {
  readonly region: RegionId;
  /** Time between samples. */
  readonly interval: Seconds;
  /** The thread that starts it. */
  readonly thread: RegionThreadInfo;
  /** Whether all other threads are recorded, too. */
  readonly allThreads: boolean;
  /** Most rows that are kept of a thread. */
  readonly maxSamples: number;
  readonly context: RegionContext | null;
  readonly description: string;
  /** Frames as in a `.pyisession`, outermost first; an entry for the thread is passed over. */
  readonly startCallStack: readonly string[];
  readonly startTime: UnixSeconds;
  /** On the clock of whoever starts it, see {@link RegionEnd.at}. */
  readonly at: Seconds;
}

/** What binds a region to a context; without it, all that its thread does belongs to it. */
export interface RegionContext {
  readonly mode: 'enabled' | 'strict';
  /** Address of the object that the context variable holds there. */
  readonly value: number;
  /** The region whose context this one's was made from. */
  readonly parent: RegionId | null;
  /** Address of the coroutine of the running task, 0 where it is not known. */
  readonly coroutine: number;
}

/** A region that ends. */
export interface RegionEnd {
  readonly region: RegionId;
  /** When it ended, on the system's monotonic clock. */
  readonly at: Seconds;
  readonly cpuTime: Seconds;
  readonly program: RegionProgram;
  /** What the reader of a report should know, one sentence each. */
  readonly notes: readonly string[];
}

/** What a session says of the program. */
export interface RegionProgram {
  readonly command: readonly string[];
  /** Such as `3.13.0`. */
  readonly version: string;
  readonly sysPath: readonly string[];
  readonly sysPrefixes: readonly string[];
}

/** Records regions of one program. */
export interface RegionRecorder {
  /**
   * Resolves when sampling runs, with the addresses of objects that must live until the region ends.
   * @throws TimesinkError
   */
  start(options: RegionOptions): Promise<readonly number[]>;
  /** @throws TimesinkError */
  stop(end: RegionEnd): Promise<Session>;
  cancel(region: RegionId): void;
  /** Leaves out the time from `at` on; without effect on a region that is paused, or does not run. */
  pause(region: RegionId, at: Seconds): void;
  /** Ends that. */
  resume(region: RegionId, at: Seconds): void;
}
