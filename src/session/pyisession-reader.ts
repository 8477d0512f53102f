/** What does a `.pyisession` say? Reads the session files of pyinstrument 5.1.3. */
import { TimesinkError } from '../util/errors.ts';
import { SessionBuilder, type ThreadInfo } from './builder.ts';
import type { ByteSource } from './byte-window.ts';
import { invalidFile, longestTime, notASession, Place } from './check.ts';
import { parseJson } from './check-json.ts';
import { flawlessQuality } from './flawless-quality.ts';
import { type FrameAtLine, parseFrame } from './frame-text.ts';
import { type FrameIndex, noStack, type Pid, type ProcessIndex, type StackIndex, type Tid } from './ids.ts';
import { findRecords } from './pyisession-records.ts';
import type { FrameInfo, ProcessInfo, Session, SessionMeta } from './session.ts';
import { type Seconds, seconds, type UnixSeconds } from './units.ts';

/** What pyinstrument 5.1.3 takes for files that do not say. */
const defaultInterval = 0.001;

/** Distinct frame texts and distinct stacks: what fits into memory, and far more than a program has. */
const maxFrames = 2 ** 21;
const maxStacks = 2 ** 24;

interface KnownFrame extends FrameAtLine {
  readonly index: FrameIndex;
  /** See {@link SessionBuilder.location}. */
  readonly location: number;
}

/**
 * Reads a `.pyisession`.
 *
 * The result has one process and one thread with every record as a row, in the order of the file and never merged, so
 * that sums of times come out as in pyinstrument. Stacks keep their outermost `thread` entry. Times must be finite and
 * not negative; the start and the intervals may be any finite number. Keys and marks that are not known are ignored.
 * @param file the name to use in error messages
 * @throws TimesinkError INVALID_FILE
 */
export function parsePyisession(text: string, file: string): Session {
  const root = new Place(file, '', parseJson(text, file));
  if (root.at('frame_records').value === undefined) {
    throw notASession(file);
  }
  const records = (): Records => {
    const list = root.at('frame_records').list();
    return { length: list.length, read: (index, reader) => reader.read(list[index], index) };
  };
  return assemble(root, records);
}

/**
 * The same for a file that is written as pyinstrument and timesink write it: a small part of the time, and of the memory.
 * Null for any other, and for one that is wrong somewhere: {@link parsePyisession} can then say where.
 * @param file the name to use in error messages
 */
export function parsePlainPyisession(source: ByteSource, file: string): Session | null {
  const found = findRecords(source);
  if (found === null) return null;
  const { stack, seconds, stackTexts, rest } = found;
  const known: StackIndex[] = [];
  const read = (index: number, reader: RecordReader): number => {
    const number = stack[index] as number;
    const text = stackTexts[number] as string;
    const met = known[number];
    if (met === undefined) known[number] = reader.readStack(parseJson(text, file), index);
    else reader.stack = met;
    return seconds[index] as number;
  };
  try {
    return assemble(new Place(file, '', parseJson(rest, file)), () => ({ length: stack.length, read }));
  } catch (error) {
    if (error instanceof TimesinkError) return null;
    throw error;
  }
}

/** Records in the order of the file. */
interface Records {
  readonly length: number;
  /** Makes the record's stack that of the reader, and gives its seconds. */
  read(index: number, reader: RecordReader): number;
}

function assemble(root: Place, listRecords: () => Records): Session {
  const reader = new RecordReader(root.file);
  const start = root
    .at('start_call_stack')
    .strings()
    .map((entry, index) => reader.frame(entry, () => `start_call_stack[${index}]`));
  const records = listRecords();
  const process = reader.builder.addProcess(readProcess(root));
  const thread = reader.builder.addThread(threadInfo(process, start[0]?.frame));
  for (let index = 0; index < records.length; index++) {
    const weight = records.read(index, reader);
    if (index === 0) thread.info = threadInfo(process, reader.outermost ?? start[0]?.frame);
    thread.addRow(reader.stack, weight, 0);
  }
  return reader.builder.finish(readMeta(root, start, records.length));
}

