import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { treeToText } from '../../test/support/session-from-text.ts';
import { pathTimes } from '../../test/support/tree-times.ts';
import { buildTimeline } from '../tree/timeline.ts';
import { TimesinkError } from '../util/errors.ts';
import { formatPyisession, parsePyisession } from './pyisession.ts';
import type { Session } from './session.ts';
import { parseSpeedscope } from './speedscope-reader.ts';

const golden = new URL('../../test/golden/', import.meta.url);
const names = readdirSync(golden).filter((name) => /\.speedscope(-showall)?\.json$/.test(name));

type Json = Readonly<Record<string, unknown>>;

const frames = [{ name: 'main', file: '/a.py', line: 1 }, { name: 'load', file: '/a.py', line: 9 }, { name: 'sleep' }];

function evented(events: readonly (readonly ['O' | 'C', number, number])[], changes: Json = {}): Json {
  const list = events.map(([type, at, frame]) => ({ type, at, frame }));
  return { type: 'evented', name: 'one', unit: 'seconds', startValue: 0, endValue: 10, events: list, ...changes };
}

function sampled(samples: readonly (readonly number[])[], weights: readonly number[], changes: Json = {}): Json {
  return { type: 'sampled', name: 'one', unit: 'seconds', startValue: 0, endValue: 10, samples, weights, ...changes };
}

function file(profiles: readonly unknown[], changes: Json = {}): string {
  const $schema = 'https://www.speedscope.app/file-format-schema.json';
  return JSON.stringify({ $schema, profiles, shared: { frames }, ...changes });
}

const read = (profiles: readonly unknown[], changes: Json = {}): Session =>
  parseSpeedscope(file(profiles, changes), 'x');

/** The tree in order of time of each thread. */
const trees = (session: Session): readonly string[] =>
  session.threads.map((thread) => treeToText(buildTimeline(session, thread)));

function refusal(text: string): string | null {
  try {
    parseSpeedscope(text, 'x');
    return null;
  } catch (error) {
    if (!(error instanceof TimesinkError)) throw error;
    expect(error).toMatchObject({ code: 'INVALID_FILE', message: expect.stringMatching(/^x: /) });
    return error.message.slice(3);
  }
}

const calls = evented([
  ['O', 1, 0],
  ['O', 2, 1],
  ['O', 2, 2],
  ['C', 5, 2],
  ['C', 6, 1],
  ['C', 8, 0],
]);

describe('events', () => {
  test('are calls, with their files and lines', () => {
    const session = read([calls]);
    expect(trees(session)).toMatchInlineSnapshot(`
      [
        "7 main
        1 [self]
        4 load
          3 sleep
            3 [self]
          1 [self]
        2 [self]",
      ]
    `);
    expect(session.frames).toMatchObject([
      { kind: 'python', functionName: 'main', file: '/a.py', firstLine: 1, className: null },
      { functionName: 'load', firstLine: 9 },
      { functionName: 'sleep', file: null, firstLine: 0 },
    ]);
    expect(session.threads).toMatchObject([{ name: 'one', isMain: true, start: 1, sampleCount: 4 }]);
    expect(session.meta).toMatchObject({ description: 'one', duration: 10, sampleCount: 4, engine: 'file' });
  });

  test('leave gaps', () => {
    const session = read([
      evented([
        ['O', 1, 0],
        ['C', 2, 0],
        ['O', 5, 0],
        ['C', 6, 0],
      ]),
    ]);
    expect([...mainThreadOf(session).weight]).toEqual([1, 3, 1]);
    expect([...mainThreadOf(session).stack]).toEqual([0, -1, 0]);
  });

  test('of no length are calls too', () => {
    const session = read([
      evented([
        ['O', 1, 0],
        ['O', 1, 1],
        ['C', 1, 1],
        ['C', 2, 0],
      ]),
    ]);
    expect(trees(session)).toMatchInlineSnapshot(`
      [
        "1 main
        0 load
          0 [self]
        1 [self]",
      ]
    `);
  });

  test('that follow the promised end move it', () => {
    expect(read([{ ...calls, endValue: 3 }]).meta.duration).toBe(8);
  });
});

test('samples have their outermost frame first', () => {
  const session = read([sampled([[0, 1], [0, 1, 2], [], [0]], [1, 2, 4, 8], { startValue: 3, endValue: 3 })]);
  expect(trees(session)).toMatchInlineSnapshot(`
    [
      "15 [root]
      3 main
        3 load
          1 [self]
          2 sleep
            2 [self]
      4 [self]
      8 main
        8 [self]",
    ]
  `);
  expect(session.meta).toMatchObject({ duration: 15, sampleCount: 4 });
});

test.each([
  ['seconds', 1],
  ['milliseconds', 1e3],
  ['microseconds', 1e6],
  ['nanoseconds', 1e9],
])('%s are converted', (unit, perSecond) => {
  const values = { unit, startValue: 100 * perSecond, endValue: 110 * perSecond };
  const events = evented(
    [
      ['O', 101 * perSecond, 0],
      ['C', 103 * perSecond, 0],
    ],
    values,
  );
  const session = read([events, sampled([[1]], [4 * perSecond], values)]);
  expect(session.threads.map(({ start, weight }) => [start, ...weight])).toEqual([
    [1, 2],
    [0, 4],
  ]);
  expect(session.meta.duration).toBe(10);
});

