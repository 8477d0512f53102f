/** How do a recording from outside and what Node.js processes left become one? */
import { readFileSync } from 'node:fs';
import { flawlessQuality } from '../../session/flawless-quality.ts';
import { mergeSessions } from '../../session/merge.ts';
import type { Session } from '../../session/session.ts';
import { seconds } from '../../session/units.ts';
import { TimesinkError } from '../../util/errors.ts';
import type { RecorderOptions, Recording } from '../recorder.ts';
import { type LeftThread, readLeftThreads } from './left-threads.ts';
import { nodeSession, statedProcess } from './node-session.ts';
import { nodeNotes } from './recording-notes.ts';

/** The recording from outside with all that was left in a folder, on one clock. */
export function withNode(outside: Recording, folder: string, options: RecorderOptions): Recording {
  const { threads, unreadable } = readLeftThreads(folder);
  const session = nodeSession(threads, options, readText);
  const both = together(outside, session, options, threads);
  return unreadable === 0 ? both : { ...both, failures: [...both.failures, unreadableFiles(unreadable)] };
}

/** That there is no Python does not matter where there is Node.js, even if no sample was taken of it. */
function together(
  outside: Recording,
  session: Session | undefined,
  options: RecorderOptions,
  threads: readonly LeftThread[],
): Recording {
  const failures = outside.failures.filter(({ code }) => !(threads.length > 0 && code === 'NOT_PYTHON'));
  const isOnlyNode = outside.session.threads.every((thread) => thread.stack.length === 0);
  if (session === undefined) {
    const isUnseen = isOnlyNode && threads.length > 0;
    return { session: isUnseen ? withoutSamples(outside.session, threads, options) : outside.session, failures };
  }
  if (isOnlyNode) return { session, failures };
  const both = mergeSessions([outside.session, session], 'apart');
  const notes = [
    ...outside.session.meta.notes,
    ...session.meta.notes,
    outside.session.meta.engine === 'inprocess'
      ? 'Python sampled itself, Node.js was recorded by V8.'
      : 'Python was recorded from outside, Node.js by V8.',
  ];
  return { session: { ...both, meta: { ...both.meta, description: options.description, notes } }, failures };
}

/** Node.js ran, and nothing of the program: one that cannot be compiled, say. */
function withoutSamples(outside: Session, threads: readonly LeftThread[], { interval }: RecorderOptions): Session {
  const times = { duration: seconds(0), cpuTime: seconds(0) };
  const [program] = threads.map(({ facts }) => ({ ...statedProcess(facts), start: seconds(0), ...times }));
  const notes = nodeNotes(threads, [], interval);
  return {
    ...outside,
    meta: { ...outside.meta, ...times, engine: 'v8', sampleCount: 0, quality: flawlessQuality(0), notes },
    processes: program === undefined ? [] : [program],
    threads: [],
  };
}

function unreadableFiles(count: number): TimesinkError {
  const what = count === 1 ? 'a part' : `${count} parts`;
  return new TimesinkError(
    'INVALID_FILE',
    `${what} of the recording of Node.js could not be read and ${count === 1 ? 'is' : 'are'} missing`,
  );
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
