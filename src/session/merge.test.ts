import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anySession } from '../../test/support/any-session.ts';
import { testWithPyinstrument } from '../../test/support/pythons.ts';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { recordedSession } from '../../test/support/sessions.ts';
import { decodeSession, encodeSession } from './file.ts';
import { mergeSessions } from './merge.ts';
import type { MergeMode } from './merge-meta.ts';
import { formatPyisession, parsePyisession } from './pyisession.ts';
import { type Session, type ThreadSamples, threadState } from './session.ts';
import { seconds, type UnixSeconds } from './units.ts';

const golden = new URL('../../test/golden/', import.meta.url);
const goldens = readdirSync(golden).filter((name) => name.endsWith('.pyisession'));

function goldenSession(name: string): Session {
  return parsePyisession(readFileSync(new URL(name, golden), 'utf8'), name);
}

/** The same recording, made at another time. */
function at(startTime: number, session: Session): Session {
  return { ...session, meta: { ...session.meta, startTime: startTime as UnixSeconds } };
}

/** The rows of a thread in words: numbers of stacks differ from session to session. */
function rows({ frames, stacks }: Session, thread: ThreadSamples | undefined): readonly unknown[] {
  const known = new Map<number, string>([[-1, '']]);
  const text = (stack: number): string => {
    let found = known.get(stack);
    if (found === undefined) {
      const frame = frames[stacks.frame[stack] as number];
      found = `${text(stacks.parent[stack] as number)} > ${JSON.stringify(frame)} at ${stacks.line[stack]}`;
      known.set(stack, found);
    }
    return found;
  };
  return [...(thread?.stack ?? [])].map((stack, row) => [text(stack), thread?.weight[row], thread?.state[row]]);
}

function names(session: Session): readonly string[] {
  return session.threads.map((thread) => `${thread.process} ${thread.name}`);
}

const working = sessionFromText({
  threads: [{ samples: '1    0.5\nmain main\n     load' }, { name: 'worker', samples: '0.25\nrun' }],
  meta: { startTime: 1000 as UnixSeconds, minInterval: seconds(0.001), maxInterval: seconds(0.002) },
});
const longer = sessionFromText({
  threads: [{ samples: '2\nmain' }, { name: 'writer', samples: '3\nwrite' }],
  meta: { startTime: 1010 as UnixSeconds, notes: ['CPython 3.16 was not tested.'], minInterval: seconds(0.0005) },
});

describe('apart', () => {
  test('processes and threads stand side by side', () => {
    const merged = mergeSessions([working, longer], 'apart');
    expect(merged.processes).toHaveLength(2);
    expect(names(merged)).toEqual(['0 MainThread', '0 worker', '1 MainThread', '1 writer']);
    merged.threads.forEach((thread, index) => {
      const [from, number] = index < 2 ? [working, index] : [longer, index - 2];
      expect(rows(merged, thread)).toEqual(rows(from, from.threads[number]));
    });
  });

  test('what is the same frame is there once', () => {
    const merged = mergeSessions([working, longer], 'apart');
    expect(merged.frames.map((frame) => frame.functionName)).toEqual(['main', 'load', 'run', 'write']);
    expect(merged.stacks.parent).toHaveLength(4);
  });

  test('all are on the clock of the earliest', () => {
    const merged = mergeSessions([longer, working], 'apart');
    expect(merged.meta).toMatchObject({ startTime: 1000, duration: 10 + longer.meta.duration });
    expect(merged.processes.map(({ start }) => start)).toEqual([0, 10]);
    expect(merged.threads.map(({ start }) => start)).toEqual([0, 0, 10, 10]);
  });

  test('a recording that does not say when it was made begins with the others', () => {
    const merged = mergeSessions([working, at(0, longer)], 'apart');
    expect(merged.meta).toMatchObject({ startTime: 1000, duration: longer.meta.duration });
    expect(merged.processes.map(({ start }) => start)).toEqual([0, 0]);
  });

  test('what is known of them is put together', () => {
    const { meta } = mergeSessions([working, longer], 'apart');
    expect(meta).toMatchObject({
      description: 'Program: main.py',
      cpuTime: 1,
      minInterval: 0.0005,
      maxInterval: 0.002,
      sampleCount: working.meta.sampleCount + longer.meta.sampleCount,
      engine: 'outside',
      notes: ['CPython 3.16 was not tested.'],
    });
    expect(meta.quality).toMatchObject({ ticks: 2000, samples: 2000 });
  });

  test.each([
    [['a', 'b'], 'a + b'],
    [['a', 'a', 'b'], 'a + b'],
    [['a', 'b', 'c', 'd', 'e'], 'a + b + 3 more'],
  ])('programs %j are called %s', (descriptions, title) => {
    const sessions = descriptions.map((description) => ({ ...working, meta: { ...working.meta, description } }));
    expect(mergeSessions([sessions[0] as Session, ...sessions.slice(1)], 'apart').meta.description).toBe(title);
  });
});

