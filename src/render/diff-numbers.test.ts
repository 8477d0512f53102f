import { expect, test } from 'vitest';
import { recordedSession } from '../../test/support/sessions.ts';
import { seconds } from '../session/units.ts';
import { type Change, changeFormat, relativePercent, withSign } from './diff-numbers.ts';

const { meta } = recordedSession();

function columns(change: Partial<Change>, normalize = false): readonly string[] {
  const { before = 0, after = 0 } = change;
  const whole = { before, after, change: after - before, isWithinNoise: false, status: 'both', ...change } as const;
  const { before: from, after: to, change: by, relative } = changeFormat(normalize, meta, meta)(whole);
  return [from, to, by, relative];
}

test('seconds have the decimals of the interval, changes a sign', () => {
  expect(columns({ before: 1, after: 1.43 })).toEqual(['1.000', '1.430', '+0.430', '+43 %']);
  expect(columns({ before: 1.43, after: 1 })).toEqual(['1.430', '1.000', '-0.430', '-30 %']);
  expect(columns({ before: 1, after: 1 })).toEqual(['1.000', '1.000', '0.000', '0.0 %']);
});

test('of two intervals the longer one decides', () => {
  const coarse = { ...meta, maxInterval: seconds(0.1) };
  expect(changeFormat(false, meta, coarse)({ before: 1, after: 2, change: 1, isWithinNoise: false }).change).toBe(
    '+1.0',
  );
});

test('shares are percents, their changes percentage points', () => {
  expect(columns({ before: 0.5, after: 0.625 }, true)).toEqual(['50.0', '62.5', '+12.5', '+25 %']);
});

test('what is in one recording only says so', () => {
  expect(columns({ after: 2, status: 'new' })).toEqual(['-', '2.000', '+2.000', 'new']);
  expect(columns({ before: 2, status: 'gone' })).toEqual(['2.000', '-', '-2.000', 'gone']);
});

test('what may be chance is marked', () => {
  expect(columns({ before: 0.1, after: 0.11, isWithinNoise: true })[3]).toBe('~+10 %');
});

test.each([
  ['0.000', '0.000'],
  ['-0.000', '0.000'],
  ['0.001', '+0.001'],
  ['-0.001', '-0.001'],
])('%s is signed as %s', (number, signed) => {
  expect(withSign(number)).toBe(signed);
});

test.each([
  [1, 1.098, '+9.8 %'],
  [1, 1.0996, '+10 %'],
  [1, 0.5, '-50 %'],
  [1, 10.9, '+990 %'],
  [1, 12, 'x12'],
  [0, 1, ''],
])('from %s to %s is %s', (before, after, text) => {
  expect(relativePercent(before, after)).toBe(text);
});
