import { expect, test } from 'vitest';
import { buildLineTable, type LineSeconds } from '../../../src/tree/line-table.ts';
import { sessionFromText } from '../../../test/support/session-from-text.ts';
import { heatMarks } from './heat-marks.ts';
import { hasWord, markWords } from './highlight.ts';
import { layOutLines, rowOfLine, type SourceRow, splitLines } from './source-rows.ts';

const session = sessionFromText('1      2       4\nmain:3 main:20 main:21');
const times = buildLineTable(session, session.threads).files.get('/app/main.py')?.lines as readonly LineSeconds[];
const lines = Array.from({ length: 20 }, (_, index) => `text ${index + 1}`);

const drawn = (rows: readonly SourceRow[]): string[] =>
  rows.map((row) =>
    row.kind === 'gap' ? `${row.from}–${row.to}` : `${row.line} ${row.text ?? '?'} ${row.times?.total ?? ''}`.trim(),
  );

test('all lines, and those that the file does not have any more', () => {
  const rows = drawn(layOutLines(lines, times, null));
  expect(rows).toHaveLength(21);
  expect(rows.slice(1, 4)).toEqual(['2 text 2', '3 text 3 1', '4 text 4']);
  expect(rows.slice(-2)).toEqual(['20 text 20 2', '21 ? 4']);
});

test('without text there are the lines with time', () => {
  expect(drawn(layOutLines(null, times, null))).toEqual(['3 ? 1', '20 ? 2', '21 ? 4']);
});

test('cold lines are hidden but for those around, until their gap is opened', () => {
  const rows = layOutLines(lines, times, new Set());
  expect(drawn(rows)).toEqual([
    ...['1 text 1', '2 text 2', '3 text 3 1', '4 text 4', '5 text 5', '6 text 6', '7–16'],
    ...['17 text 17', '18 text 18', '19 text 19', '20 text 20 2', '21 ? 4'],
  ]);
  expect(layOutLines(lines, times, new Set([7]))).toEqual(layOutLines(lines, times, null));
  expect(drawn(layOutLines(lines, [], new Set()))).toEqual(['1–20']);
});

test('the row of a line, of a hidden line, and of none', () => {
  const rows = layOutLines(lines, times, new Set());
  expect([1, 6, 10, 17, 21, 99].map((line) => rowOfLine(rows, line))).toEqual([0, 5, 6, 7, 11, 11]);
  expect(rowOfLine([], 1)).toBe(-1);
});

test('lines end as files end them', () => {
  expect(splitLines('a\r\nb\rc\n')).toEqual(['a', 'b', 'c']);
  expect(splitLines('a\n\n')).toEqual(['a', '']);
  expect(splitLines('')).toEqual([]);
});

test('100,000 lines are laid out, and seen from afar as a few strokes', () => {
  const many = Array.from({ length: 100_000 }, () => 'pass');
  const hot = Array.from({ length: 50_000 }, (_, index) => ({ ...(times[0] as LineSeconds), line: index * 2 + 1 }));
  const rows = layOutLines(many, hot, new Set());
  expect(rows).toHaveLength(100_000);
  expect(heatMarks(rows, 100_000)).toHaveLength(240);
});

test('a stroke stands where its line is, is as long as it took, and names the hottest', () => {
  expect(heatMarks(layOutLines(lines, times, null), 7)).toEqual([
    { top: 2 / 21, height: 1 / 21, width: 0.25, heat: 'mild', row: 2 },
    { top: 19 / 21, height: 1 / 21, width: 0.5, heat: 'warm', row: 19 },
    { top: 20 / 21, height: 1 / 21, width: 1, heat: 'warm', row: 20 },
  ]);
  expect(heatMarks([], 7)).toEqual([]);
});

test('what a search means is marked, and nothing is lost', () => {
  expect(markWords('Decimal(x) * decimal', ['decimal', 'x'])).toEqual([
    { text: 'Decimal', isFound: true },
    { text: '(', isFound: false },
    { text: 'x', isFound: true },
    { text: ') * ', isFound: false },
    { text: 'decimal', isFound: true },
  ]);
  expect(markWords('abc', [])).toEqual([{ text: 'abc', isFound: false }]);
  expect(markWords('', ['a'])).toEqual([{ text: '', isFound: false }]);
  expect(markWords('İx', ['x']).map(({ text }) => text)).toEqual(['İx']);
  expect(hasWord('Decimal', ['nope', 'deci'])).toBe(true);
});
