import { expect, test } from 'vitest';
import { displayName } from '../../../src/tree/call-node.ts';
import { buildFunctionTable } from '../../../src/tree/function-table.ts';
import { sessionFromText } from '../../../test/support/session-from-text.ts';
import { type FunctionSort, formatSort, nextSort, parseSort, sortFunctions } from './sort-functions.ts';

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

test.each([
  ['self', true, ['g', 'f', 'idle']],
  ['self', false, ['f', 'g', 'idle']],
  ['name', true, ['g', 'f', 'idle']],
] as const)('by %s, descending: %s, with idle time last', (column, isDescending, names) => {
  const session = sessionFromText('1  9    2\nf  idle g');
  const frames = session.frames.map((frame) =>
    frame.functionName === 'idle' ? { ...frame, kind: 'idle' as const } : frame,
  );
  const { functions } = buildFunctionTable({ ...session, frames }, session.threads);
  const texts = { nameOf: displayName, pathOf: (): string => '' };
  expect(sortFunctions(functions, { column, isDescending }, texts).map(displayName)).toEqual(names);
});