test('profiles are threads of one process on one clock', () => {
  const profiles = [
    evented(
      [
        ['O', 7, 0],
        ['C', 9, 0],
      ],
      { name: 'worker', startValue: 6 },
    ),
    sampled([[1]], [1500], { name: 'MainThread', unit: 'milliseconds', startValue: 5000, endValue: 6000 }),
  ];
  const session = read(profiles, { name: 'both', activeProfileIndex: 1 });
  expect(session.processes).toHaveLength(1);
  expect(session.threads).toMatchObject([
    { process: 0, name: 'worker', isMain: false, start: 2 },
    { process: 0, name: 'MainThread', isMain: true, start: 0 },
  ]);
  expect(session.meta).toMatchObject({ description: 'both', duration: 5 });
});

describe('frames that stand for something', () => {
  const special = ['[root]', '[self]', '[await]', '[out-of-context]', '[not sampled]'].map((name) => ({
    name,
    file: null,
    line: null,
  }));

  test('by their names, which have no file', () => {
    const session = read([sampled([[0, 2], [0, 3], [0, 1], [4]], [1, 2, 4, 8])], { shared: { frames: special } });
    expect(trees(session)).toMatchInlineSnapshot(`
      [
        "15 [root]
        1 [await]
        2 [out-of-context]
        4 [self]
        8 [not sampled]",
      ]
    `);
  });

  test('not where they have one', () => {
    const session = read([sampled([[0]], [1])], { shared: { frames: [{ name: '[self]', file: 'a.py' }] } });
    expect(session.frames).toMatchObject([{ kind: 'python', functionName: '[self]' }]);
  });

  test('a thread names itself', () => {
    const thread = { name: 'Worker', file: '<thread>', line: 140_000_000_000_001 };
    const session = read([sampled([[0]], [1])], { shared: { frames: [thread] } });
    expect(session.threads).toMatchObject([{ name: 'Worker', ident: 140_000_000_000_001 }]);
  });

  test('a negative line is none', () => {
    const session = read([sampled([[0]], [1])], { shared: { frames: [{ name: 'f', file: 'a.js', line: -1 }] } });
    expect(session.frames).toMatchObject([{ firstLine: 0 }]);
  });
});

describe('the title', () => {
  test('of pyinstrument and timesink is taken apart', () => {
    const name = "CPU profile for 'Program: it's.py' at 2023-11-14T22-13-20";
    const session = read([{ ...calls, name }], { name });
    expect(session.meta.description).toBe("Program: it's.py");
    expect(session.meta.startTime).toBe(new Date(2023, 10, 14, 22, 13, 20).getTime() / 1000);
    expect(session.threads[0]?.name).toBe('MainThread');
  });

  test('of others is the description', () => {
    expect(read([calls], { name: 'app' }).meta).toMatchObject({ description: 'app', startTime: 0 });
  });
});

describe('files of pyinstrument', () => {
  test('there are some', () => {
    expect(names.length).toBe(30);
  });

  /** Nothing is left out of these but `[self]` where it says nothing. */
  const complete = names.filter((name) => name.includes('showall') && !name.startsWith('clistem'));

  test.each(complete)('%s says what its session says', (name) => {
    const text = readFileSync(new URL(name, golden), 'utf8');
    const original = parsePyisession(readFileSync(new URL(name.replace(/\..*/, '.pyisession'), golden), 'utf8'), name);
    const [ours, theirs] = [parseSpeedscope(text, name), original].map((session) => [
      ...pathTimes(buildTimeline(session, mainThreadOf(session)), ({ frame }) => frame.identifier),
    ]);
    expect(ours).toEqual(theirs?.map(([path, seconds]) => [path, expect.closeTo(seconds, 12)]));
  });

  test.each(names)('%s can be saved as a .pyisession', (name) => {
    const session = parseSpeedscope(readFileSync(new URL(name, golden), 'utf8'), name);
    const saved = parsePyisession(formatPyisession(session), name);
    expect(saved.meta.startCallStack).toHaveLength(1);
    expect(trees(saved)).toEqual(trees(session));
  });
});

