import { describe, expect, test } from 'vitest';
import { TimesinkError } from '../util/errors.ts';
import { checkOptions, type OptionTable, optionNames } from './options.ts';

const table = {
  flat: { kind: 'flag', help: '' },
  time: { kind: 'choice', choices: ['seconds', 'percent'], help: '' },
  inner: {
    kind: 'group',
    help: '',
    options: { threshold: { kind: 'number', default: 0.01, help: '' }, hide: { kind: 'pattern', help: '' } },
  },
} as const satisfies OptionTable;

function problem(given: Readonly<Record<string, unknown>>): string {
  try {
    checkOptions(table, given, 'text');
  } catch (error) {
    if (error instanceof TimesinkError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('right values', () => {
  test('defaults stand for what is not given', () => {
    const defaults = { flat: false, time: 'seconds', inner: { threshold: 0.01, hide: undefined } };
    expect(checkOptions(table, {}, 'text')).toEqual(defaults);
    expect(checkOptions(table, { flat: undefined, inner: { hide: null } }, 'text')).toEqual(defaults);
  });

  test('given ones are taken', () => {
    const given = { flat: true, time: 'percent', inner: { threshold: 0, hide: 'a|b' } };
    const values = checkOptions(table, given, 'text');
    expect(values).toMatchObject({ flat: true, time: 'percent', inner: { threshold: 0 } });
    expect(['a/x', 'b/x', 'x/a'].map((path) => values.inner.hide?.test(path))).toEqual([true, true, false]);
  });

  test('names of all options', () => {
    expect(optionNames(table)).toEqual(['flat', 'time', 'inner.threshold', 'inner.hide']);
  });
});

test.each<readonly [Readonly<Record<string, unknown>>, string]>([
  [{ nosuch: 1 }, 'the text report has no option nosuch'],
  [{ constructor: 1 }, 'the text report has no option constructor'],
  [{ inner: { nosuch: 1 } }, 'the text report has no option inner.nosuch'],
  [{ flat: 'yes' }, 'option flat of the text report must be true or false, not "yes"'],
  [{ time: 'bogus' }, 'option time of the text report must be seconds or percent, not "bogus"'],
  [{ inner: 3 }, 'option inner of the text report must be a set of options, not 3'],
  [{ inner: [] }, 'option inner of the text report must be a set of options, not []'],
  [
    { inner: { threshold: -1 } },
    'option inner.threshold of the text report must be a number that is not negative, not -1',
  ],
  [
    { inner: { threshold: '1' } },
    'option inner.threshold of the text report must be a number that is not negative, not "1"',
  ],
  [{ inner: { hide: 1 } }, 'option inner.hide of the text report must be a regular expression, not 1'],
  [{ inner: { hide: '(' } }, 'option inner.hide of the text report must be a regular expression, not "("'],
])('%j is refused', (given, message) => {
  expect(problem(given)).toBe(`USAGE: ${message}`);
});

test('what is wrong with a regular expression is said', () => {
  expect(() => checkOptions(table, { inner: { hide: '(?P<name>a' } }, 'text')).toThrow(
    expect.objectContaining({ hint: 'JavaScript, which reads it, says: Unterminated group.' }),
  );
});