describe('summed', () => {
  test('threads that are the same become one, the others stay', () => {
    const merged = mergeSessions([working, longer], 'summed');
    expect(names(merged)).toEqual(['0 MainThread', '0 worker', '0 writer']);
    expect(rows(merged, merged.threads[0])).toEqual([
      ...rows(working, working.threads[0]),
      ...rows(longer, longer.threads[0]),
    ]);
    expect(merged.threads.map(({ sampleCount }) => sampleCount)).toEqual([3, 1, 1]);
  });

  test('times are sums', () => {
    const { meta, processes } = mergeSessions([working, longer], 'summed');
    expect(meta).toMatchObject({ startTime: 1000, duration: 1.5 + 3, cpuTime: 1, sampleCount: 5 });
    expect(meta.notes).toEqual([
      'Several recordings, added up: times are sums over all of them.',
      'CPython 3.16 was not tested.',
    ]);
    expect(processes).toHaveLength(1);
  });

  test('processes go by their command, digits apart, and by their number among equals', () => {
    const worker = (pid: number): object => ({ pid, command: ['python3', '-c', `spawn_main(pipe_handle=${pid})`] });
    const run = (pids: readonly number[], name: string): Session =>
      sessionFromText({
        processes: [{ command: [name] }, ...pids.map(worker)],
        threads: [{ samples: '1\nmain' }, ...pids.map((_, index) => ({ samples: '1\nwork', process: index + 1 }))],
      });
    const merged = mergeSessions([run([11, 12], 'a.py'), run([21, 22, 23], 'b.py')], 'summed');
    expect(merged.processes.map(({ pid }) => pid)).toEqual([4000, 11, 12, 23]);
    expect(merged.threads.map((thread) => thread.weight.length)).toEqual([2, 2, 2, 1]);
  });

  test('of equal names the first goes with the first', () => {
    const pool = (...weights: readonly number[]): Session =>
      sessionFromText({ threads: weights.map((weight) => ({ name: 'pool', samples: `${weight}\nwork` })) });
    const { threads } = mergeSessions([pool(1, 2), pool(4, 8, 16)], 'summed');
    expect(threads.map(({ weight }) => [...weight])).toEqual([[1, 4], [2, 8], [16]]);
  });

  test('a thread that only a later run has begins when the earlier runs have ended', () => {
    const { threads } = mergeSessions([working, longer], 'summed');
    expect(threads.map(({ start }) => start)).toEqual([0, 0, 1.5]);
  });
});

describe('of other profilers', () => {
  const foreign = at(500, goldenSession('basic.pyisession'));

  test('among themselves they stay as they are', () => {
    const merged = mergeSessions([foreign, foreign], 'summed');
    expect(merged.meta.engine).toBe('file');
    expect(rows(merged, merged.threads[0])).toEqual([
      ...rows(foreign, foreign.threads[0]),
      ...rows(foreign, foreign.threads[0]),
    ]);
  });

  test('beside our own they count as running, without an entry for the thread', () => {
    const merged = mergeSessions([working, foreign], 'apart');
    const thread = merged.threads[0];
    expect(merged.meta).toMatchObject({ engine: 'outside', startCallStack: [] });
    expect(merged.meta.notes).toContain('Parts of this session were recorded in different ways.');
    expect(new Set(thread?.state)).toEqual(new Set([threadState.onCpu]));
    const outermost = new Set<string | undefined>();
    for (const stack of thread?.stack ?? []) {
      let at = stack;
      while ((merged.stacks.parent[at] ?? -1) >= 0) at = merged.stacks.parent[at] as number;
      outermost.add(merged.frames[merged.stacks.frame[at] as number]?.kind);
    }
    expect(outermost).not.toContain('thread');
    expect(rows(merged, merged.threads[1])).toEqual(rows(working, working.threads[0]));
  });
});