describe('a file that is not right', () => {
  const wrongEvent = (changes: Json): string => {
    const [first, ...rest] = calls['events'] as readonly Json[];
    return file([{ ...calls, events: [first, { ...rest[0], ...changes }, ...rest.slice(1)] }]);
  };

  test.each<readonly [string, string]>([
    ['{"profiles":', 'not valid JSON'],
    ['[]', 'expected an object, found a list'],
    [file([]), 'profiles: there is no profile'],
    [file(Array(70_000).fill(1)), 'profiles: too many profiles to be read'],
    [file([calls], { activeProfileIndex: 1 }), 'activeProfileIndex: there is no profile 1'],
    [file([calls], { name: 5 }), 'name: expected a string, found a number'],
    [file([calls], { shared: {} }), 'shared.frames: expected a list, found nothing'],
    [file([calls], { shared: { frames: [{}] } }), 'shared.frames[0].name: expected a string, found nothing'],
    [
      file([calls], { shared: { frames: [{ name: 'f', line: 1.5 }] } }),
      'shared.frames[0].line: expected a whole number, found 1.5',
    ],
    [file([{ ...calls, unit: 'bytes' }]), 'profiles[0].unit: expected a unit of time, found bytes'],
    [file([{ ...calls, unit: 'none' }]), 'profiles[0].unit: expected a unit of time, found none'],
    [
      file([{ ...calls, unit: 'toString' }]),
      'profiles[0].unit: expected one of seconds, milliseconds, microseconds, nanoseconds, bytes, none, found a string',
    ],
    [file([{ ...calls, type: 'heap' }]), 'profiles[0].type: expected one of evented, sampled, found a string'],
    [file([{ ...calls, startValue: 11 }]), 'profiles[0].endValue: it is before startValue'],
    [file([{ ...calls, events: {} }]), 'profiles[0].events: expected a list, found an object'],
    [file([calls, evented([['O', 1, 0]])]), 'profiles[1].events: the last 1 frames are opened, but not closed'],
    [file([evented([['C', 1, 0]])]), 'profiles[0].events[0]: it closes frame 0, but none is open'],
    [wrongEvent({ at: 0.5 }), 'profiles[0].events[1].at: expected times in ascending order, found 0.5 after 1'],
    [wrongEvent({ at: '2' }), 'profiles[0].events[1].at: expected a number, found a string'],
    [wrongEvent({ at: 1e308 }), 'profiles[0].events[2].at: expected times in ascending order, found 2 after 1e+308'],
    [wrongEvent({ frame: 3 }), 'profiles[0].events[1].frame: there is no frame 3, only 3 frames'],
    [wrongEvent({ frame: -1 }), 'profiles[0].events[1].frame: expected a number that is not negative, found -1'],
    [wrongEvent({ frame: 2 }), 'profiles[0].events[4]: it closes frame 1, but 2 is the innermost one that is open'],
    [wrongEvent({ type: 'X' }), 'profiles[0].events[1].type: expected one of O, C, found a string'],
    [file([{ ...calls, events: [null] }]), 'profiles[0].events[0]: expected an object, found null'],
    [file([sampled([[0], [1]], [1])]), 'profiles[0].weights: expected 2 entries, one for each sample, found 1'],
    [file([sampled([[0]], [-1])]), 'profiles[0].weights[0]: expected a number that is not negative, found -1'],
    [file([sampled([[0, 7]], [1])]), 'profiles[0].samples[0][1]: there is no frame 7, only 3 frames'],
    [file([{ ...sampled([], [1]), samples: [3] }]), 'profiles[0].samples[0]: expected a list, found a number'],
    [file([sampled([[0], [0]], [1.7e308, 1.7e308])]), 'profiles[0]: the times are too large'],
  ])('%#: %s', (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  test('an unset time', () => {
    expect(refusal(file([calls]).replace('"at":2', '"at":1e999'))).toBe(
      'profiles[0].events[1].at: the number is too large',
    );
  });

  const whole = file([calls, sampled([[0, 1], [2]], [1, 2])], { name: 'app', activeProfileIndex: 0 });
  const edit = fc.record({
    at: fc.nat(whole.length),
    remove: fc.nat(6),
    insert: fc.oneof(fc.string(), fc.constantFrom('-', '9', '[', ',', '}', '1e400', '"__proto__":')),
  });

  test('edited text is read or refused', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        refusal(
          edits.reduce((text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove), whole),
        );
      }),
      { numRuns: 3000 },
    );
  });

  test('so is any JSON in place of any value', () => {
    const paths = [
      ['profiles'],
      ['shared'],
      ['shared', 'frames'],
      ['shared', 'frames', 0],
      ['name'],
      ['activeProfileIndex'],
    ];
    const inside = ['type', 'unit', 'startValue', 'endValue', 'events', 'samples', 'weights', 'name'].flatMap((key) => [
      ['profiles', 0, key],
      ['profiles', 1, key],
    ]);
    fc.assert(
      fc.property(fc.constantFrom(...paths, ...inside, ['profiles', 0, 'events', 2]), fc.jsonValue(), (path, value) => {
        const copy = JSON.parse(whole) as Record<string | number, unknown>;
        let target = copy;
        for (const key of path.slice(0, -1)) target = target[key] as Record<string | number, unknown>;
        target[path.at(-1) as string | number] = value;
        refusal(JSON.stringify(copy));
      }),
      { numRuns: 2000 },
    );
  });
});

test('a call may be 100,000 deep', () => {
  const depth = 100_000;
  const open = Array.from({ length: depth }, (_, at) => ['O', at, 0] as const);
  const close = Array.from({ length: depth }, (_, at) => ['C', depth + at, 0] as const);
  const session = read([evented([...open, ...close], { endValue: 2 * depth })]);
  expect(session.stacks.parent).toHaveLength(depth);
  expect(mainThreadOf(session).weight.reduce((sum, weight) => sum + weight)).toBe(2 * depth - 1);
});
