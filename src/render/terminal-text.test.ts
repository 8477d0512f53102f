import { expect, test } from 'vitest';
import { escapeControls, escapeControlsInJson, truncate } from './terminal-text.ts';

test.each([
  ['plain', 'plain'],
  ['naïve_函数 🐍', 'naïve_函数 🐍'],
  ['a\tb', 'a\tb'],
  ['\x1b[2J\x1b]0;title\x07', '\\x1b[2J\\x1b]0;title\\x07'],
  ['a\nb\rc', 'a\\nb\\rc'],
  ['\x00\x7f\x9b31m', '\\x00\\x7f\\x9b31m'],
  ['abc\u202egnp.exe', 'abc\\u202egnp.exe'],
  ['a\u2028b', 'a\\u2028b'],
])('%j is shown as %j', (text, shown) => {
  expect(escapeControls(text)).toBe(shown);
});

test.each([
  ['short', 10, 'short'],
  ['exactly10!', 10, 'exactly10!'],
  ['more than ten', 10, 'more th...'],
  ['🐍🐍🐍🐍🐍', 4, '🐍...'],
  ['word', 2, '..'],
])('%j in %d characters', (text, width, shown) => {
  expect(truncate(text, width, '...')).toBe(shown);
});

test('JSON stays the same value and has nothing that commands a terminal', () => {
  const value = ['\x1b[2J\n', '\x7f\u009b31m', 'abc\u202egnp.exe\u2028', { '\u0085': 'naïve 🐍' }];
  const json = `${JSON.stringify(value)}\n`;
  expect(escapeControlsInJson(json)).toBe(
    '["\\u001b[2J\\n","\\u007f\\u009b31m","abc\\u202egnp.exe\\u2028",{"\\u0085":"naïve 🐍"}]\n',
  );
  expect(JSON.parse(escapeControlsInJson(json))).toEqual(value);
});
