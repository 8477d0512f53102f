/** The text of which source files does a page carry? */
import type { Session } from '../session/session.ts';
import { rankFiles } from '../tree/file-times.ts';
import { shareOf } from '../tree/heat.ts';
import { buildLineTable } from '../tree/line-table.ts';
import { mostSourceBytes, type PageContents } from './page-contents.ts';
import type { SourceReader } from './renderer.ts';

/** A file is hot when its lines, and what they called, have this share of the time. */
const leastShare = 0.005;

/** Files beyond are not even looked at. */
const mostFiles = 200;

/**
 * The files that a reader of the page will ask for: those where the time went, as far as there is room, the application's
 * first. Files that are too large for the room that is left are passed over.
 */
export function hotSources(
  session: Session,
  readSource: SourceReader | undefined,
): Required<Pick<PageContents, 'sources' | 'leftOut'>> {
  const sources: PageContents['sources'][number][] = [];
  const leftOut: NonNullable<PageContents['leftOut']>[number][] = [];
  let room = mostSourceBytes;
  for (const file of hotFiles(session).slice(0, mostFiles)) {
    const text = readSource?.(file);
    const size = text === undefined ? 0 : Buffer.byteLength(text);
    if (text === undefined || size > room) {
      leftOut.push([file, text === undefined ? 'unreadable' : 'no room']);
      continue;
    }
    sources.push([file, text]);
    room -= size;
  }
  return { sources, leftOut };
}

function hotFiles(session: Session): readonly string[] {
  const table = buildLineTable(session, session.threads);
  return rankFiles(session, session.threads, table)
    .filter(({ file, total }) => !file.startsWith('<') && shareOf(total, table.total) >= leastShare)
    .map(({ file }) => file);
}
