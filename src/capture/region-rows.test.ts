import { expect, test } from 'vitest';
import type { StackIndex } from '../session/ids.ts';
import { notSampled, RegionRows } from './region-rows.ts';

const stack = (number: number): StackIndex => number as StackIndex;

test('joins neighbours with equal stack and state only', () => {
  const rows = new RegionRows(0, 100);
  rows.add(stack(1), 1, 0, 1);
  rows.add(stack(1), 2, 0, 3);
  rows.add(stack(1), 4, 1, 1);
  rows.add(stack(2), 8, 1, 1);
  const { stack: stacks, weight, state } = rows.finish();
  expect([...stacks]).toEqual([1, 1, 2]);
  expect([...weight]).toEqual([3, 4, 8]);
  expect([...state]).toEqual([0, 1, 1]);
  expect(rows.looks).toBe(6);
});

test('tells the time in which nobody looked', () => {
  const rows = new RegionRows(0, 100);
  rows.add(stack(1), 1, 0, 1);
  rows.add(notSampled, 2, 0, 1);
  rows.add(notSampled, 3, 0, 1);
  expect(rows.notSampled).toBe(5);
});

test('takes back what was added last', () => {
  const rows = new RegionRows(0, 100);
  for (const [number, weight] of [4, 2, 1].entries()) rows.add(stack(number), weight, 0, 1);
  rows.takeBack(1);
  rows.takeBack(0.5);
  const { stack: stacks, weight } = rows.finish();
  expect([...stacks]).toEqual([0, 1]);
  expect([...weight]).toEqual([4, 1.5]);
});

test('keeps no more rows than asked for, all the time, and the share of each function', () => {
  const rows = new RegionRows(0, 1000);
  const count = 200_000;
  // One function has three quarters of the time, in rows of their own length.
  for (let row = 0; row < count; row++) rows.add(stack(row % 2), row % 2 === 0 ? 3 : 1, 0, 1);
  const { stack: stacks, weight } = rows.finish();
  expect(stacks.length).toBeLessThanOrEqual(1000);
  expect(stacks.length).toBeGreaterThan(200);
  expect(rows.looks).toBe(count);
  expect(rows.thinned).toBeGreaterThan(1);
  const total = weight.reduce((sum, time) => sum + time, 0);
  expect(total).toBe(2 * count);
  const first = weight.reduce((sum, time, row) => sum + (stacks[row] === 0 ? time : 0), 0);
  // The rows that are left say it like as many samples: 0.75 ± 0.02 (one deviation) or closer.
  expect(first / total).toBeGreaterThan(0.6);
  expect(first / total).toBeLessThan(0.9);
});
