import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TimesinkError } from '../util/errors.ts';
import { describeError, exitCodeOf, exitCodes } from './errors.ts';

test('an error is one line, a hint the second', () => {
  expect(describeError(new TimesinkError('USAGE', 'it is wrong'), false)).toBe('timesink: it is wrong\n');
  expect(describeError(new TimesinkError('USAGE', 'it is wrong', { hint: 'Do this.' }), false)).toBe(
    'timesink: it is wrong\n  Do this.\n',
  );
});

test('no name in an error commands the terminal', () => {
  const error = new TimesinkError('USAGE', 'no \u001b[2J\n here', {
    hint: 'Not \r this.',
    cause: new Error('\u009b1m'),
  });
  expect(describeError(error, false)).toBe('timesink: no \\x1b[2J\\n here\n  Not \\r this.\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  expect(describeError(error, true)).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/);
  expect(describeError(new Error('\u001b'), false)).toContain('\\x1b');
});

test('--debug adds where it came from, with its causes', () => {
  const error = new TimesinkError('INTERNAL', 'outer', { cause: new Error('inner') });
  expect(describeError(error, true)).toMatch(/^timesink: outer\n.*outer\n +at .*\ncaused by Error: inner\n +at /s);
});

test('anything else thrown is told as a defect, without a trace', () => {
  const text = describeError(new Error('boom'), false);
  expect(text).toContain('boom');
  expect(text).not.toContain('at ');
  expect(describeError(new Error('boom'), true)).toMatch(/\n +at /);
  expect(exitCodeOf('boom')).toBe(exitCodes.INTERNAL);
});

test('the table of exit codes in the documentation is this one', () => {
  const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
  for (const [code, number] of Object.entries(exitCodes)) {
    const row = page.split('\n').find((line) => line.startsWith(`| ${number} `));
    expect(row, `row for exit code ${number}`).toContain(`\`${code}\``);
  }
});
