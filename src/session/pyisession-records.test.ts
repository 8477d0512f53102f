import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mutateBytes, mutateJson, randomNumbers } from '../../test/support/mutations.ts';
import { type PyinstrumentFile, pyinstrumentFile } from '../../test/support/pyinstrument-file.ts';
import { TimesinkError } from '../util/errors.ts';
import { type ByteSource, sourceOf } from './byte-window.ts';
import { readSession } from './file.ts';
import { parsePlainPyisession, parsePyisession } from './pyisession.ts';
import { type FoundRecords, findRecords } from './pyisession-records.ts';
import type { Session } from './session.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const plainSession = (bytes: Uint8Array): Session | null => parsePlainPyisession(sourceOf(bytes), 'x');

const find = (text: string): FoundRecords | null => findRecords(sourceOf(bytesOf(text)));

/** What the general way of reading makes of it. */
function read(text: string): Session | 'refused' {
  try {
    return parsePyisession(text, 'x');
  } catch (error) {
    if (error instanceof TimesinkError) return 'refused';
    throw error;
  }
}

const files = pyinstrumentFile({ launcher: false });

/** As pyinstrument writes it, and with other blanks. */
const writings: readonly ((file: PyinstrumentFile) => string)[] = [
  (file) => JSON.stringify(file),
  (file) => JSON.stringify(file, null, 2),
  (file) => ` \r\n\t${JSON.stringify(file, null, '\t')}\n`,
];

describe('a plain file', () => {
  test.each(writings.map((write, index) => ({ index, write })))(
    'is read as any file is: writing $index',
    ({ write }) => {
      fc.assert(
        fc.property(files, (file) => {
          const text = write(file);
          const plain = plainSession(bytesOf(text));
          expect(plain).not.toBeNull();
          expect(plain).toEqual(read(text));
        }),
      );
    },
  );

  test.each([0, 1, 1.5, 1e-5, 5e-324, 123456789.12345679, 0.0010123252868652344, 1e15])('a time of %d', (time) => {
    const found = find(`{"frame_records":[[[],${time}]]}`);
    expect([...(found?.seconds ?? [])]).toEqual([time]);
  });

  test('brackets, quotes and backslashes within names are not the ends of anything', () => {
    const names = ['a]', ']', '"]', '\\', '\\"]', '[self]', '],0],[[', '"'];
    const records = names.map((name, index) => [[name, ...names], index]);
    const found = find(JSON.stringify({ b: [{}, '}'], frame_records: records, a: { '[': '"' } }));
    expect(found?.stackTexts).toEqual(records.map(([stack]) => JSON.stringify(stack)));
    expect(JSON.parse(found?.rest ?? '')).toEqual({ b: [{}, '}'], frame_records: [], a: { '[': '"' } });
  });

  test('equal stacks have one text', () => {
    const found = find('{"frame_records":[[["a"],1],[["b"],2],[["a"],3]]}');
    expect([...(found?.stack ?? [])]).toEqual([0, 1, 0]);
    expect(found?.stackTexts).toEqual(['["a"]', '["b"]']);
  });

  test('that is much larger than what is looked at at once', () => {
    const name = 'n'.repeat(3_000_000);
    const around = {
      a: [name],
      frame_records: [
        [['a', name], 1],
        [['b'], 2],
        [[name], 3],
      ],
      b: { [name]: 1 },
    };
    const found = find(JSON.stringify(around));
    expect([...(found?.seconds ?? [])]).toEqual([1, 2, 3]);
    expect(JSON.parse(found?.rest ?? '')).toEqual({ ...around, frame_records: [] });
  });

  test('whose bytes come one by one', () => {
    const text = ` {"b": "x\\"", "frame_records" : [ [["a"], 1.5] , [["]"],2]\n,[["a"],3e0]] , "a": {}} \n`;
    const bytes = bytesOf(text);
    let at = 0;
    const drops: ByteSource = {
      read(into) {
        into.set(bytes.subarray(at, at + 1));
        return at++ < bytes.length ? 1 : 0;
      },
    };
    expect(findRecords(drops)).toEqual(find(text));
    expect([...(find(text)?.seconds ?? [])]).toEqual([1.5, 2, 3]);
  });

  test('ten thousand stacks', () => {
    const records = Array.from({ length: 30_000 }, (_, index) => [[`f${index % 10_000}`, 'g'], index]);
    const found = find(JSON.stringify({ frame_records: records }));
    expect(found?.stackTexts).toHaveLength(10_000);
    expect([...(found?.stack ?? [])]).toEqual(records.map((_, index) => index % 10_000));
  });
});

