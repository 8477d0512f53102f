/** Which threads does the page show, and in which order? */
import type { Session } from '../../src/session/session.ts';
import { busyThreads, chooseThreads } from '../../src/tree/shown-threads.ts';
import type { ThreadChoice } from '../state/state.ts';

/** Positions of the chosen threads in the session, the busiest process and its busiest thread first, as in the text report. */
export function chosenPositions(session: Session, choice: ThreadChoice): readonly number[] {
  if (choice.kind === 'some') {
    const known = choice.positions.filter((position) => session.threads[position] !== undefined);
    return known.length > 0 ? known : chosenPositions(session, { kind: 'busy' });
  }
  const isAll = choice.kind === 'all';
  const { whole } = chooseThreads(session, { threads: isAll, subprocesses: isAll });
  return whole.flatMap(({ shown }) => shown.map(({ thread }) => session.threads.indexOf(thread)));
}

/** Those of them that hottest lines are looked for in: not a main thread that is shown only though it waits. */
export function hottestPositions(session: Session, choice: ThreadChoice): readonly number[] {
  if (choice.kind !== 'busy') return chosenPositions(session, choice);
  const { whole } = chooseThreads(session, { threads: false, subprocesses: false });
  return whole.flatMap((process) => busyThreads(process).map((thread) => session.threads.indexOf(thread)));
}
