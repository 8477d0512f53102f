/** What did timesink record of a program? Runs the built command line and takes the session apart for tests. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSession } from '../../src/session/file.ts';
import { noStack } from '../../src/session/ids.ts';
import type { FrameInfo, Session, ThreadSamples } from '../../src/session/session.ts';
import type { Python } from './pythons.ts';
import { type RunOptions, type RunResult, runCli } from './run-cli.ts';

/** A finished run with the session that it left. */
export interface Recorded extends RunResult {
  readonly session: Session;
}

/** A frame of a recorded stack, at its line. */
export interface FrameAtLine extends FrameInfo {
  readonly line: number;
}

/** Neighbouring samples of one thread that found the same. */
export interface Row {
  /** Outermost first. */
  readonly frames: readonly FrameAtLine[];
  readonly seconds: number;
  readonly state: number;
}

/** The text of a target program under `test/programs`. */
export function programText(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../programs/${name}`, import.meta.url)), 'utf8');
}

/**
 * Runs `timesink -o FILE ARGS` in a folder of its own and reads the session.
 * @throws Error with what was printed, when the run left no session
 */
export async function record(python: Python, args: readonly string[], options: RunOptions = {}): Promise<Recorded> {
  const { env, collect = [], ...rest } = options;
  const result = await runCli(['-o', 'recorded.timesink', ...args], {
    ...rest,
    env: { TIMESINK_PYTHON: python.path, PYTHONDONTWRITEBYTECODE: '1', ...env },
    collect: ['recorded.timesink', ...collect],
  });
  const file = result.files.get('recorded.timesink');
  if (file === undefined) throw new Error(`nothing was recorded: ${JSON.stringify(result)}`);
  return { ...result, session: readSession(file, 'recorded.timesink') };
}

/** The stacks of a session, each taken apart once. */
export class Stacks {
  readonly #session: Session;
  readonly #known = new Map<number, readonly FrameAtLine[]>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Everything that a thread did, in order. */
  rowsOf(thread: ThreadSamples): readonly Row[] {
    return Array.from(thread.stack, (stack, at) => ({
      frames: this.frames(stack),
      seconds: thread.weight[at] as number,
      state: thread.state[at] as number,
    }));
  }

  /** The frames of a stack, outermost first. */
  frames(stack: number): readonly FrameAtLine[] {
    let frames = this.#known.get(stack);
    if (frames === undefined) {
      const { stacks, frames: table } = this.#session;
      const reversed: FrameAtLine[] = [];
      for (let at = stack; at !== noStack; at = stacks.parent[at] as number) {
        reversed.push({ ...(table[stacks.frame[at] as number] as FrameInfo), line: stacks.line[at] as number });
      }
      frames = reversed.reverse();
      this.#known.set(stack, frames);
    }
    return frames;
  }
}

/** The main thread of a process; default: of the program itself. */
export function mainThread(session: Session, process = 0): ThreadSamples {
  const thread = session.threads.find((candidate) => candidate.process === process && candidate.isMain);
  if (thread === undefined) throw new Error(`process ${process} has no main thread in the recording`);
  return thread;
}

/** Rows of a process's main thread. */
export function mainRows(session: Session, process = 0): readonly Row[] {
  return new Stacks(session).rowsOf(mainThread(session, process));
}

/** A frame as `Class.function`, a C function as `function()`. */
export function nameOf({ kind, className, functionName }: FrameInfo): string {
  if (kind === 'builtin') return `${functionName}()`;
  return className === null ? functionName : `${className}.${functionName}`;
}

/** Names of a stack, outermost first, as `a > b > c()`. */
export function pathOf(frames: readonly FrameInfo[]): string {
  return frames.map(nameOf).join(' > ');
}

/** Seconds by what `key` says of each row; rows of which it says undefined are left out. */
export function secondsBy(rows: readonly Row[], key: (row: Row) => string | undefined): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const name = key(row);
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + row.seconds);
  }
  return sums;
}

/** Seconds of all rows. */
export function totalSeconds(rows: readonly Row[]): number {
  return rows.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** The outermost frame of each thread, each name once. */
export function rootsOf(session: Session, thread: ThreadSamples): readonly string[] {
  const stacks = new Stacks(session);
  return [...new Set(stacks.rowsOf(thread).map(({ frames }) => (frames[0] ? nameOf(frames[0]) : '(none)')))];
}
