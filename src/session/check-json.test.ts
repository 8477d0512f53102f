import { expect, test } from 'vitest';
import { parseJson } from './check-json.ts';

const many = 2 ** 20 + 2;

function outcome(text: string, repeated?: readonly string[]): string {
  try {
    parseJson(text, 'x', '', repeated);
    return 'read';
  } catch (error) {
    return (error as Error).message;
  }
}

const members = (memberOf: (index: number) => string): string =>
  `[${Array.from({ length: many }, (_, index) => memberOf(index)).join(',')}]`;

test('names that a format repeats may come any number of times', () => {
  const text = members(() => '{"at" :1}');
  expect(outcome(text, ['type', 'at'])).toBe('read');
  expect(outcome(text)).toBe('x: too large to be read');
});

test.each([
  ['other names', (index: number) => `{"${index}":1}`],
  ['names that only end like it', (index: number) => `{"${index}\\"at":1}`],
  ['names that only begin like it', (index: number) => `{"at${index}":1}`],
])('%s may not', (_, memberOf) => {
  expect(outcome(members(memberOf), ['type', 'at'])).toBe('x: too large to be read');
});

test('text within strings is not counted', () => {
  expect(outcome(members(() => '"C:\\\\at:"'))).toBe('read');
});
