/** Which CPython is it? */
import { viewOf } from '../../memory/elf.ts';
import type { ReadMemory } from '../../memory/mapped-file.ts';
import type { Mapping } from '../../memory/maps.ts';

/** A version of CPython. */
export interface PythonVersion {
  readonly major: number;
  readonly minor: number;
  /** −1 where only the first two numbers are known. */
  readonly micro: number;
  /** As Python writes it, such as `3.13.0` or `3.15.0rc1`. */
  readonly text: string;
}

const releaseLevels: Readonly<Record<number, string>> = { 10: 'a', 11: 'b', 12: 'rc', 15: '' };

/**
 * Takes PY_VERSION_HEX apart (CPython Include/patchlevel.h); undefined where it cannot be one.
 */
export function versionFromHex(hex: number): PythonVersion | undefined {
  const [major, minor, micro] = [(hex >>> 24) & 255, (hex >>> 16) & 255, (hex >>> 8) & 255];
  const level = releaseLevels[(hex >>> 4) & 15];
  if (major < 2 || major > 3 || level === undefined) return undefined;
  return { major, minor, micro, text: `${major}.${minor}.${micro}${level}${level === '' ? '' : hex & 15}` };
}

/** The uint32 `Py_Version` (exported by 3.11 and later) at `address`. */
export function versionFromSymbol(address: number, read: ReadMemory): PythonVersion | undefined {
  const bytes = new Uint8Array(4);
  return read(address, bytes) === 4 ? versionFromHex(viewOf(bytes).getUint32(0, true)) : undefined;
}

/** The version in the name of a file, such as `libpython3.8.so.1.0` or `python3.8`. */
export function versionFromName(name: string): PythonVersion | undefined {
  const match = /python([23])\.(\d{1,2})[a-z]*(?:\.so[.0-9]*)?$/.exec(name);
  if (!match) return undefined;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return { major, minor, micro: -1, text: `${major}.${minor}` };
}

const bufferPattern = /([23])\.(\d{1,2})\.(\d{1,3})((?:a|b|rc)\d+)?\+? \(/;
const pieceSize = 1 << 16;
const overlap = 64;
const maximumScanned = 1 << 25;

/**
 * The text that `Py_GetVersion()` keeps in a static buffer of the interpreter (CPython Python/getversion.c), such as
 * `3.8.18 (default, …`, looked for in the writable data of its file. Filled when the module `sys` is made.
 * @param writable mappings of the file's data, and the anonymous one after them, which continues it
 */
export function versionFromData(writable: readonly Mapping[], read: ReadMemory): PythonVersion | undefined {
  const bytes = new Uint8Array(pieceSize);
  let scanned = 0;
  for (const { start, end } of writable) {
    for (let at = start; at < end && scanned < maximumScanned; at += pieceSize - overlap) {
      const length = read(at, bytes.subarray(0, Math.min(pieceSize, end - at)));
      scanned += pieceSize;
      const match = bufferPattern.exec(Buffer.from(bytes.buffer, 0, length).toString('latin1'));
      if (match) return versionFromMatch(match);
    }
  }
  return undefined;
}

function versionFromMatch(match: RegExpExecArray): PythonVersion {
  const [major, minor, micro] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return { major, minor, micro, text: `${major}.${minor}.${micro}${match[4] ?? ''}` };
}
