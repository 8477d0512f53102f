/** Which rows does a source file have on show? */
import type { LineSeconds } from '../../../src/tree/line-table.ts';

/** A line of the file. */
export interface LineRow {
  readonly kind: 'line';
  /** Counted from 1. */
  readonly line: number;
  /** Null where the file does not have it, or its text is not there. */
  readonly text: string | null;
  readonly times: LineSeconds | undefined;
}

/** Lines without time that are not shown. */
export interface GapRow {
  readonly kind: 'gap';
  /** The first and the last of them. */
  readonly from: number;
  readonly to: number;
}

/** One row. */
export type SourceRow = LineRow | GapRow;

/** Lines around those with time that stay. */
const context = 3;

/** The lines of a text; none for an empty one. Those of Python, as far as people end lines. */
export function splitLines(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * All lines in their order, those with time past the end of the text last.
 * @param lines null where there is no text: then only lines with time are there
 * @param times in the order of the file
 * @param openGaps first lines of gaps that were opened; null: nothing is hidden
 */
export function layOutLines(
  lines: readonly string[] | null,
  times: readonly LineSeconds[],
  openGaps: ReadonlySet<number> | null,
): readonly SourceRow[] {
  const rowOf = (line: number, own: LineSeconds | undefined): LineRow => {
    return { kind: 'line', line, text: lines?.[line - 1] ?? null, times: own };
  };
  if (lines === null) return times.map((own) => rowOf(own.line, own));
  const rows: SourceRow[] = [];
  let next = 0;
  for (let line = 1; line <= lines.length; line++) {
    const own = times[next]?.line === line ? times[next++] : undefined;
    rows.push(rowOf(line, own));
  }
  const beyond = times.slice(next).map((own) => rowOf(own.line, own));
  return [...(openGaps === null ? rows : hideCold(rows, openGaps)), ...beyond];
}

function hideCold(rows: readonly SourceRow[], openGaps: ReadonlySet<number>): readonly SourceRow[] {
  const isKept = new Uint8Array(rows.length);
  rows.forEach((row, index) => {
    if (row.kind === 'line' && row.times !== undefined)
      isKept.fill(1, Math.max(0, index - context), index + context + 1);
  });
  const kept: SourceRow[] = [];
  for (let index = 0; index < rows.length; ) {
    let end = index;
    while (end < rows.length && isKept[end] === 0) end++;
    const from = index + 1;
    // A bar for one line would save nothing.
    if (end - index > 1 && !openGaps.has(from)) kept.push({ kind: 'gap', from, to: end });
    else kept.push(...rows.slice(index, end));
    index = end;
    for (; index < rows.length && isKept[index] === 1; index++) kept.push(rows[index] as SourceRow);
  }
  return kept;
}

/** Position of the row that shows a line, or of the gap or line nearest to it; −1 without rows. */
export function rowOfLine(rows: readonly SourceRow[], line: number): number {
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle] as SourceRow;
    if ((row.kind === 'gap' ? row.to : row.line) < line) low = middle + 1;
    else high = middle;
  }
  return high;
}
