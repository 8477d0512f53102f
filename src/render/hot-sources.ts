/** The text of which source files does a page carry? */
import type { Session } from '../session/session.ts';
import { buildFunctionTable } from '../tree/function-table.ts';
import { shareOf } from '../tree/heat.ts';
import { LineTimes } from '../tree/hottest-lines.ts';
import type { SourceText } from './page-contents.ts';
import type { SourceReader } from './renderer.ts';

/** All texts together, in characters. */
const mostText = 500_000;

/** A file is hot when one of its functions has this share of the time. */
const leastShare = 0.005;

/** Files beyond are not even looked at. */
const mostFiles = 200;

/**
 * The files that a reader of the page will ask for: those where the time went, as far as there is room, the hottest first.
 * Files that are too large for the room that is left are passed over.
 */
export function hotSources(session: Session, readSource: SourceReader | undefined): readonly SourceText[] {
  if (readSource === undefined) return [];
  const sources: SourceText[] = [];
  let room = mostText;
  for (const file of hotFiles(session).slice(0, mostFiles)) {
    const text = readSource(file);
    if (text === undefined || text.length > room) continue;
    sources.push([file, text]);
    room -= text.length;
  }
  return sources;
}

/** Time on lines of the application counts first: a library is hot because of the line that calls it. */
function hotFiles(session: Session): readonly string[] {
  const self = new Map<string, number>();
  const { functions, total } = buildFunctionTable(session, session.threads);
  for (const { frame, self: seconds, total: all } of functions) {
    const { file } = frame;
    if (file === null || file === '' || file.startsWith('<') || shareOf(all, total) < leastShare) continue;
    self.set(file, (self.get(file) ?? 0) + seconds);
  }
  const own = applicationSeconds(session);
  const rank = (file: string): readonly [number, number] => [own.get(file) ?? 0, self.get(file) ?? 0];
  return [...self.keys()].sort((a, b) => {
    const [[ownA, selfA], [ownB, selfB]] = [rank(a), rank(b)];
    return ownB - ownA || selfB - selfA;
  });
}

function applicationSeconds(session: Session): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  const times = new LineTimes(session);
  for (const thread of session.threads) {
    for (const line of times.hottest([thread], Number.POSITIVE_INFINITY).lines) {
      seconds.set(line.file, (seconds.get(line.file) ?? 0) + line.seconds);
    }
  }
  return seconds;
}
