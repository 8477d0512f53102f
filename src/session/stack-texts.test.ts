import { expect, test } from 'vitest';
import { type Bytes, StackTexts } from './stack-texts.ts';

const within = (bytes: Uint8Array): Bytes => ({
  bytes,
  words: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
});

test('pieces are the same if their bytes are', () => {
  const bytes = within(new TextEncoder().encode('a long abc, a long abd, a long abc xa long abc'));
  const texts = new StackTexts();
  const pieces = [
    [0, 10],
    [12, 22],
    [24, 34],
    [35, 46],
    [36, 46],
    [0, 0],
  ] as const;
  expect(pieces.map(([from, to]) => texts.find(bytes, from, to))).toEqual([-1, -1, -1, -1, -1, -1]);
  const numbers = [0, 1, 0, 2, 0, 3];
  expect(pieces.map(([from, to]) => texts.add(bytes, from, to))).toEqual(numbers);
  expect(pieces.map(([from, to]) => texts.find(bytes, from, to))).toEqual(numbers);
  expect(texts.find(bytes, 0, 9)).toBe(-1);
  expect(texts.size).toBe(4);
  const decoder = new TextDecoder();
  expect([0, 1, 2, 3].map((number) => decoder.decode(texts.bytesOf(number)))).toEqual([
    ...['a long abc', 'a long abd', 'xa long abc', ''],
  ]);
});

test('every byte counts', () => {
  const length = 37;
  const bytes = new Uint8Array(length * (length + 1));
  // Piece n differs from the first in byte n − 1.
  for (let piece = 1; piece <= length; piece++) bytes[piece * length + piece - 1] = 0x80;
  const texts = new StackTexts();
  const numbers = Array.from({ length: length + 1 }, (_, piece) =>
    texts.add(within(bytes), piece * length, (piece + 1) * length),
  );
  expect(numbers).toEqual(numbers.map((_, piece) => piece));
});

test('ten thousand pieces, more than there was room for', () => {
  const bytes = within(new Uint8Array(Uint32Array.from({ length: 40_000 }, (_, index) => index >> 2).buffer));
  const texts = new StackTexts();
  const add = (): readonly number[] =>
    Array.from({ length: 10_000 }, (_, index) => texts.add(bytes, index * 16, index * 16 + 16));
  const numbers = add();
  expect(numbers).toEqual(numbers.map((_, index) => index));
  expect(add()).toEqual(numbers);
  expect(texts.bytesOf(9999)).toEqual(bytes.bytes.subarray(-16));
});
