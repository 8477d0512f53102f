/** When did a thread run, hold the interpreter's lock, wait for it, clean up or sleep? What it did, as runs of rows. */
import { type FrameKind, type Session, type ThreadSamples, threadState } from '../../../src/session/session.ts';
import type { IcicleLevel } from './icicle.ts';
import { LevelBuilder } from './level-builder.ts';

/** What a thread can be seen doing, by number. */
export const activities = ['idle', 'onCpu', 'holdsGil', 'waitsForGil', 'collectsGarbage', 'notSampled'] as const;

/** One of {@link activities}. */
export type Activity = (typeof activities)[number];

/** What people read. */
export const activityNames: Readonly<Record<Activity, string>> = {
  idle: 'idle',
  onCpu: 'on a CPU',
  holdsGil: 'holds the GIL',
  waitsForGil: 'waits for the GIL',
  collectsGarbage: 'collects garbage',
  notSampled: 'not sampled',
};

const byKind: Partial<Record<FrameKind, Activity>> = {
  idle: 'idle',
  gc: 'collectsGarbage',
  'not-sampled': 'notSampled',
};

/** What its stacks say of a thread, by stack: idle, or collecting garbage; undefined where its state must tell. O(stacks). */
export function stackActivities({ frames, stacks }: Session): readonly (Activity | undefined)[] {
  const found: (Activity | undefined)[] = [];
  for (let stack = 0; stack < stacks.parent.length; stack++) {
    const caller = found[stacks.parent[stack] as number];
    const own = byKind[frames[stacks.frame[stack] as number]?.kind ?? 'python'];
    // What the collector calls is its work too.
    found.push(own ?? (caller === 'collectsGarbage' ? caller : undefined));
  }
  return found;
}

/** Whether a recording says what its threads did, rather than only where they were. */
export function hasStates({ meta }: Session): boolean {
  return meta.engine !== 'file';
}

function activityOf(state: number): Activity {
  if ((state & threadState.waitsForGil) !== 0) return 'waitsForGil';
  if ((state & threadState.holdsGil) !== 0) return 'holdsGil';
  return (state & threadState.onCpu) !== 0 ? 'onCpu' : 'idle';
}

/**
 * One box for each stretch of the same activity, which it names by its number in {@link activities}; none where nothing is
 * known. O(rows).
 * @param ofStacks as {@link stackActivities} gives it
 */
export function activityLevel(
  session: Session,
  thread: Pick<ThreadSamples, 'stack' | 'state'>,
  ofStacks: readonly (Activity | undefined)[],
): IcicleLevel {
  const levels = new LevelBuilder();
  const knowsStates = hasStates(session);
  let [current, first]: [Activity | undefined, number] = [undefined, 0];
  const rows = thread.stack.length;
  for (let row = 0; row <= rows; row++) {
    const own = row < rows ? ofStacks[thread.stack[row] as number] : undefined;
    const next = own ?? (row < rows && knowsStates ? activityOf(thread.state[row] as number) : undefined);
    if (row < rows && next === current) continue;
    if (current !== undefined) levels.add(0, first, row, activities.indexOf(current));
    [current, first] = [next, row];
  }
  return levels.finish()[0] ?? { first: new Int32Array(), last: new Int32Array(), of: new Int32Array() };
}
