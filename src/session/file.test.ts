import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anySession } from '../../test/support/any-session.ts';
import { frameInfo, recordedSession } from '../../test/support/sessions.ts';
import { ids, profile } from '../../test/support/v8-profiles.ts';
import { TimesinkError } from '../util/errors.ts';
import { SessionBuilder } from './builder.ts';
import { parseCpuProfile } from './cpuprofile-reader.ts';
import { decodeSession, encodeSession, readSession } from './file.ts';
import { noStack } from './ids.ts';
import { parseParts } from './parts-reader.ts';
import { formatParts } from './parts-writer.ts';
import { formatPyisession, parsePyisession } from './pyisession.ts';
import type { Session } from './session.ts';
import { seconds } from './units.ts';

const recorded = recordedSession();

/** The message of the one kind of error that a reader may throw; null when it read a session. */
function refusal(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (!(error instanceof TimesinkError)) throw error;
    expect(error.code).toBe('INVALID_FILE');
    expect(error.message).toMatch(/^x: /);
    return error.message.slice(3);
  }
}

describe('round trip', () => {
  test('whatever was read from a foreign file comes back exactly', () => {
    fc.assert(
      fc.property(anySession('file'), (session) => {
        expect(decodeSession(encodeSession(session), 'x')).toEqual(session);
      }),
    );
  });

  test('a recording comes back with times right to a tenth of a microsecond, also when added up', () => {
    fc.assert(
      fc.property(anySession('outside'), (session) => {
        const decoded = decodeSession(encodeSession(session), 'x');
        const withoutWeights = (value: Session): unknown => value.threads.map(({ weight: _, ...rest }) => rest);
        expect({ ...decoded, threads: withoutWeights(decoded) }).toEqual({
          ...session,
          threads: withoutWeights(session),
        });
        decoded.threads.forEach((thread, index) => {
          const before = session.threads[index]?.weight ?? [];
          let [sumBefore, sumAfter] = [0, 0];
          thread.weight.forEach((weight, row) => {
            expect(Math.abs(weight - (before[row] ?? 0))).toBeLessThan(1.1e-7);
            sumBefore += before[row] ?? 0;
            sumAfter += weight;
            expect(Math.abs(sumAfter - sumBefore)).toBeLessThan(0.6e-7 + sumBefore * 1e-14);
          });
        });
      }),
    );
  });

  test('saving again changes nothing', () => {
    fc.assert(
      fc.property(anySession('outside'), (session) => {
        const decoded = decodeSession(encodeSession(session), 'x');
        expect(decodeSession(encodeSession(decoded), 'x')).toEqual(decoded);
      }),
    );
  });

  test('more entries and rows than one part holds', () => {
    const builder = new SessionBuilder();
    const process = builder.addProcess(recorded.processes[0]!);
    const thread = builder.addThread({ ...recorded.threads[0]!, process });
    for (let index = 0; index < 100_000; index++) {
      const location = builder.location(builder.frame(frameInfo(`f${index}`)), index);
      thread.addRow(builder.child(noStack, location), index / 1000, index % 8);
    }
    const session = builder.finish(recorded.meta);
    expect(decodeSession(encodeSession(session), 'x')).toEqual(session);
  });
});

describe('size', () => {
  test('an hour at 1 kHz of one busy thread, walking a call graph at random, stays below 20 MB', {
    timeout: 300_000,
  }, () => {
    const session = hourOfWalking();
    const encoded = encodeSession(session);
    expect(encoded.length).toBeLessThan(20e6);
    const [before, after] = [session, decodeSession(encoded, 'x')].map(({ threads }) => threads[0]!.stack);
    expect(Buffer.compare(Buffer.from(after!.buffer), Buffer.from(before!.buffer))).toBe(0);
  });

  test('what repeats itself so well that it looks like a bomb is packed less', () => {
    const length = 1_500_000;
    const rows = {
      stack: new Int32Array(length),
      weight: new Float64Array(length).fill(1),
      state: new Uint8Array(length),
    };
    const threads = [{ ...recorded.threads[0]!, ...rows }];
    const session = { ...recorded, threads, meta: { ...recorded.meta, engine: 'file' as const } };
    const encoded = encodeSession(session);
    expect(encoded.length).toBeGreaterThan(80_000);
    expect(decodeSession(encoded, 'x').threads[0]?.weight).toHaveLength(length);
  });

  test('equal sessions give equal bytes, in one gzip member', () => {
    const encoded = encodeSession(recorded);
    expect(encoded).toEqual(encodeSession(recordedSession()));
    expect(gunzipSync(encoded).toString()).toBe([...formatParts(recorded)].join(''));
  });
});

