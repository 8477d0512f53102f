/** Recording from the outside, as the rest of the program sees it: follow a process tree, then get the session. */
import type { Pid } from '../session/ids.ts';
import type { Session } from '../session/session.ts';
import type { Seconds } from '../session/units.ts';
import type { TimesinkError } from '../util/errors.ts';

/** How to record. */
export interface RecorderOptions {
  /** Time between samples, ≥ 50 µs. */
  readonly interval: Seconds;
  /** Title line of the reports. */
  readonly description: string;
  /** Whether the time in which an event loop is idle goes to where its main task waits. */
  readonly followAwaits: boolean;
  /** Whether it also goes to where callbacks were given away; only some runtimes can tell. */
  readonly followCallbacks?: boolean;
}

/** A finished recording. */
export interface Recording {
  /** Has no threads when nothing could be read. */
  readonly session: Session;
  /** Why processes of the tree could not be read, each once: missing permission, an unsupported runtime, no Python at all. */
  readonly failures: readonly TimesinkError[];
}

/** A recording under way, on a thread of its own. */
export interface Recorder {
  /**
   * Watches `pid` and every process that it starts. Resolves once nothing of what `pid` does from now on is missed.
   * @param wasRunning it runs its program already: the recording begins in the middle of it
   */
  follow(pid: Pid, wasRunning?: boolean): Promise<void>;
  /** Ends the recording. Also right when the processes are gone already. */
  stop(): Promise<Recording>;
}

/** Makes a recorder; its thread is running when the promise resolves. */
export type StartRecorder = (options: RecorderOptions) => Promise<Recorder>;
