/** What counts as time: all of it, time on a CPU, or time with the interpreter's lock? */
import { type Session, type ThreadSamples, threadState } from '../../src/session/session.ts';
import { keepRows } from './keep-rows.ts';

/** What a second of the recording counts for. */
export const weights = ['wall', 'cpu', 'gil'] as const;

/** One of {@link weights}. */
export type Weight = (typeof weights)[number];

/** Whether a word is a weight. */
export function isWeight(word: string): word is Weight {
  return weights.some((weight) => weight === word);
}

/** What people read. */
export const weightNames: Readonly<Record<Weight, string>> = { wall: 'Wall', cpu: 'CPU', gil: 'GIL' };

/** What each counts, as a sentence. */
export const weightHelp: Readonly<Record<Weight, string>> = {
  wall: 'All time, waiting included',
  cpu: 'Only time on a CPU',
  gil: 'Only time that held the interpreter’s lock',
};

const bits: Readonly<Record<Exclude<Weight, 'wall'>, number>> = {
  cpu: threadState.onCpu,
  gil: threadState.holdsGil,
};

/** The weights that a recording can be seen by: states are in our own recordings, and not in all of them. */
export function availableWeights({ meta, threads }: Session): readonly Weight[] {
  if (meta.engine === 'file') return ['wall'];
  let seen = 0;
  for (const { state } of threads) for (const value of state) seen |= value;
  return weights.filter((weight) => weight === 'wall' || (seen & bits[weight]) !== 0);
}

/** The rows of a thread that count. Between them nothing is left: only sums of them mean something, not moments. */
export function weighThread(thread: ThreadSamples, weight: Weight): ThreadSamples {
  if (weight === 'wall') return thread;
  const bit = bits[weight];
  const rows: number[] = [];
  thread.state.forEach((state, row) => {
    if ((state & bit) !== 0) rows.push(row);
  });
  return keepRows(thread, rows);
}

/** The session with the rows that count, and a note that says so; as it is where all time counts. */
export function weighSession(session: Session, weight: Weight): Session {
  if (weight === 'wall') return session;
  const note = weight === 'cpu' ? 'Only time on a CPU counts.' : 'Only time with the GIL counts.';
  return {
    ...session,
    meta: { ...session.meta, notes: [...session.meta.notes, note] },
    threads: session.threads.map((thread) => weighThread(thread, weight)),
  };
}