/** 3.6 million samples of a random walk over a call graph of 600 functions, 25 deep at most. */
function hourOfWalking(): Session {
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const builder = new SessionBuilder();
  const callees = Array.from({ length: 600 }, () => Array.from({ length: 1 + random(6) }, () => random(600)));
  const frames = callees.map((_, index) =>
    builder.frame(frameInfo(`function_${index}`, { firstLine: 10 * index + 1 })),
  );
  const process = builder.addProcess(recorded.processes[0]!);
  const thread = builder.addThread({ ...recorded.threads[0]!, process });
  const path = [{ called: 0, stack: builder.child(noStack, builder.location(frames[0]!, 1)) }];
  for (let sample = 0; sample < 3_600_000; sample++) {
    while (path.length > 1 && random(100) < 55) path.pop();
    while (path.length < 25 && random(100) < 60) {
      const { called, stack } = path.at(-1)!;
      const options = callees[called]!;
      const next = options[random(1 + random(options.length))]!;
      path.push({
        called: next,
        stack: builder.child(stack, builder.location(frames[next]!, 10 * next + random(1 + random(3)))),
      });
    }
    const jitter = random(200_000) - 100_000;
    thread.add(path.at(-1)!.stack, (1_000_000 + jitter) / 1e9, random(20) === 0 ? 1 : 3);
  }
  return builder.finish({ ...recorded.meta, duration: seconds(3600) });
}

