/** What does pyinstrument itself make of a session? One process of it answers many questions. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RenderOptions } from '../../src/render/renderer.ts';

const script = fileURLToPath(new URL('pyinstrument_answers.py', import.meta.url));

/** A report to make. */
export interface Wish {
  readonly format: 'text' | 'json';
  readonly options: RenderOptions;
}

/** A report, or the name of the exception that it ended with. */
export type WishedReport = { readonly text: string } | { readonly error: string };

/** What came of one session. */
export interface Answer {
  /** The session as pyinstrument saves it. */
  readonly saved: string;
  /** In the order of the wishes. */
  readonly reports: readonly WishedReport[];
}

/** Asks about one session: the text of a `.pyisession`, and the reports to make of it. */
export type Ask = (session: string, reports: readonly Wish[]) => Promise<Answer>;

/**
 * Calls `use` with a running pyinstrument, and ends that afterwards.
 * @param python an interpreter that has pyinstrument
 */
export async function withPyinstrument(python: string, use: (ask: Ask) => Promise<void>): Promise<void> {
  // The working directory is the root: pyinstrument would shorten paths by any other.
  const child = spawn(python, [script], { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'], env: { PYTHONUTF8: '1' } });
  const lines = createInterface({ input: child.stdout, crlfDelay: Infinity })[Symbol.asyncIterator]();
  try {
    await use(async (session, reports) => {
      child.stdin.write(`${JSON.stringify({ session, reports })}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error('pyinstrument has ended');
      return JSON.parse(value) as Answer;
    });
  } finally {
    child.stdin.end();
    await ended(child);
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}
