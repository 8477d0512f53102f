import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anySession } from '../../test/support/any-session.ts';
import { arbitrarySession, mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { absurdTimes } from '../../test/support/format-sessions.ts';
import { type ReadPprof, readPprof } from '../../test/support/pprof-reader.ts';
import { deepSession, sessionFromText } from '../../test/support/session-from-text.ts';
import { recordedSession } from '../../test/support/sessions.ts';
import { expectSeconds, nameOf, type StackSeconds, StackSums, stackSeconds } from '../../test/support/stack-seconds.ts';
import type { FrameInfo, Session, ThreadSamples } from '../session/session.ts';
import { buildCallTree } from '../tree/call-tree.ts';
import { pprofRenderer } from './pprof.ts';

function written(session: Session): ReadPprof {
  return readPprof(pprofRenderer.render(session) as Uint8Array);
}

/** Sum of one value over all samples. */
function total({ samples, sampleTypes }: ReadPprof, type: string): number {
  const index = sampleTypes.indexOf(type);
  return samples.reduce((sum, { values }) => sum + (values[index] ?? Number.NaN), 0);
}

function wallTimes({ samples }: ReadPprof): StackSeconds {
  const sums = new StackSums();
  for (const { frames, values } of samples)
    sums.add(
      frames.map(({ name }) => name),
      (values.at(-1) ?? 0) / 1e9,
    );
  return sums.seconds;
}

const anywhere = (): string => '[no frame]';

test('stacks with their lines, times and labels', () => {
  const { samples, ...facts } = written(recordedSession());
  expect(facts).toEqual({
    sampleTypes: ['samples/count', 'cpu/nanoseconds', 'wall/nanoseconds'],
    defaultSampleType: 'wall',
    mappings: [{ filename: 'python3', hasFunctions: true }],
    comments: ['Program: app.py', expect.stringMatching(/^timesink \d/), 'CPython 3.16 was not tested.'],
    timeNanos: 1_700_000_000_250_000_000,
    durationNanos: 1_500_000_000,
    period: 1_000_000,
    periodType: 'wall/nanoseconds',
  });
  const lines = samples.map(({ frames, values, labels }) => {
    const path = frames.map(({ name, file, startLine, line }) => `${name} ${file}:${startLine}:${line}`).join(' > ');
    return `${values.join(' ')} ${labels['pid']}/${labels['process']}/${labels['thread_id']}/${labels['thread']} ${path}`;
  });
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "1 125000000 125000000 4242/python3 app.py/4242/MainThread [no frame] :0:0
    2 750000000 750000000 4242/python3 app.py/4242/MainThread <module> /srv/app.py:1:20 > Box.price /srv/app.py:5:7
    1 0 250000000 4242/python3 app.py/4242/MainThread <module> /srv/app.py:1:20 > sleep <built-in>:0:0
    1 0 750000000 4242/python3 app.py/4243/Thread-1 (run) Thread.run /srv/app.py:1:9
    0 0 250000000 4242/python3 app.py/4243/Thread-1 (run) [not sampled] :0:0"
  `);
});

test('a method has its class in its name, and its bare name as the name of the system', () => {
  const [sample] = written(sessionFromText('1\nBox.price:3')).samples;
  expect(sample?.frames).toEqual([
    { name: 'Box.price', systemName: 'price', file: '/app/main.py', startLine: 1, line: 3 },
  ]);
});

test('threads and processes are kept apart', () => {
  const samples = '1 2w\nmain main';
  const threads = [{ samples }, { name: 'w', samples }, { samples, process: 1 }];
  const read = written(sessionFromText({ threads, processes: [{}, {}] }));
  expect(read.samples.map(({ labels, values }) => [labels['pid'], labels['thread'], ...values])).toEqual([
    ['4000', 'MainThread', 2, 1e9, 3e9],
    ['4000', 'w', 2, 1e9, 3e9],
    ['4001', 'MainThread', 2, 1e9, 3e9],
  ]);
});

test('a row is many looks at a thread, a gap in the recording is none', () => {
  const session = sessionFromText('3    1   2\nmain f   [not sampled]');
  const threads = session.threads.map((thread) => ({ ...thread, sampleCount: 10 }));
  expect(written({ ...session, threads }).samples.map(({ values }) => values[0])).toEqual([7, 3, 0]);
});

test('an imported session has no CPU time', () => {
  const read = written(sessionFromText({ threads: [{ samples: '1\nmain' }], meta: { engine: 'file' } }));
  expect(read.sampleTypes).toEqual(['samples/count', 'wall/nanoseconds']);
  expect(read.samples.map(({ values }) => values)).toEqual([[1, 1e9]]);
});

test('nothing recorded', () => {
  const read = written(sessionFromText({ threads: [], processes: [] }));
  expect(read).toMatchObject({ samples: [], defaultSampleType: 'wall', mappings: [{ filename: '' }] });
});

test('all times add up to the tree’s', () => {
  fc.assert(
    fc.property(arbitrarySession, (session) => {
      const tree = buildCallTree(session, mainThreadOf(session), { importMachinery: false, hidden: false });
      expect(Math.abs(total(written(session), 'wall/nanoseconds') - (tree?.time ?? 0) * 1e9)).toBeLessThan(0.51);
    }),
  );
});

test('any session gives a file that another decoder reads, with the time of every path', () => {
  fc.assert(
    fc.property(anySession('outside'), (session) => {
      const read = written(session);
      const looks = session.threads.map((thread) => looksAt(session, thread)).reduce((sum, count) => sum + count, 0);
      expect(Math.abs(total(read, 'samples/count') - looks)).toBeLessThanOrEqual(looks * 1e-12);
      expect(total(read, 'cpu/nanoseconds')).toBeLessThanOrEqual(total(read, 'wall/nanoseconds'));
      const expected = stackSeconds(session, session.threads, anywhere);
      expectSeconds(wallTimes(read), expected, 1e-6);
    }),
  );
});

test('names are data', () => {
  const session = sessionFromText('1\nmain:1');
  const names: Partial<FrameInfo> = { functionName: '__proto__', className: 'constructor', file: '\0\n"\u{1f600}' };
  const renamed = { ...session, frames: session.frames.map((frame) => ({ ...frame, ...names })) };
  expect(written(renamed).samples[0]?.frames[0]).toMatchObject({
    name: nameOf({ ...names } as FrameInfo),
    file: names.file,
  });
});

test('absurd times are cut', () => {
  const read = written(absurdTimes(sessionFromText('1\nmain')));
  expect(total(read, 'wall/nanoseconds')).toBe(2 ** 62);
  expect(read.durationNanos).toBe(2 ** 62);
});

test('100,000 frames deep', () => {
  expect(written(deepSession(100_000)).samples[0]?.frames).toHaveLength(100_000);
});

/** Gaps in the recording are none; where no time passed, only rows are known. */
function looksAt({ frames, stacks }: Session, { stack, weight, sampleCount }: ThreadSamples): number {
  const isLook = (own: number): boolean => own < 0 || frames[stacks.frame[own] as number]?.kind !== 'not-sampled';
  const rows = stack.filter(isLook).length;
  const tookTime = weight.some((seconds, row) => seconds > 0 && isLook(stack[row] as number));
  return tookTime ? Math.max(sampleCount, rows) : rows;
}
