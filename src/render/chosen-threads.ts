/** Which threads are in a file that adds everything together? */
import type { ProcessIndex } from '../session/ids.ts';
import type { Session, ThreadSamples } from '../session/session.ts';
import { mainThread } from '../tree/shown-threads.ts';

/** What such formats may be asked for. */
export interface ChosenThreads {
  /** All threads of a process, not just its main thread. */
  readonly threads: boolean;
  /** All processes, not just the program's own. */
  readonly subprocesses: boolean;
}

/** The main thread of the program, unless more is asked for; it comes first. Empty when nothing was recorded. */
export function chooseThreadsTogether(
  session: Session,
  { threads, subprocesses }: ChosenThreads,
): readonly ThreadSamples[] {
  const main = mainThread(session);
  if (main === undefined) return [];
  const mains = new Map<ProcessIndex, ThreadSamples>();
  for (const thread of session.threads) {
    const known = mains.get(thread.process);
    if (known === undefined || (thread.isMain && !known.isMain)) mains.set(thread.process, thread);
  }
  const isChosen = (thread: ThreadSamples): boolean =>
    (subprocesses || thread.process === main.process) && (threads || mains.get(thread.process) === thread);
  return [main, ...session.threads.filter((thread) => thread !== main && isChosen(thread))];
}
