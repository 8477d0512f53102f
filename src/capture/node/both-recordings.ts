/** How do a recording from outside and what Node.js processes left become one? */
import { readFileSync } from 'node:fs';
import { mergeSessions } from '../../session/merge.ts';
import type { Session } from '../../session/session.ts';
import { TimesinkError } from '../../util/errors.ts';
import type { RecorderOptions, Recording } from '../recorder.ts';
import { readLeftThreads } from './left-threads.ts';
import { nodeSession } from './node-session.ts';

/** The recording from outside with all that was left in a folder, on one clock. */
export function withNode(outside: Recording, folder: string, options: RecorderOptions): Recording {
  const { threads, unreadable } = readLeftThreads(folder);
  const session = nodeSession(threads, options, readText);
  const both = together(outside, session, options, threads.length > 0);
  return unreadable === 0 ? both : { ...both, failures: [...both.failures, unreadableFiles(unreadable)] };
}

/** That there is no Python does not matter where there is Node.js, even if no sample was taken of it. */
function together(
  outside: Recording,
  session: Session | undefined,
  { description }: RecorderOptions,
  hasNode: boolean,
): Recording {
  const failures = outside.failures.filter(({ code }) => !(hasNode && code === 'NOT_PYTHON'));
  if (session === undefined) return { ...outside, failures };
  if (outside.session.threads.every((thread) => thread.stack.length === 0)) return { session, failures };
  const both = mergeSessions([outside.session, session], 'apart');
  const notes = [
    ...outside.session.meta.notes,
    ...session.meta.notes,
    'Python was recorded from outside, Node.js by V8.',
  ];
  return { session: { ...both, meta: { ...both.meta, description, notes } }, failures };
}

function unreadableFiles(count: number): TimesinkError {
  const what = count === 1 ? 'a part' : `${count} parts`;
  return new TimesinkError('INVALID_FILE', `${what} of the recording of Node.js could not be read and is missing`);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
