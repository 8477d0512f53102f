import { expect, test } from 'vitest';
import { pathTail } from './path-tail.ts';

test('the end of a path stays, in whole parts where that is possible', () => {
  expect(pathTail('a/b.py:1', 8)).toBe('a/b.py:1');
  expect(pathTail('folder/of/a/b.py:1', 11)).toBe('…/a/b.py:1');
  expect(pathTail('C:\\folder\\b.py', 8)).toBe('…\\b.py');
  expect(pathTail('averylongname.py', 8)).toBe('…name.py');
});
