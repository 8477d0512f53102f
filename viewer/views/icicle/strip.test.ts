import { expect, test } from 'vitest';
import type { Session } from '../../../src/session/session.ts';
import { javascriptSession } from '../../../test/support/javascript-session.ts';
import { recordedSession } from '../../../test/support/sessions.ts';
import { activities, activityLevel, stackActivities } from './strip.ts';

/** First row and activity of each stretch. */
function stretches(session: Session, position = 0): readonly string[] {
  const thread = session.threads[position];
  if (thread === undefined) throw new Error('no thread');
  const { first, last, of } = activityLevel(session, thread, stackActivities(session));
  return [...of].map((activity, box) => `${first[box]}–${last[box]} ${activities[activity]}`);
}

test('what a Python thread did', () => {
  expect(stretches(recordedSession())).toEqual(['0–2 holdsGil', '2–3 idle']);
  expect(stretches(recordedSession(), 1)).toEqual(['0–1 waitsForGil', '1–2 notSampled']);
});

test('a JavaScript thread: the garbage collector is seen in its stacks', () => {
  expect(stretches(javascriptSession())).toEqual([...['0–2 onCpu', '2–3 collectsGarbage', '3–5 onCpu', '5–7 idle']]);
});

test('without states, only what stacks say', () => {
  const session = javascriptSession();
  const imported = { ...session, meta: { ...session.meta, engine: 'file' } as const };
  expect(stretches(imported)).toEqual(['2–3 collectsGarbage', '6–7 idle']);
});
