import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seconds } from '../session/units.ts';
import { readLeftSamples } from './left-samples.ts';

const options = { interval: seconds(0.001), description: 'Program: x.py', followAwaits: true };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const hello = (pid: number): object => ({
  kind: 'hello',
  protocol: 1,
  pid,
  implementation: 'cpython',
  version: '3.12.1',
  engine: 'inprocess',
  command: ['python', 'x.py'],
  sysPath: ['/app'],
  sysPrefixes: ['/usr'],
});

const start = (startTime: number): object => ({
  kind: 'start',
  region: 1,
  interval: 0.001,
  thread: { ident: 7, nativeId: 70, name: 'MainThread' },
  threads: 'all',
  asyncMode: 'disabled',
  description: '',
  startCallStack: [],
  startTime,
  at: 100,
});

const samples = {
  kind: 'samples',
  stacks: [
    [-1, '<module>\0/app/x.py\x001\u0001l2'],
    [0, 'work\0/app/x.py\x004\u0001l5'],
  ],
  threads: [{ ident: 8, nativeId: 80, name: 'idle' }],
  regions: [
    {
      region: 1,
      rows: [
        [101, 7, 1, 1, 1, 900],
        [101, 8, 0, 0.5, 0, 400],
      ],
    },
  ],
};

const more = { kind: 'samples', regions: [{ region: 1, rows: [[102, 7, 0, 1]] }] };

const stop = (at: number, rest: object = {}): object => ({ kind: 'stop', region: 1, at, cpuTime: at - 100, ...rest });

function leave(name: string, messages: readonly object[], end = '\n'): void {
  writeFileSync(join(folder, name), messages.map((message) => JSON.stringify(message)).join('\n') + end);
}

test('a program that came to its end', async () => {
  leave('1.samples', [hello(4), start(5), samples, stop(101), more, stop(102, { sysPath: ['/b'], notes: ['Odd.'] })]);
  const { session, failures } = await readLeftSamples(folder, options);
  expect(failures).toEqual([]);
  expect(session.meta).toMatchObject({
    ...{ engine: 'inprocess', description: 'Program: x.py', startTime: 5, duration: 2, cpuTime: 2, sampleCount: 901 },
    notes: ['Odd.'],
  });
  expect(session.processes).toMatchObject([
    { pid: 4, runtimeVersion: '3.12.1', sysPath: ['/b'], sysPrefixes: ['/usr'] },
  ]);
  expect(session.threads.map(({ name, tid, isMain, state }) => [name, tid, isMain, [...state]])).toEqual([
    ['MainThread', 70, true, [1, 1]],
    ['idle', 80, false, [0]],
  ]);
});

test('a program that was killed: all up to what it wrote last', async () => {
  leave('1.samples', [hello(4), start(5), samples, stop(101), more], '\n{"kind":"st');
  const { session, failures } = await readLeftSamples(folder, options);
  expect(failures).toEqual([]);
  expect(session.meta.duration).toBe(1);
  expect(session.processes[0]?.sysPath).toEqual(['/app']);
});

test('a program that had not begun, and none that loaded the sampler', async () => {
  expect((await readLeftSamples(folder, options)).failures).toMatchObject([{ code: 'NOT_PYTHON' }]);
  leave('1.samples', [], '');
  leave('2.samples', [hello(4)]);
  writeFileSync(join(folder, 'sitecustomize.py'), '');
  const { session, failures } = await readLeftSamples(folder, options);
  expect(failures).toEqual([]);
  expect(session).toMatchObject({ threads: [], meta: { engine: 'inprocess', duration: 0 } });
});

test('several programs stand side by side', async () => {
  leave('1.samples', [hello(4), start(5), samples, stop(101)]);
  leave('2.samples', [hello(6), start(7), samples, stop(101)]);
  const { session } = await readLeftSamples(folder, options);
  expect(session.processes.map(({ pid }) => pid)).toEqual([4, 6]);
  expect(session.meta).toMatchObject({ duration: 3, description: 'Program: x.py' });
});

test.each([
  ['no JSON', '{'],
  ['another message', '{"kind":"drop","sessions":[]}'],
  ['a second beginning', JSON.stringify(hello(1))],
  ['a stack that was not sent', '{"kind":"samples","regions":[{"region":1,"rows":[[1,7,99,1]]}]}'],
  ['a row that is none', '{"kind":"samples","regions":[{"region":1,"rows":[[1,7,0]]}]}'],
])('of a damaged file, what stands before the damage: %s', async (_, line) => {
  leave('1.samples', [hello(4), start(5), samples, stop(101)], `\n${line}\n${JSON.stringify(stop(105))}\n`);
  const { session, failures } = await readLeftSamples(folder, options);
  expect(failures).toMatchObject([{ code: 'INVALID_FILE', message: expect.stringContaining('is missing') }]);
  expect(session.meta.duration).toBe(1);
});
