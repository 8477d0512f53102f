/** What did timesink record of a program for Node.js? Runs the built command line, as `record` does for Python. */
import { readSession } from '../../src/session/file.ts';
import type { Session, ThreadSamples } from '../../src/session/session.ts';
import type { NodeVersion } from './nodes.ts';
import { type Recorded, type Row, Stacks } from './record.ts';
import { type RunOptions, runCli } from './run-cli.ts';

/**
 * Runs `timesink -o FILE ARGS` in a folder of its own with a Node.js of its own, and reads the session.
 * @throws Error with what was printed, when the run left no session
 */
export async function recordNode(
  { path }: NodeVersion,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Recorded> {
  const { env, collect = [], ...rest } = options;
  const result = await runCli(['-o', 'recorded.timesink', '--node', path, ...args], {
    ...rest,
    env: { NODE_OPTIONS: undefined, ...env },
    collect: ['recorded.timesink', ...collect],
  });
  const file = result.files.get('recorded.timesink');
  if (file === undefined) throw new Error(`nothing was recorded: ${JSON.stringify(result)}`);
  return { ...result, session: readSession(file, 'recorded.timesink') };
}

/** Rows of all threads that `which` chooses. */
export function rowsWhere(session: Session, which: (thread: ThreadSamples) => boolean): readonly Row[] {
  const stacks = new Stacks(session);
  return session.threads.filter(which).flatMap((thread) => stacks.rowsOf(thread));
}

/** Names of all functions that were seen. */
export function functionsIn(rows: readonly Row[]): ReadonlySet<string> {
  return new Set(rows.flatMap(({ frames }) => frames.map(({ functionName }) => functionName)));
}
