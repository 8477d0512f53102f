/** What was recorded: the one value between capturing and everything that comes after. Readonly, a struct of arrays. */
import type { FrameIndex, Pid, ProcessIndex, Tid } from './ids.ts';
import type { Seconds, UnixSeconds } from './units.ts';

/**
 * What a frame stands for. `thread` is the outermost entry of stacks from a `.pyisession`; `await`, `out-of-context`
 * and `not-sampled` are leaves that stand for time rather than for code.
 */
export const frameKinds = [
  'python',
  'javascript',
  'native',
  'builtin',
  'gc',
  'idle',
  'thread',
  'await',
  'out-of-context',
  'not-sampled',
] as const;

/** One of {@link frameKinds}. */
export type FrameKind = (typeof frameKinds)[number];

/** One function (or other place where time goes), the same whatever line it is at. */
export interface FrameInfo {
  readonly kind: FrameKind;
  /** Bare name of the function, as in its code object: not qualified. */
  readonly functionName: string;
  /** File as the program names it, `''` where empty; null for an entry that is only a name, such as `[await]`. */
  readonly file: string | null;
  /** Line of the `def`, counted from 1; 0 where there is none. */
  readonly firstLine: number;
  /** Short name of the class whose method this is, or null. */
  readonly className: string | null;
  /** Whether the frame has a local `__tracebackhide__` or `__traceback_hide__`. */
  readonly hidden: boolean;
}

/** Every distinct frame, each once. */
export type FrameTable = readonly FrameInfo[];

/**
 * All stacks as a trie: a stack is its innermost entry plus the stack below it. The columns have equal length;
 * `parent[i] < i`, or `noStack` (−1) for an outermost frame.
 */
export interface StackTable {
  readonly parent: Int32Array;
  /** {@link FrameIndex} of each stack's innermost frame. */
  readonly frame: Int32Array;
  /** The line that frame was at, counted from 1; −1 where unknown. */
  readonly line: Int32Array;
}

/** Bits of {@link ThreadSamples.state}. None set: the thread was asleep. */
export const threadState = { onCpu: 1, holdsGil: 2, waitsForGil: 4 } as const;

/**
 * The samples of one thread in time order, as columns of equal length. Neighbours with equal stack and state are merged
 * into one row, so length grows with change and not with time.
 */
export interface ThreadSamples {
  readonly process: ProcessIndex;
  readonly tid: Tid;
  /** What Python's `threading.get_ident()` gives; 0 where unknown. */
  readonly ident: number;
  readonly name: string;
  readonly isMain: boolean;
  /** From the session's start to the beginning of the first row. */
  readonly start: Seconds;
  /** How often this thread was looked at; at least the number of rows. */
  readonly sampleCount: number;
  /** StackIndex of each row; −1 where the thread ran no frame. */
  readonly stack: Int32Array;
  /** Seconds of each row, ≥ 0. Rows follow each other without a gap. */
  readonly weight: Float64Array;
  /** OR of {@link threadState} bits, for each row. */
  readonly state: Uint8Array;
}

/** A process that was recorded. */
export interface ProcessInfo {
  readonly pid: Pid;
  /** The process that started this one; 0 where unknown. */
  readonly parentPid: Pid;
  readonly command: readonly string[];
  /** `python` or `node`; `other` for files that do not say. */
  readonly runtime: 'python' | 'node' | 'other';
  /** Such as `3.13.0`; `''` where unknown. */
  readonly runtimeVersion: string;
  /** From the session's start. */
  readonly start: Seconds;
  readonly duration: Seconds;
  /** CPU time of all its threads while it was recorded. */
  readonly cpuTime: Seconds;
  /** `sys.path` at the end of the recording. */
  readonly sysPath: readonly string[];
  /**
   * `sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix`; equal ones are kept. Then the folder or file of
   * the package that is the program itself, if one is; of a program of JavaScript that alone.
   */
  readonly sysPrefixes: readonly string[];
}

/** How well the recording went: what a reader must know before trusting it. */
export interface CaptureQuality {
  /** Moments at which the recorder looked, and moments at which it should have but could not. */
  readonly ticks: number;
  readonly missedTicks: number;
  /** Stacks read, and how many of them could not be read whole. */
  readonly samples: number;
  readonly incompleteSamples: number;
  /** Stacks that had to be read more than once. */
  readonly retries: number;
  /** Time not charged to any stack because nobody looked (`[not sampled]`). */
  readonly notSampled: Seconds;
  /** Processes of the program's tree that ended before they could be read. */
  readonly unseenProcesses: number;
}

/** Everything about a recording that is not a sample. */
export interface SessionMeta {
  /** Title line of every report, such as `Program: app.py --fast`. */
  readonly description: string;
  readonly startTime: UnixSeconds;
  /** Wall time from start to stop. */
  readonly duration: Seconds;
  readonly cpuTime: Seconds;
  /** Sampling interval asked for. They differ only in combined sessions. */
  readonly minInterval: Seconds;
  readonly maxInterval: Seconds;
  /** What reports show as "Samples". */
  readonly sampleCount: number;
  /** Who recorded: `outside` (memory of the process read), `inprocess`, `v8`, or `file` for a foreign one. */
  readonly engine: 'outside' | 'inprocess' | 'v8' | 'file';
  /** Frames of the place that started the recording, outermost first; empty for a whole program. */
  readonly startCallStack: readonly FrameIndex[];
  /** The line each of these frames was at, −1 where unknown; absent when none is known. */
  readonly startCallLines?: readonly number[];
  readonly quality: CaptureQuality;
  /** Remarks for the reader of the report, each one sentence, such as an untested Python version. */
  readonly notes: readonly string[];
}

/** One recording. `processes[0]` is the program itself; `threads` name their process by position. */
export interface Session {
  readonly meta: SessionMeta;
  readonly frames: FrameTable;
  readonly stacks: StackTable;
  readonly processes: readonly ProcessInfo[];
  readonly threads: readonly ThreadSamples[];
}
