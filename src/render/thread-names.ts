/** What are a thread and its process called where a report holds several? */
import type { ProcessInfo, Session, ThreadSamples } from '../session/session.ts';
import { truncate } from './terminal-text.ts';

const longestCommand = 40;

/** Names of threads among some of a session's. */
export interface ThreadNames {
  /** `app.py (4242)`: what a process runs, and its id; null where all threads belong to one process. */
  processOf(thread: ThreadSamples): string | null;
  /** `MainThread`, or with its process before it, `app.py (4242): MainThread`. */
  fullName(thread: ThreadSamples): string;
}

/** How to tell `threads` apart. */
export function threadNames(session: Session, threads: readonly ThreadSamples[]): ThreadNames {
  const hasSeveral = new Set(threads.map(({ process }) => process)).size > 1;
  const processOf = (thread: ThreadSamples): string | null =>
    hasSeveral ? processName(session.processes[thread.process]) : null;
  const fullName = (thread: ThreadSamples): string => {
    const process = processOf(thread);
    return process === null ? thread.name : `${process}: ${thread.name}`;
  };
  return { processOf, fullName };
}

function processName(process: ProcessInfo | undefined): string {
  const [program = '', ...rest] = process?.command ?? [];
  const words = [program.slice(program.lastIndexOf('/') + 1), ...rest].join(' ');
  return `${truncate(words === '' ? 'process' : words, longestCommand, '…')} (${process?.pid ?? '?'})`;
}
