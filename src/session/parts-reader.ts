/** What session do the lines of a `.timesink` file describe? Checks everything before it is used. */
import { Growable } from '../util/growable.ts';
import { invalidFile, Place } from './check.ts';
import { Column, readWeights } from './check-column.ts';
import { type JsonLimits, parseJson } from './check-json.ts';
import { noStack } from './ids.ts';
import { formatName, type Upgrade, upgrades } from './parts.ts';
import { readMeta, readProcess, readThread } from './parts-records.ts';
import type { FrameInfo, FrameKind, ProcessInfo, Session, SessionMeta, ThreadSamples } from './session.ts';
import { frameKinds } from './session.ts';

/** Of one line: many times what a writer puts there, as columns are cut and no command is longer than 2 MB. */
const lineLimits: JsonLimits = { containers: 2 ** 20, entries: 2 ** 21 };

/** Above every index of a typed array and every line. */
const indexLimit = 2 ** 31;

/**
 * Reads the lines of one session.
 * @param file the name to use in error messages; places in it are given by line
 * @param steps {@link upgrades}, unless for trying another table
 * @throws TimesinkError INVALID_FILE
 */
export function parseParts(lines: Iterable<string>, file: string, steps: readonly Upgrade[] = upgrades): Session {
  const parser = new PartsParser(file, steps);
  for (const text of lines) parser.addLine(text);
  return parser.finish();
}

/** As {@link parseParts}, for lines that come one by one. */
export class PartsParser {
  readonly #file: string;
  readonly #steps: readonly Upgrade[];
  readonly #reader: PartsReader;
  #lines = 0;
  #version = 0;

  constructor(file: string, steps: readonly Upgrade[] = upgrades) {
    this.#file = file;
    this.#steps = steps;
    this.#reader = new PartsReader(file);
  }

  /** @throws TimesinkError INVALID_FILE */
  addLine(text: string): void {
    this.#lines++;
    const path = `line ${this.#lines}`;
    const value = parseJson(text, this.#file, path, [], lineLimits);
    if (this.#lines === 1) {
      this.#version = readVersion(new Place(this.#file, path, value), this.#steps.length + 1);
      return;
    }
    const newest = this.#steps.slice(this.#version - 1).reduce((part, step) => step(part), value);
    this.#reader.accept(new Place(this.#file, path, newest));
  }

  /** @throws TimesinkError INVALID_FILE where the end is missing */
  finish(): Session {
    return this.#reader.finish();
  }
}

function readVersion(header: Place, newest: number): number {
  if (header.at('format').value !== formatName) throw invalidFile(header.file, '', 'not a .timesink file');
  const version = header.at('version').count();
  if (version < 1) throw header.at('version').invalid('there is no version 0');
  if (version > newest) {
    const problem = `written by a newer timesink: the file has version ${version}, known are versions up to ${newest}`;
    throw invalidFile(header.file, '', problem, { hint: 'Update timesink to read it.' });
  }
  return version;
}

/** Strings, frames, processes and threads together, and entries of number columns: what fits into memory. */
const maxObjects = 2 ** 24;
const maxRows = 2 ** 27;

/** The columns of rows. */
type Rows = Pick<ThreadSamples, 'stack' | 'weight' | 'state'>;

/** A thread whose rows may go on. */
interface OpenThread {
  readonly info: Omit<ThreadSamples, keyof Rows>;
  /** One entry for each part. */
  readonly rows: Rows[];
}

const noRows: Rows = { stack: new Int32Array(0), weight: new Float64Array(0), state: new Uint8Array(0) };

/** All rows one after the other; takes them out of the list, so that memory holds them only once. */
function joinRows(parts: Rows[]): Rows {
  if (parts.length < 2) return parts[0] ?? noRows;
  const length = parts.reduce((sum, { stack }) => sum + stack.length, 0);
  const joined = { stack: new Int32Array(length), weight: new Float64Array(length), state: new Uint8Array(length) };
  parts.reverse();
  for (let at = 0, part = parts.pop(); part !== undefined; at += part.stack.length, part = parts.pop()) {
    joined.stack.set(part.stack, at);
    joined.weight.set(part.weight, at);
    joined.state.set(part.state, at);
  }
  return joined;
}

/** Takes parts in the order of the file. Numbers may only name what came before. */
class PartsReader {
  readonly #file: string;
  #meta: SessionMeta | null = null;
  #ended = false;
  #objects = 0;
  #rows = 0;
  readonly #processes: ProcessInfo[] = [];
  readonly #strings: string[] = [];
  readonly #frames: FrameInfo[] = [];
  readonly #locationFrame = new Growable(new Int32Array(256));
  readonly #locationLine = new Growable(new Int32Array(256));
  readonly #parent = new Growable(new Int32Array(256));
  readonly #frame = new Growable(new Int32Array(256));
  readonly #line = new Growable(new Int32Array(256));
  readonly #threads: OpenThread[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  accept(part: Place): void {
    if (this.#ended) throw part.invalid('there is more after the end');
    const kind = part.at('part');
    this.#count(part, 1, 0);
    if (kind.value === 'meta') this.#meta = readMeta(part);
    else if (kind.value === 'process') this.#processes.push(readProcess(part));
    else if (kind.value === 'strings') this.#addStrings(part);
    else if (kind.value === 'frames') this.#addFrames(part);
    else if (kind.value === 'locations') this.#addLocations(part);
    else if (kind.value === 'stacks') this.#addStacks(part);
    else if (kind.value === 'thread') this.#addThread(part);
    else if (kind.value === 'rows') this.#addRows(part);
    else if (kind.value === 'end') this.#ended = true;
    else throw kind.unexpected('the name of a part');
  }

