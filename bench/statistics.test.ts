import { expect, test } from 'vitest';
import { deviation, geometricMean, meanInterval, median, overlap, quantile } from './statistics.ts';

test('the median of an even number of values lies between the two middle ones', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 2])).toBe(2);
  expect(median([])).toBeNaN();
});

test('the interval of a mean is that of Student', () => {
  // Four values with standard deviation 1.29099: 3.182 · 1.29099 / 2 = 2.054.
  const interval = meanInterval([1, 2, 3, 4]);
  expect(interval.value).toBe(2.5);
  expect(interval.high).toBeCloseTo(4.554, 3);
  expect(interval.low).toBeCloseTo(0.446, 3);
});

test('one value says nothing about its error', () => {
  expect(meanInterval([7])).toEqual({ value: 7, low: -Infinity, high: Infinity });
});

test('ratios that cancel out have the geometric mean 1', () => {
  expect(geometricMean([Math.log(2), Math.log(0.5)]).value).toBeCloseTo(1, 12);
});

test('intervals that touch overlap', () => {
  expect(overlap({ value: 1, low: 0, high: 2 }, { value: 3, low: 2, high: 4 })).toBe(true);
  expect(overlap({ value: 1, low: 0, high: 1.9 }, { value: 3, low: 2, high: 4 })).toBe(false);
});

test('a share of 55 % in 100 tosses of a coin is one standard error off', () => {
  expect(deviation(0.55, 0.5, 100)).toBeCloseTo(1, 12);
});

test('the 95th percentile of a hundred values is the 95th of them', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(quantile(values, 0.95)).toBe(95);
  expect(quantile([3], 0.95)).toBe(3);
  expect(quantile([], 0.95)).toBeNaN();
});
