import { expect, test } from 'vitest';
import { v8Name } from './javascript-v8-names.ts';

test.each([
  ['load', 'load', null],
  ['Quote.total', 'total', 'Quote'],
  ['app.Quote.prototype.total', 'total', 'Quote'],
  ['exports.load', 'load', null],
  ['module.exports', 'module.exports', null],
  ['Quote.#sum', '#sum', 'Quote'],
  ['get total', 'total', null],
  ['a b.c', 'a b.c', null],
  ['1.5', '1.5', null],
  ['<static_initializer>', '<static_initializer>', null],
])('%s', (functionName, name, owner) => {
  expect(v8Name(functionName)).toEqual({ name, owner });
});

test('no name', () => {
  expect(v8Name('')).toBeNull();
});
