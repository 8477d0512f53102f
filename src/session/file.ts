/** How is a session kept in a file? `.timesink` is gzip around the lines of parts; others are read too. */
import { constants, crc32, deflateRawSync, gunzipSync } from 'node:zlib';
import { TimesinkError } from '../util/errors.ts';
import { sourceOf } from './byte-window.ts';
import { invalidFile, notASession } from './check.ts';
import { parseCpuProfile } from './cpuprofile-reader.ts';
import type { Scripts } from './javascript-scripts.ts';
import { parseParts } from './parts-reader.ts';
import { formatParts } from './parts-writer.ts';
import { parsePlainPyisession, parsePyisession } from './pyisession.ts';
import type { Session } from './session.ts';
import { parseSpeedscope } from './speedscope-reader.ts';

/** Text that is compressed at once, in characters. */
const chunkLength = 4_000_000;

/** In bytes: what surely fits into a string of V8, which ends at 2^29 − 24. */
const maxTextLength = 2 ** 29 - 100;

/** In bytes: what stands before the events of a trace is shorter. */
const headLength = 2 ** 16;

/** What the first line begins with. */
const openingBrace = 0x7b;

/** A gzip member without name or time, so that equal sessions give equal bytes (RFC 1952). */
const gzipHeader = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

/** The last block of a deflate stream, with nothing in it (RFC 1951). */
const emptyFinalBlock = Uint8Array.of(3, 0);

/**
 * The bytes of a `.timesink` file: one gzip member, which browsers can unpack.
 * @throws TimesinkError UNWRITABLE_OUTPUT for sessions too large to be read again (2 GB of text)
 */
export function encodeSession(session: Session): Uint8Array {
  // What repeats itself too well would be taken for a file made to fill memory: it is packed less.
  const file = pack(session, constants.Z_DEFAULT_STRATEGY) ?? pack(session, constants.Z_HUFFMAN_ONLY);
  if (file !== null) return file;
  throw new TimesinkError('UNWRITABLE_OUTPUT', 'this session is too large for a .timesink file');
}

/** Null where readers would refuse it. */
function pack(session: Session, strategy: number): Uint8Array | null {
  const packed: Uint8Array[] = [gzipHeader];
  let checksum = 0;
  let size = 0;
  for (const text of chunks(formatParts(session))) {
    const bytes = Buffer.from(text);
    checksum = crc32(bytes, checksum);
    size += bytes.length;
    packed.push(deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, strategy }));
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  const file = Buffer.concat([...packed, emptyFinalBlock, trailer]);
  return size > maxUnpackedSize(file.length) ? null : file;
}

/**
 * Reads a `.timesink` file of this or an earlier version.
 * @param file the name to use in error messages
 * @throws TimesinkError INVALID_FILE
 */
export function decodeSession(bytes: Uint8Array, file: string): Session {
  return decodeUnpacked(unpack(bytes, file), file);
}

function decodeUnpacked(text: Buffer, file: string): Session {
  if (text.length > 0 && text[0] !== openingBrace) throw notASession(file);
  return parseParts(lines(text, file), file);
}

/**
 * Reads a `.timesink`, a `.pyisession`, a speedscope file, a CPU profile of V8 or a trace of Chrome that holds one, told
 * apart by content.
 * @param file the name to use in error messages
 * @param scripts where the text of scripts can be had, which gives CPU profiles better names
 * @throws TimesinkError INVALID_FILE
 */
export function readSession(bytes: Uint8Array, file: string, scripts?: Scripts): Session {
  if (bytes.length === 0) throw invalidFile(file, '', 'the file is empty');
  if (bytes[0] !== gzipHeader[0] || bytes[1] !== gzipHeader[1]) return readPlain(bytes, file, scripts);
  const text = unpack(bytes, file);
  // Chrome packs the traces that it saves.
  const isTrace = hasMember(text.toString('latin1', 0, headLength), 'traceEvents');
  return isTrace ? readPlain(text, file, scripts) : decodeUnpacked(text, file);
}

function readPlain(bytes: Uint8Array, file: string, scripts: Scripts | undefined): Session {
  const plain = parsePlainPyisession(sourceOf(bytes), file);
  if (plain !== null) return plain;
  if (bytes.length > maxTextLength) throw invalidFile(file, '', 'too large to be read');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw notASession(file, cause);
  }
  const [brace] = /^\s*[{[]/.exec(text) ?? [];
  if (brace === undefined) throw notASession(file);
  if (isCpuProfile(text, brace.endsWith('['))) return parseCpuProfile(text, file, scripts);
  if (brace.endsWith('[')) throw notASession(file);
  const isSpeedscope = !hasMember(text, 'frame_records') && hasMember(text, 'profiles') && hasMember(text, 'shared');
  return isSpeedscope ? parseSpeedscope(text, file) : parsePyisession(text, file);
}

/** Whether it is V8's, by itself or in a trace, which may be a bare list of events. */
function isCpuProfile(text: string, isList: boolean): boolean {
  if (isList) return hasMember(text, 'ph') && hasMember(text, 'pid');
  if (hasMember(text, 'frame_records') || hasMember(text, 'profiles')) return false;
  if (hasMember(text, 'traceEvents')) return true;
  return hasMember(text, 'nodes') && (hasMember(text, 'callFrame') || hasMember(text, 'timeDeltas'));
}

/** Whether any object in the JSON has a member of that name; text within strings cannot look like one. */
function hasMember(text: string, name: string): boolean {
  return new RegExp(`"(?<!\\\\")${name}"\\s*:`).test(text);
}

/** Real sessions pack 3 to 20 to 1; what claims far more, and is large, was made to fill memory. */
function maxUnpackedSize(packedSize: number): number {
  return Math.min(2 ** 31 - 1, Math.max(2 ** 23, 100 * packedSize));
}

function unpack(bytes: Uint8Array, file: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxUnpackedSize(bytes.length) });
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const problem = tooLarge ? 'too large when unpacked' : `damaged or cut off (${(cause as Error).message})`;
    throw invalidFile(file, '', problem, { cause });
  }
}

function* lines(text: Buffer, file: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const found = text.indexOf(10, from);
    const to = found < 0 ? text.length : found;
    if (to - from > maxTextLength) throw invalidFile(file, '', 'a line is too long');
    yield text.toString('utf8', from, to);
    from = to + 1;
  }
}

/** The same text in pieces of at least `chunkLength` characters, the last one excepted. */
function* chunks(texts: Iterable<string>): Generator<string> {
  let pending: string[] = [];
  let length = 0;
  for (const text of texts) {
    pending.push(text);
    length += text.length;
    if (length < chunkLength) continue;
    yield pending.join('');
    pending = [];
    length = 0;
  }
  yield pending.join('');
}
