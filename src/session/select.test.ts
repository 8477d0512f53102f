import { describe, expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { recordedSession } from '../../test/support/sessions.ts';
import { decodeSession, encodeSession } from './file.ts';
import { type Selection, selectPositions, selectSession } from './select.ts';
import { type Session, threadState } from './session.ts';
import { seconds, type UnixSeconds } from './units.ts';

const nothing: Selection = { threads: [], processes: [], span: {} };
const select = (session: Session, selection: Partial<Selection>): Session =>
  selectSession(session, { ...nothing, ...selection });

const usageError = (message: string, hint = '') =>
  expect.objectContaining({ code: 'USAGE', message, hint: expect.stringContaining(hint) });

const names = ({ threads }: Session): readonly string[] => threads.map(({ name }) => name);

/** Two processes; the second has a worker besides its main thread. */
const family = sessionFromText({
  threads: [
    { samples: '1    2    3w\nmain main main\nf    g' },
    { samples: '4\nother', process: 1 },
    { samples: '2w   2\nwork work', process: 1, name: 'Worker-1' },
  ],
  processes: [
    { cpuTime: seconds(3) },
    { command: ['/usr/bin/python3', '-u', 'tools/build.py', '--fast'], cpuTime: seconds(6) },
    { command: ['python3', '-m', 'http.server'] },
  ],
  meta: { sampleCount: 60, cpuTime: seconds(9) },
});

test('nothing asked for is everything', () => {
  expect(select(family, {})).toBe(family);
});

describe('threads', () => {
  test.each([
    [['Worker-1'], ['Worker-1']],
    [['Work*'], ['Worker-1']],
    [['102'], ['Worker-1']],
    [['MainThread'], ['MainThread', 'MainThread']],
    [
      ['102', '100'],
      ['MainThread', 'Worker-1'],
    ],
  ])('%j', (threads, expected) => {
    expect(names(select(family, { threads }))).toEqual(expected);
  });

  test('by position', () => {
    expect(selectPositions(family, [2])).toEqual(select(family, { threads: ['Worker-1'] }));
  });

  test('what belongs to others is left out', () => {
    const { meta, processes, threads } = select(family, { threads: ['Worker-1'] });
    expect(processes).toEqual([{ ...family.processes[1], cpuTime: 2 }]);
    expect(threads[0]).toEqual({ ...family.threads[2], process: 0 });
    expect(meta).toEqual({
      ...family.meta,
      sampleCount: 20,
      cpuTime: 2,
      notes: ['Only thread Worker-1 is shown.'],
    });
  });

  test('one that does not exist is told with those that do', () => {
    expect(() => select(family, { threads: ['MainThread', 'nosuch'] })).toThrow(
      usageError('the recording has no thread "nosuch"', 'It has: MainThread, Worker-1.'),
    );
    const many = sessionFromText({
      threads: Array.from({ length: 30 }, (_, n) => ({ samples: '1\nf', name: `t${n}` })),
    });
    expect(() => select(many, { threads: ['x'] })).toThrow(usageError(expect.anything(), 't19 and 10 more.'));
  });

  test('a name with signs of a pattern in it is found as it is', () => {
    const session = sessionFromText({ threads: [{ samples: '1\nf', name: 'pool[1]' }] });
    expect(names(select(session, { threads: ['pool[1]'] }))).toEqual(['pool[1]']);
  });
});

describe('processes', () => {
  test.each([['4001'], ['build.py'], ['*.py --fast'], ['build*']])('%s', (word) => {
    const { processes, threads, meta } = select(family, { processes: [word] });
    expect(processes).toEqual([family.processes[1]]);
    expect(threads.map(({ process }) => process)).toEqual([0, 0]);
    expect(meta).toMatchObject({ cpuTime: 6, sampleCount: 30, notes: [`Only process ${word} is shown.`] });
  });

  test('a program can be more than one', () => {
    expect(select(family, { processes: ['python3'] }).processes).toHaveLength(2);
    expect(select(family, { processes: ['4000', 'build.py'] }).meta.notes).toEqual([
      'Only processes 4000, build.py are shown.',
    ]);
  });

  test('one that does not exist is told with those that do', () => {
    expect(() => select(family, { processes: ['400'] })).toThrow(
      usageError('the recording has no process "400"', '4000 (python3 main.py), 4001 (/usr/bin/python3 -u tools/'),
    );
  });

  test('threads are looked for in the processes chosen', () => {
    expect(() => select(family, { processes: ['4000'], threads: ['Worker-1'] })).toThrow('no thread "Worker-1"');
    expect(names(select(family, { processes: ['4001'], threads: ['Main*'] }))).toEqual(['MainThread']);
  });
});

describe('time', () => {
  const cut = (from: number | undefined, to: number | undefined, session = family): Session =>
    select(session, {
      span: {
        ...(from === undefined ? {} : { from: seconds(from) }),
        ...(to === undefined ? {} : { to: seconds(to) }),
      },
    });
  const weights = ({ threads }: Session): readonly (readonly number[])[] => threads.map(({ weight }) => [...weight]);

  test('rows across the borders are cut', () => {
    const session = cut(0.25, 3.5);
    expect(weights(session)).toEqual([[0.75, 2, 0.5], [3.25], [1.75, 1.5]]);
    expect(session.threads[0]?.stack).toEqual(family.threads[0]?.stack);
    expect(session.meta).toMatchObject({
      startTime: family.meta.startTime + 0.25,
      duration: 3.25,
      notes: ['Only 0.25 s to 3.5 s of 6 s are shown.'],
    });
    expect(session.threads.map(({ sampleCount }) => sampleCount)).toEqual([3, 1, 2]);
  });

  test('a start that is not known stays unknown', () => {
    const undated = { ...family, meta: { ...family.meta, startTime: 0 as UnixSeconds } };
    expect(cut(0.25, 3.5, undated).meta.startTime).toBe(0);
  });

  test('a border may be left out', () => {
    expect(weights(cut(3, undefined))).toEqual([[3], [1], [1]]);
    expect(weights(cut(undefined, 1))).toEqual([[1], [1], [1]]);
    expect(cut(undefined, 100).meta).toMatchObject({ duration: 6, notes: ['Only 0 s to 6 s of 6 s are shown.'] });
  });

  test('threads and processes that were not there then are left out', () => {
    const { processes, threads } = cut(4, 6);
    expect(threads).toHaveLength(1);
    expect(processes.map(({ pid }) => pid)).toEqual([4000]);
  });

  test('the two parts of a cut are the whole', () => {
    const session = recordedSession();
    const total = (part: Session): number =>
      weights(part)
        .flat()
        .reduce((a, b) => a + b, 0);
    for (const border of [0.05, 0.135, 0.3, 0.885, 1, 1.1]) {
      const parts = [cut(undefined, border, session), cut(border, undefined, session)];
      expect(parts.reduce((sum, part) => sum + total(part), 0)).toBeCloseTo(total(session), 12);
      expect(parts.reduce((sum, { meta }) => sum + meta.cpuTime, 0)).toBeCloseTo(session.meta.cpuTime, 12);
      for (const part of parts) {
        for (const { weight, stack, state, sampleCount } of part.threads) {
          expect([stack.length, state.length]).toEqual([weight.length, weight.length]);
          expect(sampleCount).toBeGreaterThanOrEqual(weight.length);
          expect(weight.every((time) => time > 0)).toBe(true);
        }
      }
    }
  });

  test('times count from the beginning of the part', () => {
    const session = recordedSession();
    const { threads, processes } = cut(0.005, undefined, session);
    expect(threads.map(({ start }) => start)).toEqual([expect.closeTo(0.005), expect.closeTo(0.005)]);
    expect(processes[0]).toMatchObject({ start: expect.closeTo(0.005), duration: 1.5 });
    expect(cut(0.5, 0.75, session).processes[0]).toMatchObject({ start: 0, duration: 0.25 });
  });

  test('CPU time goes with the time on a CPU', () => {
    expect(threadState.onCpu).toBe(1);
    // On a CPU for 3 of 6 s, all of them in the first half; 4 of 4 s and 2 of 4 s of the second process's threads.
    const { processes, meta } = cut(undefined, 3);
    expect(processes.map(({ cpuTime }) => cpuTime)).toEqual([3, expect.closeTo(6 * (4 / 6))]);
    expect(meta.cpuTime).toBeCloseTo(7);
  });

  test('time that nobody looked at is told as far as it is in the part', () => {
    const session = recordedSession();
    expect(session.meta.quality.notSampled).toBe(0.25);
    expect(cut(undefined, 0.5, session).meta.quality.notSampled).toBe(0);
    expect(cut(0.91, undefined, session).meta.quality.notSampled).toBeCloseTo(0.1);
  });

  test.each([
    [6, undefined, 'nothing from 6 s', '6 s long'],
    [7, undefined, 'nothing from 7 s', '6 s long'],
  ])('from %s to %s there is nothing', (from, to, message, hint) => {
    expect(() => cut(from, to)).toThrow(usageError(`the recording has ${message}`, hint));
  });

  test('a recording that is cut can be written and read', () => {
    const session = cut(0.3, 1, recordedSession());
    expect(decodeSession(encodeSession(session), 'x').meta).toEqual(session.meta);
  });

  test('a session of another profiler, too', () => {
    const foreign: Session = {
      ...family,
      meta: { ...family.meta, engine: 'file' },
      processes: family.processes.map((process) => ({ ...process, cpuTime: seconds(0) })),
    };
    expect(cut(undefined, 1, foreign).meta).toMatchObject({ cpuTime: expect.closeTo(9 * (3 / 14)), duration: 1 });
  });
});
