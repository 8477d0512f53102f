/** What does a file named on the command line hold? */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readScripts } from '../capture/node/source-maps.ts';
import { readRegularFile } from '../capture/system/regular-file.ts';
import { readSession } from '../session/file.ts';
import { parsePlainPyisession } from '../session/pyisession.ts';
import type { Session } from '../session/session.ts';
import { TimesinkError } from '../util/errors.ts';
import { describeSystemError, systemErrorCode } from './system-error.ts';

/** In bytes: Node.js makes no larger buffers everywhere. */
const largest = 2 ** 31 - 1;

/** In bytes: for less, memory does not matter. */
const large = 2 ** 24;

/** In bytes, of scripts and their source maps: bundles are larger than what people write. */
const largestScript = 1 << 26;

/** What is read of a pipe at once. */
const chunkLength = 1 << 20;

/**
 * Reads a saved recording of any format that `readSession` knows; `-` is standard input.
 * @throws TimesinkError `UNREADABLE_FILE`, `INVALID_FILE`
 */
export function readSessionFile(file: string): Session {
  let bytes: Uint8Array;
  try {
    const session = file === '-' ? null : readPiecewise(file);
    if (session !== null) return session;
    bytes = readWhole(file === '-' ? '/dev/stdin' : file);
  } catch (cause) {
    throw new TimesinkError('UNREADABLE_FILE', `cannot read ${file}: ${describeSystemError(cause)}`, { cause });
  }
  return readSession(
    bytes,
    file,
    readScripts((path) => readRegularFile(path, largestScript)),
  );
}

/** A large file of a format that need not be in memory as a whole; null for any other. */
function readPiecewise(path: string): Session | null {
  const descriptor = openSync(path, 'r');
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size < large) return null;
    return parsePlainPyisession({ read: (into) => readSync(descriptor, into) }, path);
  } finally {
    closeSync(descriptor);
  }
}

function readWhole(path: string): Uint8Array {
  const descriptor = path === '/dev/stdin' ? 0 : openSync(path, 'r');
  try {
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) throw new Error('it is a directory');
    if (stats.size > largest) throw new Error('it is too large');
    const chunks: Uint8Array[] = [];
    let total = 0;
    // One byte more than there should be shows the end without another round.
    let next = stats.isFile() ? stats.size + 1 : chunkLength;
    for (;;) {
      const chunk = new Uint8Array(next);
      const count = readSome(descriptor, chunk);
      if (count === 0) return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
      total += count;
      if (total > largest) throw new Error('it is too large');
      chunks.push(chunk.subarray(0, count));
      next = chunkLength;
    }
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}

/** Waits where standard input has nothing yet and does not block, as a terminal that was left so. */
function readSome(descriptor: number, chunk: Uint8Array): number {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      if (systemErrorCode(error) !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}
