/** What does a speedscope file say? Reads profiles of time, whoever wrote them. */

import { SessionBuilder, type ThreadInfo } from './builder.ts';
import { longestTime, Place } from './check.ts';
import { parseJson } from './check-json.ts';
import { flawlessQuality } from './flawless-quality.ts';
import type { FrameIndex, Pid, ProcessIndex, Tid } from './ids.ts';
import type { FrameInfo, ProcessInfo, Session, SessionMeta } from './session.ts';
import { SpeedscopeFrames } from './speedscope-frames.ts';
import { type ProfileSpan, readProfileRows, readProfileSpan } from './speedscope-profile.ts';
import { seconds, type UnixSeconds } from './units.ts';

/** Names of the members that come once for each event and frame. */
const repeatedNames = ['type', 'at', 'frame', 'name', 'file', 'line', 'col'];

/** Threads: what fits into memory, and far more than a program has. */
const maxProfiles = 2 ** 16;

/** What is taken for files that do not say, as in `.pyisession` files. */
const defaultInterval = 0.001;

/** How pyinstrument 5.1.3 and timesink name a file; the time is local. */
const knownName = /^CPU profile for '([\s\S]*)' at (\d{4})-(\d\d)-(\d\d)T(\d\d)-(\d\d)-(\d\d)$/;

/**
 * Reads a speedscope file (https://www.speedscope.app/file-format-schema.json), evented or sampled, in any unit of time.
 *
 * The result has one process, and a thread for each profile, in the order of the file and on one clock: the earliest
 * `startValue` is the session's start. Time between an evented profile's outermost frames is time without a frame. Frames
 * named `[self]` or `[root]` that have no file, which pyinstrument writes, stand for their caller. A call without any time
 * is a row of 0 seconds, so that it is not lost.
 * @param file the name to use in error messages
 * @throws TimesinkError INVALID_FILE
 */
export function parseSpeedscope(text: string, file: string): Session {
  const root = new Place(file, '', parseJson(text, file, '', repeatedNames));
  const profiles = readProfiles(root.at('profiles'));
  const active = readActive(root.at('activeProfileIndex'), profiles.length);
  const builder = new SessionBuilder();
  const frames = new SpeedscopeFrames(root.at('shared').at('frames'), builder);
  const spans = profiles.map(readProfileSpan);
  const origin = spans.reduce((earliest, { start }) => Math.min(earliest, start), Number.POSITIVE_INFINITY);
  const title = readTitle(root, spans);
  const process = builder.addProcess(processInfo);
  const outermost: (FrameIndex | undefined)[] = [];
  let duration = 0;
  spans.forEach((span, index) => {
    // A file with one profile calls both the same, and names no thread.
    const name = spans.length === 1 && span.name === title.fileName ? 'MainThread' : span.name;
    const thread = builder.addThread(threadInfo(process, name, index === active));
    const rows = readProfileRows(span, frames, thread);
    outermost.push(rows.outermost);
    const entry = rows.outermost === undefined ? undefined : frames.info(rows.outermost);
    thread.info = { ...thread.info, ...threadNames(entry), start: seconds(Math.max(0, rows.start - origin)) };
    duration = Math.max(duration, rows.end - origin);
    if (!(duration <= longestTime)) throw span.place.invalid('the times are too large');
  });
  const start = outermost[active] ?? builder.frame(programEntry);
  return finish(builder, { ...title, duration: seconds(duration), startCallStack: [start], startCallLines: [-1] });
}

function readProfiles(place: Place): readonly Place[] {
  const { length } = place.list();
  if (length === 0) throw place.invalid('there is no profile');
  if (length > maxProfiles) throw place.invalid('too many profiles to be read');
  return place.entries();
}

/** Which profile to show first: taken for the main thread. */
function readActive(place: Place, profiles: number): number {
  if (place.value === undefined || place.value === null) return 0;
  const index = place.count();
  if (index >= profiles) throw place.invalid(`there is no profile ${index}`);
  return index;
}

interface Title {
  /** What the file is called in itself. */
  readonly fileName: string | null;
  readonly description: string;
  readonly startTime: UnixSeconds;
}

function readTitle(root: Place, spans: readonly ProfileSpan[]): Title {
  const place = root.at('name');
  const fileName = place.value === undefined || place.value === null ? null : place.string();
  const name = fileName ?? spans[0]?.name ?? '';
  const [, description, ...digits] = knownName.exec(name) ?? [];
  if (description === undefined) return { fileName, description: name, startTime: 0 as UnixSeconds };
  const [year = 0, month = 1, day = 1, hours = 0, minutes = 0, wholeSeconds = 0] = digits.map(Number);
  const time = new Date(year, month - 1, day, hours, minutes, wholeSeconds).getTime() / 1000;
  return { fileName, description, startTime: time as UnixSeconds };
}

const processInfo: ProcessInfo = {
  pid: 0 as Pid,
  parentPid: 0 as Pid,
  command: [],
  runtime: 'other',
  runtimeVersion: '',
  start: seconds(0),
  duration: seconds(0),
  cpuTime: seconds(0),
  sysPath: [],
  sysPrefixes: [],
};

/** What stands for the start of a recording without any frame: a `.pyisession` must name one. */
const programEntry: FrameInfo = {
  kind: 'thread',
  functionName: 'MainThread',
  file: '<thread>',
  firstLine: 0,
  className: null,
  hidden: false,
};

function threadInfo(process: ProcessIndex, name: string, isMain: boolean): ThreadInfo {
  return { process, tid: 0 as Tid, ident: 0, name, isMain, start: seconds(0) };
}

/** Files of pyinstrument say in the outermost frame which thread it was. */
function threadNames(outermost: FrameInfo | undefined): Partial<ThreadInfo> {
  return outermost?.kind === 'thread' ? { name: outermost.functionName, ident: outermost.firstLine } : {};
}

type TitledMeta = Title & Pick<SessionMeta, 'duration' | 'startCallStack' | 'startCallLines'>;

function finish(builder: SessionBuilder, { fileName: _, ...known }: TitledMeta): Session {
  const session = builder.finish({ ...known, ...unknownMeta, quality: flawlessQuality(0) });
  const sampleCount = session.threads.reduce((sum, thread) => sum + thread.sampleCount, 0);
  const quality = flawlessQuality(sampleCount);
  const processes = session.processes.map((process) => ({ ...process, duration: known.duration }));
  return { ...session, processes, meta: { ...session.meta, sampleCount, quality } };
}

const unknownMeta = {
  cpuTime: seconds(0),
  minInterval: seconds(defaultInterval),
  maxInterval: seconds(defaultInterval),
  sampleCount: 0,
  engine: 'file',
  notes: [],
} as const satisfies Partial<SessionMeta>;
