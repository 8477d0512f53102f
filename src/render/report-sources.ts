/** What do reports for people ask about a session besides its trees? Each answer is found once per report. */
import type { ProcessInfo, Session } from '../session/session.ts';
import { LineTimes } from '../tree/hottest-lines.ts';
import { type ShortPath, shortPaths } from '../tree/short-path.ts';
import type { BriefProcess } from '../tree/shown-threads.ts';
import type { RenderContext } from './renderer.ts';
import { type SourceLine, sourceLines } from './source-lines.ts';
import type { BriefDetails } from './text-others.ts';

/** What the parts of one report share. */
export interface ReportSources {
  readonly session: Session;
  readonly lineTimes: LineTimes;
  readonly sourceLine: SourceLine;
  readonly shortPathOf: (process: ProcessInfo | undefined) => ShortPath;
}

/** In place of a tree. */
export const noSamples = 'No samples were recorded.';

/** The sources of one report. */
export function reportSources(session: Session, { readSource }: RenderContext): ReportSources {
  return {
    session,
    lineTimes: new LineTimes(session),
    sourceLine: sourceLines(readSource),
    shortPathOf: shortPathsByProcess(),
  };
}

/** What the line about a process says that is not shown whole. */
export function briefDetails({ lineTimes, shortPathOf }: ReportSources, brief: BriefProcess): BriefDetails {
  const running = brief.threads.filter((times) => times.running > 0).map(({ thread }) => thread);
  return { hottest: lineTimes.hottest(running, 1).lines[0], shortPath: shortPathOf(brief.process) };
}

function shortPathsByProcess(): ReportSources['shortPathOf'] {
  const known = new Map<ProcessInfo | undefined, ShortPath>();
  return (process) => {
    const shortPath = known.get(process) ?? shortPaths(process?.sysPath ?? []);
    known.set(process, shortPath);
    return shortPath;
  };
}
