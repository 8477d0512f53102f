/** Which processes and threads of two recordings belong together, and how much did they do? */
import { processKeys, threadKeys } from '../session/same-threads.ts';
import type { ProcessInfo, Session } from '../session/session.ts';
import { type ThreadTimes, threadTimes } from './shown-threads.ts';

/** The same thing in both recordings; null where it is only in the other. */
export interface Pair<T> {
  readonly before: T | null;
  readonly after: T | null;
}

/** A process, with the threads that it has in either recording. */
export interface PairedProcess {
  readonly process: Pair<ProcessInfo>;
  readonly threads: readonly Pair<ThreadTimes>[];
  /** Seconds of all its threads. */
  readonly running: { readonly before: number; readonly after: number };
}

/** Those that have threads; none is left out for having no partner. */
export function pairProcesses(before: Session, after: Session): PairedProcess[] {
  const [earlier, later] = [threadsByProcess(before), threadsByProcess(after)];
  return [...new Set([...later.keys(), ...earlier.keys()])].map((key) => {
    const [first, second] = [earlier.get(key), later.get(key)];
    const keys = new Set([...(second?.threads.keys() ?? []), ...(first?.threads.keys() ?? [])]);
    return {
      process: { before: first?.process ?? null, after: second?.process ?? null },
      threads: [...keys].map((name) => ({
        before: first?.threads.get(name) ?? null,
        after: second?.threads.get(name) ?? null,
      })),
      running: { before: first?.running ?? 0, after: second?.running ?? 0 },
    };
  });
}

interface ProcessOfSession {
  readonly process: ProcessInfo | null;
  readonly threads: Map<string, ThreadTimes>;
  running: number;
}

function threadsByProcess(session: Session): ReadonlyMap<string, ProcessOfSession> {
  const keys = processKeys(session);
  const names = threadKeys(session);
  const found = new Map<string, ProcessOfSession>();
  session.threads.forEach((thread, index) => {
    const key = keys[thread.process] ?? '';
    const process = session.processes[thread.process] ?? null;
    const known: ProcessOfSession = found.get(key) ?? { process, threads: new Map(), running: 0 };
    const times = threadTimes(session, thread);
    known.threads.set(names[index] ?? '', times);
    known.running += times.running;
    found.set(key, known);
  });
  return found;
}
