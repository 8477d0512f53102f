/** What can be made of a finished session? Loaded when the first one is asked for. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readRegularFile } from '../capture/system/regular-file.ts';
import { findRenderer } from '../formats.ts';
import type { SourceReader } from '../render/renderer.ts';
import { readSession } from '../session/file.ts';
import { mergeSessions } from '../session/merge.ts';
import { formatPyisession } from '../session/pyisession-writer.ts';
import type { Session } from '../session/session.ts';
import { seconds } from '../session/units.ts';
import { giveTree } from '../tree/report-tree.ts';
import { mainThread } from '../tree/shown-threads.ts';
import { TimesinkError } from '../util/errors.ts';
import { reportTree, treeAnswer } from './frame-columns.ts';
import { processTree } from './processors.ts';
import type { FrameTree, LoadRequest, ProcessRequest, RenderAnswer, RenderRequest, TreeAnswer } from './protocol.ts';
import { RequestError } from './request-error.ts';
import { resampleSession } from './resample.ts';
import { timelineColumns } from './timeline-columns.ts';

export { formatPyisession };

/** No source file that people write is larger. */
const largestSource = 16 << 20;

/**
 * @param folder the program's working directory
 * @throws TimesinkError USAGE
 */
export function render(session: Session, request: RenderRequest, folder: string): RenderAnswer {
  const readSource: SourceReader = (file) => readRegularFile(resolve(folder, file), largestSource);
  const renderer = findRenderer(request.renderer);
  const shown = request.tree === null ? session : withTree(session, request.tree, renderer.name);
  const rendered = renderer.render(shown, request.options, { readSource });
  if (typeof rendered === 'string') return { text: rendered };
  return { base64: Buffer.from(rendered).toString('base64') };
}

/** Formats that show the tree of one thread as {@link giveTree} gives it. */
const treeFormats = ['text', 'json', 'pstats'];

/** The session with nothing but its main thread, of which reports show `tree`. */
function withTree(session: Session, tree: FrameTree, format: string): Session {
  if (!treeFormats.includes(format)) {
    throw new RequestError(
      'MALFORMED',
      `the ${format} report cannot show a tree of one's own`,
      `${treeFormats.join(', ')} can.`,
    );
  }
  const main = mainThread(session);
  if (main === undefined) return session;
  const thread = { ...main };
  giveTree(thread, reportTree(tree, session.processes[main.process]));
  return { ...session, threads: [thread] };
}

/** @throws TimesinkError `UNREADABLE_FILE`, `INVALID_FILE` */
export function load({ source, content }: LoadRequest): Session {
  if (source !== 'path') return readSession(Buffer.from(content, source === 'text' ? 'utf8' : 'base64'), 'the session');
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(content);
  } catch (cause) {
    throw new TimesinkError('UNREADABLE_FILE', `cannot read ${content}: ${(cause as Error).message}`, { cause });
  }
  return readSession(bytes, content);
}

/** @throws RequestError where there are none */
export function combine(sessions: readonly Session[]): Session {
  const [first, ...others] = sessions;
  if (first === undefined) throw new RequestError('MALFORMED', 'there are no sessions to combine');
  return mergeSessions([first, ...others], 'summed');
}

/** @throws RequestError where the interval is none */
export function resample(session: Session, interval: number): Session {
  if (!(interval > 0)) throw new RequestError('MALFORMED', `expected an interval of more than 0 s, found ${interval}`);
  return resampleSession(session, seconds(interval));
}

/** The tree of the thread that a `.pyisession` would hold. */
export function tree(session: Session, trimStem: boolean): TreeAnswer {
  const thread = mainThread(session);
  const columns = thread === undefined ? null : timelineColumns(session, thread, trimStem);
  const { sysPath = [], sysPrefixes = [] } = session.processes[thread?.process ?? 0] ?? {};
  return treeAnswer(columns, { sysPath, sysPrefixes });
}

/** @throws TimesinkError, RequestError */
export function processNodes(
  request: ProcessRequest,
  program: { readonly sysPath: readonly string[]; readonly sysPrefixes: readonly string[] },
): TreeAnswer {
  const sysPrefixes = request.sysPrefixes ?? program.sysPrefixes;
  const processed = processTree(request.tree, request.steps, sysPrefixes);
  return treeAnswer(processed, { sysPath: program.sysPath, sysPrefixes });
}
