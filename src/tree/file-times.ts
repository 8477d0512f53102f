/** In which files was the time spent: those to look at first? */
import type { Session, ThreadSamples } from '../session/session.ts';
import { LineTimes } from './hottest-lines.ts';
import { originRule } from './library-rule.ts';
import type { LineTable } from './line-table.ts';

/** A file, and what it is ranked by. */
export interface FileTimes {
  readonly file: string;
  readonly isApplication: boolean;
  /** Of application code: seconds in its lines and the libraries they called; of other files: those of their own lines. */
  readonly seconds: number;
  /** Seconds in its lines and all that they called. */
  readonly total: number;
}

/** The files of the application first, then all others; in both the most seconds first. */
export function rankFiles(
  session: Session,
  threads: readonly ThreadSamples[],
  { files }: LineTable,
): readonly FileTimes[] {
  const own = applicationSeconds(session, threads);
  const [first] = threads;
  const originOf = originRule(session.processes[first?.process ?? 0]);
  const ranked = [...files.values()].map(({ file, self, total }): FileTimes => {
    const seconds = own.get(file);
    const isApplication = seconds !== undefined || originOf(file) === 'application';
    return { file, isApplication, seconds: isApplication ? (seconds ?? 0) : self, total };
  });
  const rank = ({ isApplication }: FileTimes): number => (isApplication ? 0 : 1);
  return ranked.sort((a, b) => rank(a) - rank(b) || b.seconds - a.seconds || b.total - a.total);
}

function applicationSeconds(session: Session, threads: readonly ThreadSamples[]): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  for (const line of new LineTimes(session).hottest(threads, Number.POSITIVE_INFINITY).lines) {
    seconds.set(line.file, (seconds.get(line.file) ?? 0) + line.seconds);
  }
  return seconds;
}
