/** What is said of time in which a thread ran no frame at all? */
import { type Session, threadState } from '../session/session.ts';

/** Its name where a format has no word for it. */
export const noFrameName = '[no frame]';

const runningStates = threadState.onCpu | threadState.holdsGil | threadState.waitsForGil;

/** Whether a row's state says that the thread slept. Files of other profilers hold no states: all their time is running. */
export function isAsleep({ meta }: Session, state: number): boolean {
  return meta.engine !== 'file' && (state & runningStates) === 0;
}