/** Reads records into a trie; each frame's text is taken apart only once. */
class RecordReader {
  readonly builder: SessionBuilder = new SessionBuilder();
  /** Of the record read last. */
  stack: StackIndex = noStack;
  /** Outermost frame of the record read last. */
  outermost: FrameInfo | undefined;
  readonly #file: string;
  readonly #known = new Map<string, KnownFrame>();

  constructor(file: string) {
    this.#file = file;
  }

  /** @returns the record's time in seconds */
  read(record: unknown, index: number): number {
    if (!Array.isArray(record)) throw this.#place(index, '', record).unexpected('a list of stack and time');
    const [entries, weight] = record as readonly unknown[];
    if (record.length !== 2) {
      throw this.#place(index, '', record).invalid(`expected stack and time, found a list of ${record.length}`);
    }
    this.readStack(entries, index);
    return typeof weight === 'number' && weight > 0 && weight <= longestTime
      ? weight
      : this.#place(index, '[1]', weight).time();
  }

  /**
   * @param entries frames, outermost first
   * @param index of the record
   */
  readStack(entries: unknown, index: number): StackIndex {
    if (!Array.isArray(entries)) throw this.#place(index, '[0]', entries).unexpected('a list');
    this.stack = noStack;
    this.outermost = undefined;
    for (let depth = 0; depth < entries.length; depth++) {
      const entry: unknown = entries[depth];
      if (typeof entry !== 'string') throw this.#place(index, `[0][${depth}]`, entry).unexpected('a string');
      const found = this.frame(entry, () => `frame_records[${index}][0][${depth}]`);
      this.outermost ??= found.frame;
      this.stack = this.builder.child(this.stack, found.location);
      if (this.stack >= maxStacks) throw this.#place(index, '', null).invalid('too many different stacks to be read');
    }
    return this.stack;
  }

  frame(text: string, path: () => string): KnownFrame {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= maxFrames) throw invalidFile(this.#file, path(), 'too many different frames to be read');
    const parsed = parseFrame(text);
    if (typeof parsed === 'string') throw invalidFile(this.#file, path(), parsed);
    const index = this.builder.frame(parsed.frame);
    const entry = { ...parsed, index, location: this.builder.location(index, parsed.line) };
    this.#known.set(text, entry);
    return entry;
  }

  #place(index: number, inside: string, value: unknown): Place {
    return new Place(this.#file, `frame_records[${index}]${inside}`, value);
  }
}

function readProcess(root: Place): ProcessInfo {
  return {
    pid: 0 as Pid,
    parentPid: 0 as Pid,
    command: [],
    runtime: 'python',
    runtimeVersion: '',
    start: seconds(0),
    duration: seconds(root.at('duration').time()),
    cpuTime: readCpuTime(root),
    sysPath: readStrings(root.at('sys_path')),
    sysPrefixes: readStrings(root.at('sys_prefixes')),
  };
}

function readMeta(root: Place, start: readonly KnownFrame[], records: number): SessionMeta {
  return {
    description: root.at('target_description').string(),
    startTime: root.at('start_time').number() as UnixSeconds,
    duration: seconds(root.at('duration').time()),
    cpuTime: readCpuTime(root),
    minInterval: readInterval(root.at('min_interval')),
    maxInterval: readInterval(root.at('max_interval')),
    sampleCount: root.at('sample_count').count(),
    engine: 'file',
    startCallStack: start.map((entry) => entry.index),
    startCallLines: start.map((entry) => entry.line),
    quality: flawlessQuality(records),
    notes: [],
  };
}

function threadInfo(process: ProcessIndex, outermost: FrameInfo | undefined): ThreadInfo {
  const known = outermost?.kind === 'thread' ? outermost : undefined;
  return {
    process,
    tid: 0 as Tid,
    ident: known?.firstLine ?? 0,
    name: known?.functionName ?? 'MainThread',
    isMain: true,
    start: seconds(0),
  };
}

function readStrings(place: Place): readonly string[] {
  return place.value === undefined ? [] : place.strings();
}

function readInterval(place: Place): Seconds {
  return seconds(place.value === undefined ? defaultInterval : place.number());
}

/** The key must be there, but may be null. */
function readCpuTime(root: Place): Seconds {
  const place = root.at('cpu_time');
  return seconds(place.value === null ? 0 : place.time());
}