  finish(): Session {
    if (!this.#ended) throw invalidFile(this.#file, '', 'cut off: its end is missing');
    const meta = this.#meta;
    if (meta === null) throw invalidFile(this.#file, '', 'it lacks the part "meta"');
    if (meta.startCallStack.some((frame) => frame >= this.#frames.length)) {
      throw invalidFile(this.#file, 'startCallStack', 'there is no such frame');
    }
    return {
      meta,
      frames: this.#frames,
      stacks: { parent: this.#parent.finish(), frame: this.#frame.finish(), line: this.#line.finish() },
      processes: this.#processes,
      threads: this.#threads.map(({ info, rows }) => ({ ...info, ...joinRows(rows) })),
    };
  }

  #count(part: Place, objects: number, rows: number): void {
    this.#objects += objects;
    this.#rows += rows;
    if (this.#objects > maxObjects || this.#rows > maxRows) throw part.invalid('too large to be read');
  }

  #addStrings(part: Place): void {
    const strings = part.at('values').strings();
    this.#count(part, strings.length, 0);
    for (const text of strings) this.#strings.push(text);
  }

  #addFrames(part: Place): void {
    const names = part.at('functionName').list();
    this.#count(part, names.length, 0);
    const column = (key: string, least: number, limit: number): Column =>
      new Column(part.at(key), names.length, least, limit);
    const strings = this.#strings;
    const kind = column('kind', 0, strings.length);
    const functionName = column('functionName', 0, strings.length);
    const file = column('file', -1, strings.length);
    const firstLine = column('firstLine', 0, 2 ** 53);
    const className = column('className', -1, strings.length);
    const hidden = column('hidden', 0, 2);
    for (let index = 0; index < names.length; index++) {
      this.#frames.push({
        kind: new Place(part.file, `${part.path}.kind[${index}]`, strings[kind.at(index)]).oneOf<FrameKind>(frameKinds),
        functionName: strings[functionName.at(index)] as string,
        file: strings[file.at(index)] ?? null,
        firstLine: firstLine.at(index),
        className: strings[className.at(index)] ?? null,
        hidden: hidden.at(index) === 1,
      });
    }
  }

  #addLocations(part: Place): void {
    const { length } = part.at('frame').list();
    this.#count(part, 0, length);
    const frame = new Column(part.at('frame'), length, 0, this.#frames.length);
    const line = new Column(part.at('line'), length, -1, indexLimit);
    for (let index = 0; index < length; index++) {
      this.#locationFrame.push(frame.at(index));
      this.#locationLine.push(line.at(index));
    }
  }

  #addStacks(part: Place): void {
    const distances = part.at('distance');
    const { length } = distances.list();
    this.#count(part, 0, length);
    const distance = new Column(distances, length, 1, indexLimit);
    const location = new Column(part.at('location'), length, 0, this.#locationFrame.length);
    for (let index = 0; index < length; index++) {
      const parent = this.#parent.length - distance.at(index);
      if (parent < noStack) throw distances.invalid(`[${index}]: there is no such stack`);
      this.#parent.push(parent);
      this.#frame.push(this.#locationFrame.at(location.at(index)));
      this.#line.push(this.#locationLine.at(location.at(index)));
    }
  }

  #addThread(part: Place): void {
    this.#threads.push({ info: readThread(part, this.#processes.length), rows: [] });
  }

  #addRows(part: Place): void {
    const thread = this.#threads.at(-1);
    if (thread === undefined) throw part.invalid('rows without a thread');
    const stacks = part.at('stack');
    const { length } = stacks.list();
    this.#count(part, 0, length);
    const step = new Column(stacks, length, -indexLimit, indexLimit);
    const states = new Column(part.at('state'), length, 0, 256);
    const weights = readWeights(part, length);
    const rows = { stack: new Int32Array(length), weight: new Float64Array(length), state: new Uint8Array(length) };
    let stack = 0;
    for (let index = 0; index < length; index++) {
      stack += step.at(index);
      if (stack < noStack || stack >= this.#parent.length) throw stacks.invalid(`[${index}]: there is no such stack`);
      rows.stack[index] = stack;
      rows.weight[index] = weights(index);
      rows.state[index] = states.at(index);
    }
    thread.rows.push(rows);
  }
}