const modes: readonly MergeMode[] = ['apart', 'summed'];
const anySessions = fc.array(fc.oneof(anySession('outside'), anySession('file')), { minLength: 1, maxLength: 4 });

function merge(sessions: readonly Session[], how: MergeMode): Session {
  return mergeSessions([sessions[0] as Session, ...sessions.slice(1)], how);
}

describe.each(modes)('whatever is merged (%s)', (how) => {
  test('no time is lost or made', () => {
    fc.assert(
      fc.property(anySessions, (sessions) => {
        const weights = (session: Session): number[] => session.threads.flatMap(({ weight }) => [...weight]);
        const sorted = (values: number[]): number[] => values.sort((a, b) => a - b);
        expect(sorted(weights(merge(sessions, how)))).toEqual(sorted(sessions.flatMap(weights)));
      }),
    );
  });

  test('the result can be saved and read again', () => {
    fc.assert(
      fc.property(anySessions, (sessions) => {
        const merged = merge(sessions, how);
        const again = decodeSession(encodeSession(merged), 'x.timesink');
        expect({ ...again.meta, frames: again.frames }).toEqual({ ...merged.meta, frames: merged.frames });
        expect(again.processes).toEqual(merged.processes);
        expect(again.threads.map((thread) => [...thread.stack])).toEqual(
          merged.threads.map((thread) => [...thread.stack]),
        );
      }),
    );
  });

  test('the order does not matter where start times differ', () => {
    fc.assert(
      fc.property(anySessions, (sessions) => {
        const dated = sessions.map((session, index) => at(1000 + index * 0.5, session));
        expect(merge([...dated].reverse(), how)).toEqual(merge(dated, how));
      }),
    );
  });

  test('one recording alone stays what it is', () => {
    fc.assert(
      fc.property(anySession('outside'), (session) => {
        const merged = merge([session], how);
        // Frames that are there twice are one then, so their numbers may change.
        const { startCallStack } = merged.meta;
        expect(merged.meta).toEqual({ ...session.meta, startCallStack, notes: [...new Set(session.meta.notes)] });
        expect(merged.processes).toEqual(session.processes);
      }),
    );
  });

  test('merging what was merged changes nothing', () => {
    const third = at(1020, recordedSession());
    const twice = mergeSessions([mergeSessions([working, longer], how), third], how);
    const once = mergeSessions([working, longer, third], how);
    expect(twice).toEqual(once);
  });
});

const combine = `
import json, sys
from pyinstrument.session import Session
for line in sys.stdin:
    first, second = (Session.from_json(json.loads(text)) for text in json.loads(line))
    print(json.dumps(Session.combine(first, second).to_json()))
`;

/** Of sets that pyinstrument lists in any order. */
function comparable(text: string): unknown {
  const value = JSON.parse(text) as { sys_prefixes: string[] };
  return { ...value, sys_prefixes: [...new Set(value.sys_prefixes)].sort() };
}

testWithPyinstrument('two sessions of pyinstrument are summed as it combines them', (python) => {
  const read = (name: string): string => readFileSync(new URL(name, golden), 'utf8');
  const changed = (name: string, changes: object): string =>
    formatPyisession(parsePyisession(JSON.stringify({ ...JSON.parse(read(name)), ...changes }), name));
  const pairs = goldens.flatMap((name, index): [string, string][] => {
    const other = goldens[(index + 7) % goldens.length] as string;
    return [
      [read(name), read(other)],
      [
        changed(name, { start_time: 5, sys_path: ['/b', '/a', '/b'] }),
        changed(other, { start_time: 4.5, sys_path: ['/a', '/c', '/c'] }),
      ],
      [changed(name, { start_time: 5 }), changed(name, { start_time: 5, duration: 0.1, min_interval: 0.01 })],
    ];
  });
  const { stdout, status } = spawnSync(python, ['-c', combine], {
    input: pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  expect(status).toBe(0);
  const theirs = stdout.trimEnd().split('\n');
  expect(theirs).toHaveLength(pairs.length);
  pairs.forEach(([first, second], index) => {
    const ours = mergeSessions([parsePyisession(first, 'a'), parsePyisession(second, 'b')], 'summed');
    expect(comparable(formatPyisession(ours))).toEqual(comparable(theirs[index] as string));
  });
});
