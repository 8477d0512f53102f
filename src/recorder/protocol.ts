/** What may be asked of the recorder, and what does it answer? The lines on its pipes; docs/recorder-protocol.md. */
import type { ErrorCode } from '../util/errors.ts';

/** Counts up when requests or answers change in a way that an older client would not understand. */
export const protocolVersion = 1;

/** Largest line that is read, in bytes, and most regions at a time, kept sessions, stacks from a client, and notes of a session. */
export const limits = {
  line: 2 ** 28,
  regions: 10_000,
  sessions: 1024,
  stacks: 2 ** 20,
  notes: 20,
} as const;

/** How stacks are got: by reading the program's memory, or from a sampler inside the program. */
export type Engine = 'outside' | 'inprocess';

/** As pyinstrument 5.1.3 defines them. */
export type AsyncMode = 'disabled' | 'enabled' | 'strict';

/** What the client calls a region: any number that no running region has. */
export type RegionId = number;

/** What the recorder calls a session that it keeps. */
export type SessionId = number;

/** The program that is to be recorded. Comes first, once. */
export interface HelloRequest {
  readonly kind: 'hello';
  readonly protocol: number;
  readonly pid: number;
  /** `sys.implementation.name`. */
  readonly implementation: string;
  /** Such as `3.13.0`. */
  readonly version: string;
  readonly engine: Engine | 'auto';
  /** Frames of files below it give way to what they call. */
  readonly packageFolder: string | null;
  /** Files below it that call nothing of the program: stacks end before their frames. */
  readonly innerFiles: readonly string[];
  readonly command: readonly string[];
  readonly sysPath: readonly string[];
  readonly sysPrefixes: readonly string[];
  /** The variable whose value tells which region a context belongs to; null: there are no regions bound to contexts. */
  readonly contextVariable: ContextVariable | null;
}

/** A `contextvars.ContextVar`. */
export interface ContextVariable {
  /** `id(variable)`. */
  readonly address: number;
}

/** Begins to record. */
export interface StartRequest {
  readonly kind: 'start';
  readonly region: RegionId;
  /** In seconds. */
  readonly interval: number;
  readonly thread: StartedThread;
  /** Which threads are recorded besides the one that started: none, or all. */
  readonly threads: 'current' | 'all';
  readonly asyncMode: AsyncMode;
  /** Where `asyncMode` is not `disabled`: what binds the region to its context. */
  readonly context: RegionContext | null;
  readonly description: string;
  /** Frames as in a `.pyisession`, outermost first. */
  readonly startCallStack: readonly string[];
  /** Seconds since 1970. */
  readonly startTime: number;
  /** `time.monotonic()`; only `inprocess` needs it. */
  readonly at: number;
  /** Most rows that are kept of a thread: of longer recordings every second one, every fourth, and so on. */
  readonly maxSamples: number | null;
}

/** The thread that a region is started in. */
export interface StartedThread {
  /** `threading.get_ident()`. */
  readonly ident: number;
  /** `threading.get_native_id()`; 0 where there is none. */
  readonly nativeId: number;
  readonly name: string;
}

/** What binds a region to a context. */
export interface RegionContext {
  /** Address of the object that the context variable holds there. */
  readonly value: number;
  /** The region whose context this one's was made from. */
  readonly parent: RegionId | null;
  /** Address of the coroutine of the running task, where the client knows it. */
  readonly coroutine: number | null;
}

/** Ends a region; its session is kept. */
export interface StopRequest {
  readonly kind: 'stop';
  readonly region: RegionId;
  /** `time.monotonic()` at which the region ends. */
  readonly at: number;
  /** CPU time of the process in the region, in seconds. */
  readonly cpuTime: number;
  /** `sys.path` now; null: as it was. */
  readonly sysPath: readonly string[] | null;
  /** What the reader of a report should know, one sentence each. */
  readonly notes: readonly string[];
}

/** Ends a region of which nothing is kept. */
export interface CancelRequest {
  readonly kind: 'cancel';
  readonly region: RegionId;
}

/** From `at` on, until it is resumed, time is not part of the region. */
export interface PauseRequest {
  readonly kind: 'pause';
  readonly region: RegionId;
  readonly at: number;
}

/** From `at` on, time is part of the region again. */
export interface ResumeRequest {
  readonly kind: 'resume';
  readonly region: RegionId;
  readonly at: number;
}

/** What a sampler inside the program saw. */
export interface SamplesRequest {
  readonly kind: 'samples';
  /** Forget all stacks sent so far, before anything else. */
  readonly reset: boolean;
  /** New stacks: each one's caller (its number, −1: none) and its innermost frame as in a `.pyisession`. They are numbered from 0. */
  readonly stacks: readonly (readonly [parent: number, frame: string])[];
  readonly threads: readonly StartedThread[];
  readonly regions: readonly RegionSamples[];
}

/** Rows of one region, in the order of time. */
export interface RegionSamples {
  readonly region: RegionId;
  readonly rows: readonly SampleRow[];
}

/**
 * End on the clock of `at`, thread (`ident`), number of the stack (−1: no frames), seconds; and where the sampler knows them,
 * the state of the thread (bits of `threadState`; else it is on a CPU) and of how many looks the row is the sum (else 1).
 */
