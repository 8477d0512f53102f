/** When did a thread run, hold the interpreter's lock, wait for it or sleep? Its states as runs of rows. */
import { type Session, type ThreadSamples, threadState } from '../../../src/session/session.ts';
import type { IcicleLevel } from './icicle.ts';
import { LevelBuilder } from './level-builder.ts';

/** What a thread can be seen doing, by number. */
export const activities = ['idle', 'onCpu', 'holdsGil', 'waitsForGil', 'notSampled'] as const;

/** One of {@link activities}. */
export type Activity = (typeof activities)[number];

/** What people read. */
export const activityNames: Readonly<Record<Activity, string>> = {
  idle: 'idle',
  onCpu: 'on a CPU',
  holdsGil: 'holds the GIL',
  waitsForGil: 'waits for the GIL',
  notSampled: 'not sampled',
};

/** The activity of a row. */
export function activityOf(state: number, isNotSampled: boolean): Activity {
  if (isNotSampled) return 'notSampled';
  if ((state & threadState.waitsForGil) !== 0) return 'waitsForGil';
  if ((state & threadState.holdsGil) !== 0) return 'holdsGil';
  return (state & threadState.onCpu) !== 0 ? 'onCpu' : 'idle';
}

/** One box for each stretch of the same activity, which it names by its number in {@link activities}. O(rows). */
export function activityLevel(session: Session, thread: Pick<ThreadSamples, 'stack' | 'state'>): IcicleLevel {
  const isNotSampled = session.frames.map(({ kind }) => kind === 'not-sampled');
  const { frame } = session.stacks;
  const levels = new LevelBuilder();
  let [current, first] = [-1, 0];
  const rows = thread.stack.length;
  for (let row = 0; row < rows; row++) {
    const stack = thread.stack[row] as number;
    const unseen = stack >= 0 && isNotSampled[frame[stack] as number] === true;
    const activity = activities.indexOf(activityOf(thread.state[row] as number, unseen));
    if (activity === current) continue;
    if (current >= 0) levels.add(0, first, row, current);
    [current, first] = [activity, row];
  }
  if (current >= 0) levels.add(0, first, rows, current);
  return levels.finish()[0] ?? { first: new Int32Array(), last: new Int32Array(), of: new Int32Array() };
}
