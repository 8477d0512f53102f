import { expect, test } from 'vitest';
import { argsOfDescription, describeTarget } from './target-description.ts';

test('{args} is the command line, once or often, whatever is in it', () => {
  expect(describeTarget(undefined, 'x.py {args} $& $1')).toBe('Program: x.py {args} $& $1');
  expect(describeTarget('nightly', 'x.py')).toBe('nightly');
  expect(describeTarget('{args} and {args}', 'x.py 1')).toBe('x.py 1 and x.py 1');
  expect(describeTarget('', 'x.py')).toBe('');
});

test('doubled braces are braces', () => {
  expect(describeTarget('{{args}} {{{args}}}', 'x')).toBe('{args} {x}');
});

test.each([
  ['{foo}', "Unknown placeholder 'foo' in --target-description"],
  ['{}', 'Empty placeholder in --target-description'],
  ['{args!r}', "Unknown placeholder 'args!r' in --target-description"],
  ['{0}', "Unknown placeholder '0' in --target-description"],
  ['{', 'Single brace in --target-description'],
  ['}', 'Single brace in --target-description'],
  ['{args', 'Single brace in --target-description'],
  ['{{args}', 'Single brace in --target-description'],
])('%j is a usage error', (template, message) => {
  expect(() => describeTarget(template, 'x')).toThrow(expect.objectContaining({ code: 'USAGE', message }));
});

test('a title gives its command line back', () => {
  expect(argsOfDescription(describeTarget(undefined, 'x.py 1'))).toBe('x.py 1');
  expect(argsOfDescription('nightly')).toBe('nightly');
});
