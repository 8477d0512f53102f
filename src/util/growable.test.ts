import { expect, test } from 'vitest';
import { Growable } from './growable.ts';

test.each([
  ['no room at first', new Float64Array(0)],
  ['some room', new Float64Array(16)],
])('values stay through growing: %s', (_, data) => {
  const column = new Growable(data);
  for (let value = 0; value < 1000; value++) column.push(value / 2);
  expect(column.length).toBe(1000);
  expect(column.at(999)).toBe(499.5);
  expect(column.finish()).toEqual(Float64Array.from({ length: 1000 }, (_, value) => value / 2));
});

test('adding to the last value', () => {
  const column = new Growable(new Int32Array(4));
  column.push(1);
  column.push(2);
  column.addToLast(40);
  expect(column.finish()).toEqual(new Int32Array([1, 42]));
});

test('what was finished does not change later', () => {
  const column = new Growable(new Uint8Array(4));
  column.push(1);
  const finished = column.finish();
  column.addToLast(5);
  expect(finished).toEqual(new Uint8Array([1]));
});
