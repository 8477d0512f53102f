import { expect, test } from 'vitest';
import { heatOf, shareOf } from './heat.ts';

test.each([
  [1, 'hot'],
  [0.6001, 'hot'],
  [0.6, 'warm'],
  [0.2, 'mild'],
  [0.05, 'cool'],
  [0, 'cool'],
])('a share of %d is %s', (share, heat) => {
  expect(heatOf(share)).toBe(heat);
});

test('of nothing, everything is all', () => {
  expect(shareOf(0, 0)).toBe(1);
  expect(shareOf(1, 4)).toBe(0.25);
});