describe('which format', () => {
  test('by content', () => {
    expect(readSession(encodeSession(recorded), 'x')).toEqual(recorded);
    const text = formatPyisession(recorded);
    expect(readSession(Buffer.from(text), 'x')).toEqual(parsePyisession(text, 'x'));
  });

  test('a speedscope file, whatever its frames are called', () => {
    const [name, escaped] = ['frame_records', '"frame_records": []'];
    const profile = {
      type: 'sampled',
      name,
      unit: 'seconds',
      startValue: 0,
      endValue: 1,
      samples: [[0]],
      weights: [1],
    };
    const text = JSON.stringify({ profiles: [profile], shared: { frames: [{ name }, { name: escaped }] } });
    expect(readSession(Buffer.from(text), 'x').frames).toMatchObject([
      { functionName: name },
      { functionName: escaped },
    ]);
  });

  test('a CPU profile, whatever it holds and in whichever order', () => {
    const node = fc.constantFrom(...Object.values(ids));
    const sample = fc.tuple(node, fc.integer({ min: -50, max: 5000 }));
    const names = ['nodes', 'startTime', 'endTime', 'samples', 'timeDeltas', 'other'];
    const orders = fc.shuffledSubarray(names, { minLength: names.length });
    fc.assert(
      fc.property(fc.array(sample), orders, fc.json({ maxDepth: 3 }), fc.nat(4), (rows, order, other, indent) => {
        const [samples, deltas] = [rows.map(([id]) => id), rows.map(([, delta]) => delta)];
        const whole = profile(samples, deltas, { other: JSON.parse(other) });
        const ordered = Object.fromEntries(order.map((name) => [name, whole[name]]));
        const text = JSON.stringify(ordered, null, indent);
        expect(readSession(Buffer.from(text), 'x')).toEqual(parseCpuProfile(text, 'x'));
      }),
    );
  });

  test.each([
    ['nothing', '', 'the file is empty'],
    ['a text', 'Duration: 1.5', 'not a recorded session'],
    ['other JSON', '{"root_frame": {}}', 'not a recorded session'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not a recorded session'],
    ['gzip of a text', gzipSync('hello'), 'not a recorded session'],
    ['gzip of other JSON', gzipSync('{"a": 1}'), 'not a .timesink file'],
    ['gzip of nothing', gzipSync(''), 'cut off: its end is missing'],
  ])('%s is refused', (_, content, message) => {
    expect(refusal(() => readSession(Buffer.from(content), 'x'))).toBe(message);
  });
});

describe('versions', () => {
  const lines = [...formatParts(recorded)];

  test('a newer version is refused with a hint', () => {
    const newer = [...formatParts(recorded)].join('').replace('"version":1', '"version":7');
    expect(() => decodeSession(gzipSync(newer), 'x')).toThrow(
      expect.objectContaining({
        message: 'x: written by a newer timesink: the file has version 7, known are versions up to 1',
        hint: 'Update timesink to read it.',
      }),
    );
  });

  test('parts of an older version go through every step since', () => {
    const rename = (part: unknown): unknown => {
      const { title, ...rest } = part as Readonly<Record<string, unknown>>;
      return title === undefined ? rest : { ...rest, caption: title };
    };
    const finish = (part: unknown): unknown => {
      const { caption, ...rest } = part as Readonly<Record<string, unknown>>;
      return caption === undefined ? rest : { ...rest, description: caption };
    };
    const old = lines.map((line) => line.replace('"description"', '"title"'));
    expect(parseParts(old, 'x', [rename, finish])).toEqual(recorded);
    const newer = lines.map((line) => line.replace('"version":1', '"version":2').replace('"description"', '"caption"'));
    expect(parseParts(newer, 'x', [rename, finish])).toEqual(recorded);
  });
});

describe('a file from a stranger', () => {
  const encoded = encodeSession(recorded);
  const lines = [...formatParts(recorded)];
  const changed = (from: string, to: string): string | null =>
    refusal(() =>
      parseParts(
        lines.map((line) => line.replace(from, to)),
        'x',
      ),
    );

  test.each([
    ['"distance":[1', '"distance":[2', 'line 7.distance: [0]: there is no such stack'],
    [
      '"distance":[1',
      '"distance":[0',
      'line 7.distance: [0]: expected a whole number from 1, below 2147483648, found 0',
    ],
    ['"distance":[1,', '"distance":[', 'line 7.location: expected 4 entries, found 5'],
    ['"location":[0', '"location":[99', 'line 7.location: [0]: expected a whole number from 0, below 5, found 99'],
    [
      '"line":[20',
      '"line":["20"',
      'line 6.line: [0]: expected a whole number from -1, below 2147483648, found something else',
    ],
    ['"line":[20', '"line":[2.5', 'line 6.line: [0]: expected a whole number from -1, below 2147483648, found 2.5'],
    ['"kind":[0', '"kind":[4', /^line 5\.kind\[0\]: expected one of python, javascript, .*, found a string$/],
    ['"stack":[-1', '"stack":[-2', 'line 9.stack: [0]: there is no such stack'],
    ['"stack":[-1', '"stack":[1e9', 'line 9.stack: [0]: there is no such stack'],
    [
      '"nanoseconds":[124',
      '"nanoseconds":[-124',
      /^line 9\.nanoseconds: \[0\]: expected a whole number from -1000000, /,
    ],
    ['"base":[1000000]', '"seconds":[0,1]', 'line 9.seconds: expected 3 entries, found 2'],
    ['"base":[1000000]', '"seconds":[0,-1,1]', 'line 9.seconds[1]: expected a number that is not negative, found -1'],
    ['"state":[3', '"state":[256', 'line 9.state: [0]: expected a whole number from 0, below 256, found 256'],
    ['"process":0', '"process":1', 'line 8.process: there is no such process'],
    ['"isMain":true', '"isMain":1', 'line 8.isMain: expected true or false, found a number'],
    ['"part":"thread"', '"part":"meta"', 'line 8.startCallStack: expected a list, found nothing'],
    ['"part":"end"', '"part":"__proto__"', 'line 12.part: expected the name of a part, found a string'],
    ['"cpuTime":0.9', '"cpuTime":1e16', 'line 2.cpuTime: the time is too long'],
    ['"engine":"outside"', '"engine":"magic"', /^line 2\.engine: expected one of outside, .*, found a string$/],
    ['"startCallStack":[]', '"startCallStack":[5000]', 'startCallStack: there is no such frame'],
    [
      '"startCallStack":[]',
      '"startCallStack":[0],"startCallLines":[]',
      'line 2.startCallLines: not as long as startCallStack',
    ],
    ['"ticks":5', '"ticks":-5', 'line 2.quality.ticks: expected a number that is not negative, found -5'],
    ['"version":1', '"version":0', 'line 1.version: there is no version 0'],
  ])('%s as %s', (from, to, message) => {
    expect(changed(from, to)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  test('parts missing, repeated or in another order', () => {
    const line = fc.nat(lines.length - 1);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), (order) => {
        const shuffled = [lines[0]!, ...order.map((index) => lines[index]!)];
        expect([null, expect.any(String)]).toContainEqual(refusal(() => parseParts(shuffled, 'x')));
      }),
    );
    expect(refusal(() => parseParts(lines.slice(0, -1), 'x'))).toBe('cut off: its end is missing');
    expect(refusal(() => parseParts([...lines, lines.at(-1)!], 'x'))).toBe('line 13: there is more after the end');
    expect(refusal(() => parseParts([lines[0]!, lines.at(-1)!], 'x'))).toBe('it lacks the part "meta"');
    expect(refusal(() => parseParts([lines[0]!, lines[8]!], 'x'))).toBe('line 2: rows without a thread');
  });

  test('every length cut off is noticed', () => {
    for (let length = 0; length < encoded.length; length++) {
      expect(refusal(() => readSession(encoded.subarray(0, length), 'x'))).not.toBeNull();
    }
  });

  test('flipped bits', () => {
    const flips = fc.array(fc.tuple(fc.nat(encoded.length - 1), fc.nat(7)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(flips, (positions) => {
        const damaged = Uint8Array.from(encoded);
        for (const [byte, bit] of positions) damaged[byte]! ^= 1 << bit;
        refusal(() => readSession(damaged, 'x'));
      }),
      { numRuns: 3000 },
    );
  });

  const edit = fc.record({
    at: fc.nat(),
    remove: fc.nat(6),
    insert: fc.oneof(fc.string(), fc.constantFrom('-', '9', '[', ',', '}', '1e400')),
  });
  const edited = (text: string, edits: readonly { at: number; remove: number; insert: string }[]): string =>
    edits.reduce((whole, { at, remove, insert }) => {
      const from = at % whole.length;
      return whole.slice(0, from) + insert + whole.slice(from + remove);
    }, text);

  test.each([
    [
      '.timesink',
      lines.join(''),
      (text: string) =>
        parseParts(
          text.split('\n').filter((line) => line !== ''),
          'x',
        ),
    ],
    ['.pyisession', formatPyisession(recorded), (text: string) => parsePyisession(text, 'x')],
  ])('edited text of a %s', (_, whole, read) => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        refusal(() => read(edited(whole, edits)));
      }),
      { numRuns: 3000 },
    );
  });

  test('any JSON in place of any value', () => {
    const parts = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const foreign = JSON.parse(formatPyisession(recorded)) as Readonly<Record<string, unknown>>;
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.jsonValue(), (first, second, value) => {
        const at = first % parts.length;
        const key = Object.keys(parts[at]!)[second % Object.keys(parts[at]!).length]!;
        const replaced = parts.map((part, index) => JSON.stringify(index === at ? { ...part, [key]: value } : part));
        refusal(() => parseParts(replaced, 'x'));
        const other = Object.keys(foreign)[second % Object.keys(foreign).length]!;
        refusal(() => parsePyisession(JSON.stringify({ ...foreign, [other]: value }), 'x'));
      }),
      { numRuns: 3000 },
    );
  });

  test('more strings than fit into memory', () => {
    const part = JSON.stringify({ part: 'strings', values: Array(2 ** 20).fill('') });
    const many = [lines[0]!, ...Array(17).fill(part)];
    expect(refusal(() => parseParts(many, 'x'))).toBe('line 17: too large to be read');
  });

  test.each(['[', '0,', '{'])('a line of %s that fills memory', (text) => {
    const line = `{"part":"strings","values":[${text.repeat(2 ** 21 + 1)}0]}`;
    expect(refusal(() => parseParts([lines[0]!, line], 'x'))).toBe('line 2: too large to be read');
  });

  test('a small file that unpacks to very much', () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 28));
    expect(bomb.length).toBeLessThan(300_000);
    expect(refusal(() => readSession(bomb, 'x'))).toBe('too large when unpacked');
  });
});
