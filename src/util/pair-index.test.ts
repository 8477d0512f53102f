import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PairIndex } from './pair-index.ts';

test('pairs are numbered in order of first use, as a map would', () => {
  const part = fc.oneof(fc.integer({ min: -1, max: 20 }), fc.integer({ min: -1, max: 0x7fffffff }));
  fc.assert(
    fc.property(fc.array(fc.tuple(part, part), { maxLength: 300 }), (pairs) => {
      const index = new PairIndex(4);
      const expected = new Map<string, number>();
      for (const [first, second] of pairs) {
        const key = `${first} ${second}`;
        if (!expected.has(key)) expected.set(key, expected.size);
        expect(index.numberOf(first, second)).toBe(expected.get(key));
      }
      expect(index.size).toBe(expected.size);
    }),
  );
});

test('a million pairs', () => {
  const index = new PairIndex();
  for (let number = 0; number < 1e6; number++) index.numberOf(number - 1, number % 700);
  const found = [0, 999_999, 123_456].map((number) => index.numberOf(number - 1, number % 700));
  expect(found).toEqual([0, 999_999, 123_456]);
});
