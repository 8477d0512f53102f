import { expect, test } from 'vitest';
import { deepSession, sessionFromText } from '../../test/support/session-from-text.ts';
import type { Session } from '../session/session.ts';
import { jsonRenderer } from './json.ts';
import type { RenderOptions } from './renderer.ts';

function parsed(session: Session, options: RenderOptions = {}): unknown {
  const text = jsonRenderer.render(session, options);
  if (typeof text !== 'string' || !text.endsWith('}\n')) throw new Error('not a line of JSON');
  return JSON.parse(text);
}

test('one thread has no list of threads', () => {
  expect(Object.keys(parsed(sessionFromText('1\nmain')) as object)).toEqual([
    'start_time',
    'duration',
    'sample_count',
    'target_description',
    'cpu_time',
    'root_frame',
    'version',
    'exporter',
    'interval',
    'engine',
    'runtime',
    'runtime_version',
  ]);
});

test('of a file of pyinstrument there is what pyinstrument writes', () => {
  const session = sessionFromText('1\nmain');
  const foreign = { ...session, meta: { ...session.meta, engine: 'file' as const } };
  expect(Object.keys(parsed(foreign) as object).at(-1)).toBe('root_frame');
});

test('a recording says how it was made', () => {
  expect(parsed(sessionFromText('1\nmain'))).toMatchObject({
    version: 1,
    exporter: expect.stringMatching(/^timesink \d/),
    interval: 0.001,
    engine: 'outside',
    runtime: 'python',
    runtime_version: '3.13.0',
  });
});

test('a recursion keeps every level', () => {
  const text = jsonRenderer.render(deepSession(7)) as string;
  expect(text.match(/"function"/g)).toHaveLength(7);
});

test('several threads are all listed, the main thread of the program is the root frame', () => {
  const session = sessionFromText({
    threads: [
      { name: 'worker', samples: '8    1w\nrun  run' },
      { samples: '1 3w\nmain main' },
      { samples: '2\nchild', process: 1 },
    ],
    processes: [{}, {}],
  });
  const root = (name: string, time: number): object => ({ function: name, time });
  expect(parsed(session)).toMatchObject({
    root_frame: root('main', 4),
    threads: [
      {
        process_id: 4000,
        thread_id: 100,
        name: 'worker',
        is_main: false,
        running_time: 8,
        idle_time: 1,
        root_frame: root('run', 9),
      },
      {
        process_id: 4000,
        thread_id: 101,
        name: 'MainThread',
        is_main: true,
        running_time: 1,
        idle_time: 3,
        root_frame: root('main', 4),
      },
      {
        process_id: 4001,
        thread_id: 102,
        name: 'MainThread',
        is_main: true,
        running_time: 2,
        idle_time: 0,
        root_frame: root('child', 2),
      },
    ],
  });
});

test('group ids are unique among all trees', () => {
  const samples = '1\nmain\na@/usr/lib/python3.13/a.py\nb@/usr/lib/python3.13/b.py\nc@/usr/lib/python3.13/c.py';
  const session = sessionFromText({ threads: [{ samples }, { name: 'other', samples }] });
  const text = jsonRenderer.render(session) as string;
  // The main thread's tree comes as the root frame and in the list.
  expect([...new Set(text.match(/GROUP\d+/g))]).toEqual(['GROUP1', 'GROUP2', 'GROUP3']);
});

test('nothing recorded', () => {
  expect(parsed(sessionFromText({ threads: [] }))).toMatchObject({ root_frame: null });
});

test('any name is a JSON string', () => {
  const session = sessionFromText('1\nmain');
  const functionName = '"\\\x00\n\u2028\ud800</script>';
  const renamed = { ...session, frames: session.frames.map((frame) => ({ ...frame, functionName })) };
  expect(parsed(renamed)).toMatchObject({ root_frame: { function: functionName } });
});

test('100,000 frames deep', () => {
  const text = jsonRenderer.render(deepSession(100_000)) as string;
  expect(text.match(/"function"/g)).toHaveLength(100_000);
  expect(text).toContain(`[${']}'.repeat(100_000)},"version": 1,`);
  expect(text.endsWith('"}\n')).toBe(true);
});
