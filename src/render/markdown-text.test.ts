import { expect, test } from 'vitest';
import { code, codeBlock, codeInTable, table } from './markdown-text.ts';

test.each([
  ['f', '`f`'],
  ['a`b', '``a`b``'],
  ['`', '`` ` ``'],
  ['``x', '``` ``x ```'],
  [' both ', '`  both  `'],
  [' one', '` one`'],
  ['*a* <b> [c](d) & \\_', '`*a* <b> [c](d) & \\_`'],
  ['a\nb\x1b', '`a\\nb\\x1b`'],
  ['a\tb', '`a b`'],
  ['', '(no name)'],
  [' \t', '(no name)'],
])('%j is written %s', (text, written) => {
  expect(code(text)).toBe(written);
});

test.each([
  ['a|b', '`a\\|b`'],
  ['a\\|b', '`a\\\\\\|b`'],
  ['|`|', '``\\|`\\|``'],
  ['\\', '`\\`'],
])('in a table, %j is written %s', (text, written) => {
  expect(codeInTable(text)).toBe(written);
});

test('a block ends where its last line does', () => {
  expect(codeBlock(['a', '```', '~~~', '`````text'])).toBe('``````text\na\n```\n~~~\n`````text\n``````');
  expect(codeBlock(['a'])).toBe('```text\na\n```');
});

test('a table', () => {
  const columns = [
    { heading: 'n', align: 'right' },
    { heading: 'name', align: 'left' },
  ] as const;
  expect(table(columns, [['1', '`f`']])).toBe('| n | name |\n| ---: | --- |\n| 1 | `f` |');
});