export type SampleRow = readonly [
  at: number,
  ident: number,
  stack: number,
  weight: number,
  state?: number,
  looks?: number,
];

/** Makes a report. */
export interface RenderRequest {
  readonly kind: 'render';
  readonly session: SessionId;
  /** A name that `-r` takes. */
  readonly renderer: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Shown instead of what `options` would make of the session; only for formats that show one tree. */
  readonly tree: FrameTree | null;
}

/** Asks for the `.pyisession`. */
export interface SessionRequest {
  readonly kind: 'session';
  readonly session: SessionId;
}

/** Reads a recording: from a file, out of text of a `.pyisession`, or out of bytes of any recording. */
export interface LoadRequest {
  readonly kind: 'load';
  readonly source: 'path' | 'text' | 'base64';
  readonly content: string;
}

/** Makes one session of several, one after the other. */
export interface CombineRequest {
  readonly kind: 'combine';
  readonly sessions: readonly SessionId[];
}

/** Makes a session with fewer samples. */
export interface ResampleRequest {
  readonly kind: 'resample';
  readonly session: SessionId;
  /** In seconds. */
  readonly interval: number;
}

/** Forgets sessions. */
export interface DropRequest {
  readonly kind: 'drop';
  readonly sessions: readonly SessionId[];
}

/** Asks for the tree of a session, in the order of time, with nothing left out. */
export interface TreeRequest {
  readonly kind: 'tree';
  readonly session: SessionId;
  /** Whether it begins where the recording was started. */
  readonly trimStem: boolean;
}

/** Runs processors on a tree. */
export interface ProcessRequest {
  readonly kind: 'process';
  readonly tree: FrameTree;
  readonly steps: readonly ProcessorStep[];
  readonly sysPrefixes: readonly string[] | null;
}

/** One processor, by pyinstrument's name for it. */
export interface ProcessorStep {
  readonly name: string;
  /** pyinstrument's: `filter_threshold`, `hide_regex`, `show_regex`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A tree as columns of equal length, one entry per node; parents come before children, siblings in order. */
export interface FrameTree {
  /** Each identifier once, with what follows from it. */
  readonly identifiers: readonly string[];
  /** Position of each node's identifier. */
  readonly identifier: readonly number[];
  /** −1 for the root, which is first. */
  readonly parent: readonly number[];
  /** In seconds. */
  readonly time: readonly number[];
  readonly absorbedTime: readonly number[];
  /** Seconds by attribute, such as `l12` or `cSession`. */
  readonly attributes: readonly Readonly<Record<string, number>>[];
  /** Position in `groups`, −1: none. */
  readonly group: readonly number[];
  /** The outermost node of each group. */
  readonly groups: readonly number[];
  /** After processing: the node of the tree before that a node came from, of several the first. */
  readonly source?: readonly number[];
}

/** Everything that may be asked. */
export type RecorderRequest =
  | HelloRequest
  | StartRequest
  | StopRequest
  | CancelRequest
  | PauseRequest
  | ResumeRequest
  | SamplesRequest
  | RenderRequest
  | SessionRequest
  | LoadRequest
  | CombineRequest
  | ResampleRequest
  | DropRequest
  | TreeRequest
  | ProcessRequest;

/** To `hello`. */
export interface HelloAnswer {
  readonly protocol: number;
  /** Of timesink. */
  readonly version: string;
  readonly engine: Engine;
  /** Why the engine is not `outside`, if that is so. */
  readonly refusal: PlainError | null;
}

/** To `start`. */
export interface StartAnswer {
  /** Addresses of the coroutines that may be the root of the region: the client must hold them until it has stopped. */
  readonly coroutines: readonly number[];
}

/** To all that make a session: what a `.pyisession` says of it, but its records. */
export interface SessionAnswer {
  readonly session: SessionId;
  readonly meta: SessionHead;
}

/** A session without its samples. */
export interface SessionHead {
  readonly startTime: number;
  readonly duration: number;
  readonly cpuTime: number;
  readonly minInterval: number;
  readonly maxInterval: number;
  readonly sampleCount: number;
  readonly description: string;
  readonly startCallStack: readonly string[];
  readonly sysPath: readonly string[];
  readonly sysPrefixes: readonly string[];
  /** `file` for one that was read. */
  readonly engine: string;
  readonly notes: readonly string[];
}

/** To `render`. */
export type RenderAnswer = { readonly text: string } | { readonly base64: string };

/** To `tree` and `process`; null for a session without samples. */
export interface TreeAnswer {
  readonly tree: FrameTree | null;
  /** Short form of each identifier's file. */
  readonly shortPaths: readonly string[];
  /** Whether each node is the application's own code. */
  readonly application: readonly boolean[];
}

/** Codes of its own: the request has the wrong form; there is no such region, or it is there already; no such session; too many. */
export type RequestErrorCode = ErrorCode | 'MALFORMED' | 'REGION' | 'SESSION' | 'LIMIT';

/** An error in an answer. */
export interface PlainError {
  readonly code: RequestErrorCode;
  readonly message: string;
  readonly hint: string | null;
}
