import { expect, test } from 'vitest';
import type { RegionOptions } from '../capture/region.ts';
import type { Pid } from '../session/ids.ts';
import type { Session } from '../session/session.ts';
import { seconds, type UnixSeconds } from '../session/units.ts';
import { InprocessRecorder } from './inprocess.ts';
import { limits } from './protocol.ts';
import { RequestError } from './request-error.ts';

const program = { command: ['python'], version: '3.11.13', sysPath: [], sysPrefixes: [] };

const options = (region: number): RegionOptions => ({
  region,
  interval: seconds(0.001),
  thread: { ident: 7, nativeId: 70, name: 'MainThread' },
  allThreads: true,
  maxSamples: 1000,
  context: null,
  description: 'block',
  startCallStack: ['main\0/app/a.py\x001'],
  startTime: 5 as UnixSeconds,
  at: seconds(100),
});

const stop = (recorder: InprocessRecorder, region: number): Promise<Session> =>
  recorder.stop({ region, at: seconds(102), cpuTime: seconds(1), program, notes: [] });

const samples = { reset: false, stacks: [], threads: [], regions: [] };

test('makes a session of the rows of each thread', async () => {
  const recorder = new InprocessRecorder(1 as Pid, { folder: null, innerFiles: [] });
  await recorder.start(options(1));
  recorder.add({
    ...samples,
    stacks: [
      [-1, 'main\0/app/a.py\x001\u0001l2'],
      [0, 'work\0/app/a.py\x004\u0001l5'],
    ],
    threads: [{ ident: 8, nativeId: 80, name: 'other' }],
    regions: [
      {
        region: 1,
        rows: [
          [101, 7, 1, 1],
          [101.5, 8, 0, 0.5],
          [102, 7, 1, 1],
        ],
      },
    ],
  });
  const session = await stop(recorder, 1);
  expect(session.meta).toMatchObject({ engine: 'inprocess', duration: 2, sampleCount: 2, startTime: 5 });
  expect(session.threads.map(({ name, start, isMain, tid }) => [name, start, isMain, tid])).toEqual([
    ['MainThread', 0, true, 70],
    ['other', 1, false, 80],
  ]);
  expect([...(session.threads[0]?.weight ?? [])]).toEqual([2]);
  expect(session.processes[0]).toMatchObject({ runtimeVersion: '3.11.13', command: ['python'] });
});

test('begins its stacks anew, and keeps those of what runs', async () => {
  const recorder = new InprocessRecorder(1 as Pid, { folder: null, innerFiles: [] });
  await recorder.start(options(1));
  recorder.add({ ...samples, stacks: [[-1, 'a']], regions: [{ region: 1, rows: [[101, 7, 0, 1]] }] });
  recorder.add({ ...samples, reset: true, stacks: [[-1, 'b']], regions: [{ region: 1, rows: [[102, 7, 0, 1]] }] });
  const session = await stop(recorder, 1);
  expect(session.frames.map(({ functionName }) => functionName).sort()).toEqual(['a', 'b', 'main']);
});

test('refuses stacks that it does not know, and too many', async () => {
  const recorder = new InprocessRecorder(1 as Pid, { folder: null, innerFiles: [] });
  await recorder.start(options(1));
  const row = { region: 1, rows: [[101, 7, 0, 1]] } as const;
  expect(() => recorder.add({ ...samples, regions: [row] })).toThrow(RequestError);
  expect(() => recorder.add({ ...samples, stacks: [[0, 'a']] })).toThrow('there is no stack 0');
  expect(() => recorder.add({ ...samples, stacks: [[-1, 'a\0b']] })).toThrow(/stacks\[0\]/);
  const many = Array.from({ length: limits.stacks + 1 }, () => [-1, 'a'] as const);
  expect(() => recorder.add({ ...samples, stacks: many })).toThrow(expect.objectContaining({ code: 'LIMIT' }));
});

test('passes over rows of regions that have ended', async () => {
  const recorder = new InprocessRecorder(1 as Pid, { folder: null, innerFiles: [] });
  await recorder.start(options(1));
  recorder.cancel(1);
  recorder.add({ ...samples, stacks: [[-1, 'a']], regions: [{ region: 1, rows: [[101, 7, 0, 1]] }] });
  await recorder.start(options(1));
  expect((await stop(recorder, 1)).threads).toEqual([]);
});
