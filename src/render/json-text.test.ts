import { expect, test } from 'vitest';
import { jsonText } from './json-text.ts';

test('one line', () => {
  expect(jsonText({ a: ['\n', '\ud800', '\x9b'] }, 'x')).toBe('{"a":["\\n","\\ud800","\\u009b"]}\n');
});

test('what does not fit into a string', () => {
  const tooLong = { toJSON: () => 'x'.repeat(2 ** 30) };
  expect(() => jsonText(tooLong, 'firefox')).toThrow(
    expect.objectContaining({ code: 'UNWRITABLE_OUTPUT', message: 'this session is too large for a firefox report' }),
  );
});
