/** Where does a report go, and how does it get there whole or not at all? */
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isatty } from 'node:tty';
import { TimesinkError } from '../util/errors.ts';
import { describeSystemError, systemErrorCode } from './system-error.ts';
import type { OutputKind } from './terminal.ts';

/** A place that a report can be written to. */
export interface Output {
  readonly kind: OutputKind;
  /** For messages. */
  readonly name: string;
  /**
   * Writes all of it, in one go.
   * @throws Error of the system, when the place is full or gone
   */
  write(data: string | Uint8Array): void;
}

/** Standard output (1), standard error (2), or another descriptor that we were given. */
export function streamOutput(descriptor: number): Output {
  return {
    kind: isatty(descriptor) ? 'terminal' : 'stream',
    name: { 1: 'standard output', 2: 'standard error' }[descriptor] ?? `descriptor ${descriptor}`,
    write: (data) => writeAll(descriptor, data),
  };
}

/**
 * The file of `-o`. An existing file stays as it is until the report takes its place; `-` and `/dev/stdout` mean standard
 * output, and devices and pipes are written to directly.
 * @throws TimesinkError `UNWRITABLE_OUTPUT`, before anything is run
 */
export function fileOutput(path: string): Output {
  const descriptor = descriptorNamed(path);
  if (descriptor !== undefined) return streamOutput(descriptor);
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) throw unwritable(path, 'it is a directory');
    if (stats !== undefined) accessSync(path, constants.W_OK);
    if (stats !== undefined && !stats.isFile()) {
      return { kind: 'stream', name: path, write: (data) => writeDirectly(path, data) };
    }
    const target = stats === undefined ? resolve(path) : realpathSync(path);
    // The only reliable test of whether a file can be made there is to make one.
    const trial = temporaryBeside(target);
    closeSync(openSync(trial, 'wx'));
    unlinkSync(trial);
    return { kind: 'file', name: path, write: (data) => replaceFile(target, data, stats) };
  } catch (error) {
    throw error instanceof TimesinkError ? error : unwritable(path, describeSystemError(error), error);
  }
}

/** Puts `data` where it can be found again when its own place failed. Returns the path. */
export function keepInTemporaryFolder(data: string | Uint8Array, extension: string): string {
  const path = join(tmpdir(), `timesink-${Date.now()}-${randomBytes(3).toString('hex')}${extension}`);
  try {
    writeFileSync(path, data, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    removeIfThere(path);
    throw error;
  }
  return path;
}

function unwritable(path: string, reason: string, cause?: unknown): TimesinkError {
  return new TimesinkError('UNWRITABLE_OUTPUT', `cannot write ${path}: ${reason}`, {
    hint: `Nothing was run. Choose another file with -o; the folder is ${dirname(resolve(path))}.`,
    cause,
  });
}

function descriptorNamed(path: string): number | undefined {
  if (path === '-' || path === '/dev/stdout') return 1;
  if (path === '/dev/stderr') return 2;
  const number = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path)?.[1];
  return number === undefined ? undefined : Number(number);
}

function temporaryBeside(target: string): string {
  return join(dirname(target), `.timesink-${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
}

function replaceFile(target: string, data: string | Uint8Array, previous: Stats | undefined): void {
  const temporary = temporaryBeside(target);
  try {
    const descriptor = openSync(temporary, 'wx');
    try {
      if (previous !== undefined) fchmodSync(descriptor, previous.mode & 0o7777);
      writeAll(descriptor, data);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, target);
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
}

function writeDirectly(path: string, data: string | Uint8Array): void {
  const descriptor = openSync(path, 'w');
  try {
    writeAll(descriptor, data);
  } finally {
    closeSync(descriptor);
  }
}

/** Waits where a pipe is full and does not block: the program may have set it so, the setting is shared. */
function writeAll(descriptor: number, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if (systemErrorCode(error) !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Nothing to remove, or nothing to be done about it.
  }
}
