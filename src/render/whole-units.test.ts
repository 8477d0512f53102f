import { expect, test } from 'vitest';
import { wholeUnit, wholeUnits } from './whole-units.ts';

test('rows shorter than a unit are not lost', () => {
  expect([...wholeUnits(new Float64Array(5).fill(0.4e-6), 1e6)]).toEqual([0, 1, 0, 1, 0]);
  expect([...wholeUnits(new Float64Array([0.001, 0.0010004, 0.0010004, 0]), 1e6)]).toEqual([1000, 1000, 1001, 0]);
});

test('a million rows add up to the rounded total', () => {
  const weights = new Float64Array(1_000_000).fill(0.001 + 1e-10);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  expect(wholeUnits(weights, 1e9).reduce((sum, units) => sum + units, 0)).toBe(Math.round(total * 1e9));
});

test('absurd times are cut', () => {
  expect([...wholeUnits(new Float64Array([1e300, 1]), 1e9)]).toEqual([2 ** 62, 0]);
  expect(wholeUnit(1e300, 1e9)).toBe(2 ** 62);
});
