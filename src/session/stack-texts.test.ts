import { expect, test } from 'vitest';
import { StackTexts } from './stack-texts.ts';

const bytes = new TextEncoder().encode('abc abd abc xabc');

test('pieces are the same if their bytes are, whatever the hash says of others', () => {
  const texts = new StackTexts(bytes);
  const numbers = [
    [0, 3],
    [4, 7],
    [8, 11],
    [12, 16],
    [13, 16],
  ].map(([from = 0, to = 0]) => texts.numberOf(from, to, 7));
  expect(numbers).toEqual([0, 1, 0, 2, 0]);
  expect(texts.bounds()).toEqual([
    [0, 3],
    [4, 7],
    [12, 16],
  ]);
});

test('hashes that were made to be equal end it', () => {
  const many = Uint8Array.from({ length: 1000 }, (_, index) => index >> 2);
  const texts = new StackTexts(many);
  const numbers = Array.from({ length: 250 }, (_, index) => texts.numberOf(index * 4, index * 4 + 4, 7));
  expect(numbers.slice(0, 200)).toEqual(Array.from({ length: 200 }, (_, index) => index));
  expect(numbers.at(-1)).toBe(-1);
});
