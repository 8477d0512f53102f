import { expect, test } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

test('gives lines however the chunks are cut', () => {
  const text = 'one\n\nthrée\n';
  const whole = new LineSplitter(100).push(bytes(text));
  expect(whole).toEqual(['one', '', 'thrée']);
  const splitter = new LineSplitter(100);
  const single = [...bytes(text)].flatMap((byte) => splitter.push(Uint8Array.of(byte)));
  expect(single).toEqual(whole);
});

test('keeps what has no end yet', () => {
  const splitter = new LineSplitter(100);
  expect(splitter.push(bytes('a\nb'))).toEqual(['a']);
  expect(splitter.push(bytes('c\n'))).toEqual(['bc']);
});

test('says of a line that it is too long, and goes on with the next', () => {
  const splitter = new LineSplitter(3);
  expect(splitter.push(bytes('abc\nabcd'))).toEqual(['abc']);
  expect(splitter.push(bytes('efgh'))).toEqual([]);
  expect(splitter.push(bytes('i\nx\n'))).toEqual([null, 'x']);
});