describe('anything else', () => {
  test.each([
    '',
    '[]',
    '{}',
    '{"a": 1}',
    '{"frame_records": 1}',
    '{"frame_records": [[["a"], -1]]}',
    '{"frame_records": [[["a"], 01]]}',
    '{"frame_records": [[["a"], .5]]}',
    '{"frame_records": [[["a"], 1e16]]}',
    '{"frame_records": [[["a"], 1e999]]}',
    '{"frame_records": [[["a"], NaN]]}',
    '{"frame_records": [[["a"], "1"]]}',
    '{"frame_records": [[["a"], 1, 2]]}',
    '{"frame_records": [[["a"]]]}',
    '{"frame_records": [{}]}',
    '{"frame_records": [[["a"], 1],]}',
    '{"frame_records": [], "frame_records": []}',
    '{"frame_records": [], "frame\\u005frecords": []}',
    '{"frame_records": [',
    '{"frame_records": [[["a',
    '{"frame_records": [], "a": "',
    '{"frame_records": []',
    '\ufeff{"frame_records": []}',
  ])('%s is for the general way', (text) => {
    expect(find(text)).toBeNull();
  });

  test('bytes that are not UTF-8', () => {
    const bytes = bytesOf('{"frame_records": [[["a?"], 1]]}');
    bytes[bytes.indexOf(0x3f)] = 0xff;
    expect(findRecords(sourceOf(bytes))).toBeNull();
  });

  test('is read as the general way reads it, or left to that', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    let plainOnes = 0;
    fc.assert(
      fc.property(files, fc.nat(), fc.boolean(), (file, seed, inBytes) => {
        const random = randomNumbers(seed);
        const bytes = inBytes
          ? mutateBytes(Buffer.from(JSON.stringify(file)), random)
          : Buffer.from(mutateJson(JSON.parse(JSON.stringify(file)), random));
        const plain = plainSession(bytes);
        if (plain === null) return;
        plainOnes++;
        expect(read(decoder.decode(bytes))).toEqual(plain);
      }),
      { numRuns: 3000 },
    );
    expect(plainOnes).toBeGreaterThan(300);
  });
});

test.each(['nodes', 'traceEvents', 'shared'])(
  'a large file of another format, which begins with %s, is given up at once',
  (key) => {
    const bytes = bytesOf(JSON.stringify({ [key]: Array.from({ length: 300_000 }, (_, id) => ({ id })) }));
    const source = sourceOf(bytes);
    let count = 0;
    const counting: ByteSource = {
      read(into) {
        const read = source.read(into);
        count += read;
        return read;
      },
    };
    expect(findRecords(counting)).toBeNull();
    expect(count).toBeLessThan(bytes.length / 4);
  },
);

test.each(['nodes', 'traceEvents', 'shared', 'profiles'])(
  'a recording that has %s, as files of other formats',
  (key) => {
    const foreign = { [key]: [{ [key]: 1 }] };
    fc.assert(
      fc.property(files, fc.boolean(), (file, isFirst) => {
        const text = JSON.stringify(isFirst ? { ...foreign, ...file } : { ...file, ...foreign });
        const session = readSession(bytesOf(text), 'x');
        expect(session).toEqual(read(text));
        expect(session).toEqual(read(JSON.stringify(file)));
      }),
    );
  },
);
