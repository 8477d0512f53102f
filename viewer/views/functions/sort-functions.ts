/** In which order do functions stand, and which of them? */
import type { FunctionTimes } from '../../../src/tree/function-table.ts';

const columns = ['self', 'total', 'callSites', 'name', 'place'] as const;

/** What functions can be sorted by. */
export type FunctionColumn = (typeof columns)[number];

/** A column and a direction. */
export interface FunctionSort {
  readonly column: FunctionColumn;
  readonly isDescending: boolean;
}

/** How functions are written. */
export interface FunctionTexts {
  readonly nameOf: (entry: FunctionTimes) => string;
  /** Without the line. */
  readonly pathOf: (entry: FunctionTimes) => string;
}

const collator = new Intl.Collator('en', { numeric: true });

/**
 * The functions of `table` in another order; of equal ones the one with more time comes first, and what is no function but
 * time in which a thread was idle comes last, as in the table.
 */
export function sortFunctions(
  table: readonly FunctionTimes[],
  { column, isDescending }: FunctionSort,
  { nameOf, pathOf }: FunctionTexts,
): readonly FunctionTimes[] {
  const sign = isDescending ? -1 : 1;
  const compare = (
    column === 'name' || column === 'place'
      ? byText(table, column === 'name' ? nameOf : pathOf)
      : (a: FunctionTimes, b: FunctionTimes) => a[column] - b[column]
  ) satisfies (a: FunctionTimes, b: FunctionTimes) => number;
  const isIdle = ({ frame }: FunctionTimes): number => (frame.kind === 'idle' ? 1 : 0);
  return [...table].sort((a, b) => isIdle(a) - isIdle(b) || sign * compare(a, b));
}

/** The same column again turns the order round; numbers begin with the largest, texts with A. */
export function nextSort(sort: FunctionSort, column: FunctionColumn): FunctionSort {
  if (sort.column === column) return { column, isDescending: !sort.isDescending };
  return { column, isDescending: column !== 'name' && column !== 'place' };
}

/** Texts of equal paths are in the order of their lines. */
function byText(
  table: readonly FunctionTimes[],
  textOf: (entry: FunctionTimes) => string,
): (a: FunctionTimes, b: FunctionTimes) => number {
  const texts = new Map(table.map((entry) => [entry, textOf(entry)]));
  return (a, b) => collator.compare(texts.get(a) ?? '', texts.get(b) ?? '') || a.frame.firstLine - b.frame.firstLine;
}

const beginning: FunctionSort = { column: 'self', isDescending: true };

/** `-total`, `name`; undefined for the order at first. */
export function formatSort({ column, isDescending }: FunctionSort): string | undefined {
  if (column === beginning.column && isDescending) return undefined;
  return `${isDescending ? '-' : ''}${column}`;
}

/** The order at first where it makes no sense. */
export function parseSort(text: string | undefined): FunctionSort {
  const isDescending = text?.startsWith('-') === true;
  const column = columns.find((name) => name === (isDescending ? text?.slice(1) : text));
  return column === undefined ? beginning : { column, isDescending };
}
