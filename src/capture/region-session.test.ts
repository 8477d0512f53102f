import { expect, test } from 'vitest';
import { SessionBuilder } from '../session/builder.ts';
import { flawlessQuality } from '../session/flawless-quality.ts';
import { parseFrame } from '../session/frame-text.ts';
import { noStack, type Pid, type StackIndex } from '../session/ids.ts';
import { formatPyisession } from '../session/pyisession.ts';
import type { Session } from '../session/session.ts';
import { seconds, type UnixSeconds } from '../session/units.ts';
import { notSampled, RegionRows } from './region-rows.ts';
import { type OwnPackage, regionSession } from './region-session.ts';

const own: OwnPackage = { folder: '/lib/timesink', innerFiles: ['/lib/timesink/pipe.py'] };

const main = 'main\0/app/main.py\x001\u0001l9';
const view = 'view\0/app/view.py\x002\u0001l4';
const work = 'work\0/app/view.py\x003\u0001l5';
const wrapper = 'wrapper\0/lib/timesink/middleware.py\x001\u0001l2';
const pipe = 'ask\0/lib/timesink/pipe.py\x001\u0001l3';
const dumps = 'dumps\0/usr/lib/json.py\x001\u0001l7';
const readline = 'readline\0<built-in>\x000';
const thread = 'Main\0<thread>\x007';

/** What is kept of a region with these stacks, one second each; `?` nothing known, `-` not sampled. */
function recordsOf(stacks: readonly (readonly string[] | '?' | '-')[], startCallStack: readonly string[]): Session {
  const builder = new SessionBuilder();
  const rows = new RegionRows(0, 100);
  const stackOf = (frames: readonly string[]): StackIndex =>
    builder.stack(
      frames.map((text) => {
        const parsed = parseFrame(text);
        if (typeof parsed === 'string') throw new Error(parsed);
        return [builder.frame(parsed.frame), parsed.line] as const;
      }),
    );
  for (const stack of stacks) {
    rows.add(stack === '?' ? noStack : stack === '-' ? notSampled : stackOf(stack), 1, 3, 1);
  }
  const info = { ident: 7, nativeId: 8, name: 'Main' };
  const times = { startTime: 1 as UnixSeconds, at: seconds(0), interval: seconds(0.001) };
  const program = { command: [], version: '3.13.0', sysPath: [], sysPrefixes: [] };
  return regionSession(
    {
      options: {
        region: 1,
        thread: info,
        allThreads: false,
        maxSamples: 100,
        context: null,
        description: 'd',
        startCallStack,
        ...times,
      },
      end: { region: 1, at: seconds(9), cpuTime: seconds(2), program, notes: ['A note.'] },
      pid: 6 as Pid,
      duration: stacks.length,
      engine: 'outside',
      stacks: builder,
      threads: [{ info, rows }],
      quality: flawlessQuality(stacks.length),
      notes: [],
    },
    own,
  );
}

const textOf = (session: Session): { readonly start_call_stack: unknown; readonly frame_records: unknown } =>
  JSON.parse(formatPyisession(session)) as ReturnType<typeof textOf>;

test('leaves out the frames of our own package, and what it calls itself', () => {
  const session = recordsOf(
    [
      [main, wrapper, view],
      [main, wrapper, readline],
      [main, view, pipe, dumps],
      [main, view, pipe, dumps, readline],
      [main, view, readline],
    ],
    [thread, main, wrapper],
  );
  expect(textOf(session)).toMatchObject({
    start_call_stack: [thread, main],
    frame_records: [
      [[thread, main, view], 1],
      [[thread, main], 1],
      [[thread, main, view], 2],
      [[thread, main, view, readline], 1],
    ],
  });
});

test('takes a folder for our own only if it is that folder', () => {
  const other = 'f\0/lib/timesink_plugin/x.py\x001';
  expect(textOf(recordsOf([[main, other]], [main])).frame_records).toEqual([[[thread, main, other], 1]]);
});

test('puts time of which nothing is known where the rest begins', () => {
  const session = recordsOf([[main, view, work], '?', '-', [main, view]], [thread, main, view, work]);
  expect(textOf(session).frame_records).toEqual([
    [[thread, main, view, work], 1],
    [[thread, main, view], 1],
    [[thread, main, view, '[not sampled]'], 1],
    [[thread, main, view], 1],
  ]);
  expect(session.meta.quality.notSampled).toBe(1);
  expect(session.meta.startCallStack).toHaveLength(3);
});

test('counts waiting for no running, and keeps nothing that it did not see', () => {
  const session = recordsOf(
    [
      [main, '[await]'],
      [main, view],
    ],
    [main],
  );
  expect([...(session.threads[0]?.state ?? [])]).toEqual([0, 3]);
  expect(session.frames.map(({ functionName }) => functionName).sort()).toEqual(['[await]', 'main', 'view']);
  expect(session.threads[0]).toMatchObject({ isMain: true, sampleCount: 2, tid: 8, ident: 7 });
});

test('is empty where nobody looked', () => {
  const session = recordsOf([], [main]);
  expect(session.threads).toEqual([]);
  expect(session.meta.sampleCount).toBe(0);
  expect(session.meta.notes).toEqual(['A note.']);
});
