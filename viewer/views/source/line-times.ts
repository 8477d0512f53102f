/** What do the lines of the shown threads add up to? Each answer is found once for what is shown. */
import { type FileTimes, rankFiles } from '../../../src/tree/file-times.ts';
import { type LineCalls, lineCalls } from '../../../src/tree/line-calls.ts';
import { buildLineTable, type LineTable } from '../../../src/tree/line-table.ts';
import { type StackTimes, stackTimes } from '../../../src/tree/stack-times.ts';
import { Memo } from '../../model/memo.ts';
import type { Shown } from '../../model/model.ts';

/** Times of lines and files. */
export interface ShownLines {
  readonly table: LineTable;
  /** Those to look at first come first. */
  readonly files: readonly FileTimes[];
  /** Where a line was reached from, and whom it called. */
  readonly callsOf: (file: string, line: number) => LineCalls;
  /** Whether {@link callsOf} has been asked that before. */
  readonly hasCallsOf: (file: string, line: number) => boolean;
}

const known = new WeakMap<Shown, ShownLines>();

/** Whether {@link shownLines} would answer at once. */
export function hasShownLines(shown: Shown): boolean {
  return known.has(shown);
}

/** Adds up what is shown. */
export function shownLines(shown: Shown): ShownLines {
  const lines = known.get(shown) ?? addUp(shown);
  known.set(shown, lines);
  return lines;
}

function addUp({ session, threads: shownThreads }: Shown): ShownLines {
  const threads = shownThreads.map(({ thread }) => thread);
  const table = buildLineTable(session, threads);
  const calls = new Memo<LineCalls>(50);
  let times: StackTimes | undefined;
  const keyOf = (file: string, line: number): string => `${line} ${file}`;
  return {
    table,
    files: rankFiles(session, threads, table),
    hasCallsOf: (file, line) => calls.has(keyOf(file, line)),
    callsOf: (file, line) =>
      calls.get(keyOf(file, line), () => {
        times ??= stackTimes(session, threads);
        return lineCalls(session, times, file, line);
      }),
  };
}
