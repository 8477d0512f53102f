/** What does each thread of a recorded Node.js process leave in the recording's folder? Shared by both sides; no code runs here but names. */

/** Tells the preloaded module where and how to record: JSON of {@link NodeRecording}. */
export const recordingVariable = 'TIMESINK_NODE_RECORDING';

/** How Node.js processes are to be recorded. */
export interface NodeRecording {
  /** Absolute path of the folder to leave files in. */
  readonly folder: string;
  /** Process that started the program. */
  readonly owner: number;
  /** Sampling interval in µs. */
  readonly interval: number;
  /** Whether idle time is attributed to awaits. */
  readonly awaits: boolean;
  /** Whether what callbacks end is, too. */
  readonly callbacks: boolean;
}

/** Ends the names of files with {@link ThreadFacts}; what stands before it names the thread, and begins its segments' names. */
export const factsEnding = '.thread.json';

/** Ends the names of files with a {@link Segment}; before it stands the segment's number. */
export const segmentEnding = '.segment.json';

/** Left once, when a thread starts. Moments are µs on the monotonic clock, as in V8's profiles, unless it says otherwise. */
export interface ThreadFacts {
  readonly pid: number;
  readonly parentPid: number;
  /** Of the operating system; 0 where unknown. */
  readonly tid: number;
  /** Node's own: 0 for the main thread. */
  readonly threadId: number;
  readonly name: string;
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
  /** Such as `24.1.0`. */
  readonly version: string;
  readonly cwd: string;
  /** Real path of the program's file, `''` where there is none. */
  readonly main: string;
  /** One moment on two clocks: the monotonic one, and ms since 1970. */
  readonly clock: { readonly monotonic: number; readonly unix: number };
  /** When the profiler was about to start. */
  readonly begin: number;
  /** CPU time of the process so far, in µs. */
  readonly cpu: number;
  /** The preloaded module's own file: its frames are no part of the program. `''` where there is none. */
  readonly preload: string;
  /** Whether the program had begun long before it was recorded. */
  readonly wasRunning: boolean;
}

/** A piece of a thread's recording; its pieces follow each other without a gap. */
export interface Segment {
  /** A V8 CPU profile, as `Profiler.stop` of the DevTools protocol gives it. */
  readonly profile: unknown;
  readonly awaits: AwaitRecords | null;
  /** When it was left. */
  readonly until: number;
  /** CPU time of the process so far, in µs. */
  readonly cpu: number;
  /** Whether the thread ended in good order after it: nothing is missing then. */
  readonly isLast: boolean;
  /** What a reader of the report should know, each a sentence. */
  readonly notes: readonly string[];
  /** Source maps of scripts that only the process has, by their URL: of loaders that translate. */
  readonly maps: Readonly<Record<string, unknown>>;
}

/** Which awaits ended idle time. */
export interface AwaitRecords {
  /** Every distinct stack that an await was met at. */
  readonly stacks: readonly AwaitStack[];
  /** In order of time: the moment at which an await went on, in µs, and the position of its stack. */
  readonly ends: readonly (readonly [at: number, stack: number])[];
}

/** Innermost frame first, as in the text of an error. */
export type AwaitStack = readonly AwaitFrame[];

/**
 * Name, file or URL, line and column of the call, line and column of the function's start (0 where unknown), all from 1; and
 * whether the call waits for what it called (1) or is under way (0).
 */
export type AwaitFrame = readonly [
  name: string,
  url: string,
  line: number,
  column: number,
  startLine: number,
  startColumn: number,
  waits: number,
];
