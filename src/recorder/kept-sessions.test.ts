import { expect, test } from 'vitest';
import { recordedSession } from '../../test/support/sessions.ts';
import { KeptSessions } from './kept-sessions.ts';
import { RequestError } from './request-error.ts';

test('says of a session what its file would, but for the samples', () => {
  const session = recordedSession();
  expect(new KeptSessions(2).add(session)).toEqual({
    session: 1,
    meta: {
      startTime: session.meta.startTime,
      duration: 1.5,
      cpuTime: 0.9,
      minInterval: 0.001,
      maxInterval: 0.001,
      sampleCount: 5,
      description: 'Program: app.py',
      startCallStack: ['MainThread\0<thread>\x00140000000000001', '<module>\0/srv/app.py\x001'],
      sysPath: ['/srv', '/usr/lib/python3.13'],
      sysPrefixes: ['/usr', '/usr', '/usr', '/usr'],
      engine: 'outside',
      notes: ['CPython 3.16 was not tested.'],
    },
  });
});

test('forgets the oldest when there are too many, and what is dropped', () => {
  const kept = new KeptSessions(2);
  const sessions = [1, 2, 3].map(() => recordedSession());
  for (const session of sessions) kept.add(session);
  expect(() => kept.get(1)).toThrow(/no longer kept/);
  expect(kept.get(2)).toBe(sessions[1]);
  kept.drop(2);
  expect(() => kept.get(2)).toThrow(RequestError);
  kept.drop(2);
  expect(kept.get(3)).toBe(sessions[2]);
  expect(() => kept.get(4)).toThrow(/does not exist/);
});

test('keeps the newest, however large', () => {
  const kept = new KeptSessions(2);
  const session = recordedSession();
  const thread = session.threads[0];
  if (thread === undefined) throw new Error('no thread');
  const rows = 2 ** 25;
  const columns = { stack: new Int32Array(rows), weight: new Float64Array(rows), state: new Uint8Array(rows) };
  const large = { ...session, threads: [{ ...thread, ...columns }] };
  kept.add(session);
  kept.add(large);
  expect(kept.get(2)).toBe(large);
  expect(() => kept.get(1)).toThrow(RequestError);
});
