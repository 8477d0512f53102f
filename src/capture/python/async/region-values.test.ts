import { expect, test } from 'vitest';
import { RegionValues } from './region-values.ts';

function isWithin(values: RegionValues, found: number, value: number): boolean {
  const around: number[] = [];
  values.around(found, around);
  return around.includes(value);
}

test('a region is inside itself and the regions around it', () => {
  const values = new RegionValues();
  values.add(100, 0);
  values.add(200, 100);
  values.add(300, 200);
  values.add(900, 0);
  const within = (value: number): readonly boolean[] =>
    [100, 200, 300, 900, 0].map((found) => isWithin(values, found, value));
  expect(within(100)).toEqual([true, true, true, false, false]);
  expect(within(200)).toEqual([false, true, true, false, false]);
  expect(within(300)).toEqual([false, false, true, false, false]);
  expect(within(900)).toEqual([false, false, false, true, false]);
});

test('contexts copied in a region that has ended are still inside the one around it', () => {
  const values = new RegionValues();
  values.add(100, 0);
  values.add(200, 100);
  values.add(300, 200);
  values.end(200);
  values.end(300);
  expect(isWithin(values, 300, 100)).toBe(true);
  expect(isWithin(values, 200, 100)).toBe(true);
  values.end(100);
  expect(values.size).toBe(0);
});

test('a region may end after the one around it', () => {
  const values = new RegionValues();
  values.add(100, 0);
  values.add(200, 100);
  values.end(100);
  expect(isWithin(values, 200, 200)).toBe(true);
  values.end(200);
  expect(values.size).toBe(0);
});

test('another region may get the address of one that has ended', () => {
  const values = new RegionValues();
  values.add(100, 0);
  values.add(200, 100);
  values.end(200);
  values.add(200, 0);
  expect(isWithin(values, 200, 100)).toBe(false);
  values.end(100);
  expect(isWithin(values, 200, 200)).toBe(true);
  values.end(200);
  expect(values.size).toBe(0);
});

test('a thousand regions within one leave nothing behind', () => {
  const values = new RegionValues();
  values.add(8, 0);
  for (let value = 16; value < 8016; value += 8) {
    values.add(value, 8);
    values.end(value);
  }
  expect(isWithin(values, 4000, 8)).toBe(true);
  values.end(8);
  expect(values.size).toBe(0);
});

test('parents that lead in a circle end nowhere', () => {
  const values = new RegionValues();
  values.add(100, 200);
  values.add(200, 100);
  values.add(300, 300);
  expect(isWithin(values, 100, 900)).toBe(false);
  expect(isWithin(values, 300, 900)).toBe(false);
  values.end(100);
  values.end(200);
  values.end(300);
});
