/** How does a Markdown report show the hottest functions, their callers and whom they called? */
import { displayName } from '../tree/call-node.ts';
import type { CallTimes, FunctionTable, FunctionTimes } from '../tree/function-table.ts';
import { shareOf } from '../tree/heat.ts';
import { libraryName } from '../tree/hidden-frames.ts';
import type { OriginOf } from '../tree/library-rule.ts';
import type { ShortPath } from '../tree/short-path.ts';
import { formatFixed } from './fixed-point.ts';
import { type Column, code, codeInTable, table } from './markdown-text.ts';
import { counted } from './time-format.ts';

/** What the lists of functions need to be written. */
export interface FunctionDrawing {
  readonly shortPath: ShortPath;
  readonly originOf: OriginOf;
  /** Decimals of seconds. */
  readonly decimals: number;
}

/** So many functions have lists of their callers and callees, and so many entries has each list. */
const mostDetailed = 8;
const longestList = 5;

const columns: readonly Column[] = [
  { heading: 'self s', align: 'right' },
  { heading: 'self', align: 'right' },
  { heading: 'total s', align: 'right' },
  { heading: 'total', align: 'right' },
  { heading: 'function', align: 'left' },
  { heading: 'place', align: 'left' },
  { heading: 'code of', align: 'left' },
];

/** A table, one row for each function. */
export function functionRows(
  functions: readonly FunctionTimes[],
  { total }: FunctionTable,
  drawing: FunctionDrawing,
): string {
  const rows = functions.map((entry) => [
    formatFixed(entry.self, drawing.decimals),
    percent(entry.self, total),
    formatFixed(entry.total, drawing.decimals),
    percent(entry.total, total),
    codeInTable(displayName(entry)),
    place(entry, drawing, codeInTable),
    owner(entry, drawing),
  ]);
  return table(columns, rows);
}

/** For each of the first functions a heading, its times, and who called it and whom it called. */
export function callerLists(
  functions: readonly FunctionTimes[],
  all: FunctionTable,
  drawing: FunctionDrawing,
  heading: string,
): string[] {
  return functions
    .slice(0, mostDetailed)
    .filter(({ callers, callees }) => callers.length + callees.length > 0)
    .flatMap((entry) => [
      `${heading} ${nameAndPlace(entry, drawing)}`,
      `Self ${seconds(entry.self, drawing)}, total ${seconds(entry.total, drawing)}.`,
      ...callList(`Called from ${counted(entry.callSites, 'place')}:`, entry.callers, all, drawing),
      ...callList('Called:', entry.callees, all, drawing),
    ]);
}

function callList(
  title: string,
  calls: readonly CallTimes[],
  { functions }: FunctionTable,
  drawing: FunctionDrawing,
): string[] {
  if (calls.length === 0) return [];
  const entries = calls.slice(0, longestList).flatMap((call) => {
    const other = functions[call.function];
    return other === undefined ? [] : [`- ${seconds(call.total, drawing)} ${nameAndPlace(other, drawing)}`];
  });
  const more = calls.length > longestList ? [`- and ${counted(calls.length - longestList, 'more function')}`] : [];
  return [title, [...entries, ...more].join('\n')];
}

function nameAndPlace(entry: FunctionTimes, drawing: FunctionDrawing): string {
  return [code(displayName(entry)), place(entry, drawing, code)].filter((part) => part !== '').join(' ');
}

function place({ frame }: FunctionTimes, { shortPath }: FunctionDrawing, write: typeof code): string {
  if (frame.file === null || frame.file === '') return '';
  return write(shortPath(frame.file) + (frame.firstLine === 0 ? '' : `:${frame.firstLine}`));
}

/** Whose code it is: only the application's is the reader's to change. */
function owner({ frame }: FunctionTimes, { shortPath, originOf }: FunctionDrawing): string {
  if (frame.file === null) return '';
  switch (originOf(frame.file)) {
    case 'application':
      return 'application';
    case 'stdlib':
      return frame.kind === 'builtin' ? 'built-in function' : 'standard library';
    case 'caller':
      return 'text that was executed';
    case 'package': {
      const name = libraryName(shortPath(frame.file));
      return name === '' ? 'package' : `package ${codeInTable(name)}`;
    }
  }
}

function seconds(value: number, { decimals }: FunctionDrawing): string {
  return `${formatFixed(value, decimals)} s`;
}

function percent(part: number, total: number): string {
  return `${formatFixed(shareOf(part, total) * 100, 1)} %`;
}
