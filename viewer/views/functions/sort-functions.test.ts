import { expect, test } from 'vitest';
import { type FunctionSort, formatSort, nextSort, parseSort } from './sort-functions.ts';

test('an order is read as it was written', () => {
  let sort: FunctionSort = parseSort(undefined);
  expect(formatSort(sort)).toBeUndefined();
  const texts = (['total', 'total', 'callSites', 'name', 'name', 'place', 'self'] as const).map((column) => {
    sort = nextSort(sort, column);
    expect(parseSort(formatSort(sort))).toEqual(sort);
    return formatSort(sort);
  });
  expect(texts).toEqual(['-total', 'total', '-callSites', 'name', '-name', 'place', undefined]);
});

test.each(['', '-', 'age', '--total'])('%j is the order at first', (text) => {
  expect(parseSort(text)).toEqual({ column: 'self', isDescending: true });
});
