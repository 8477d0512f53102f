/** What does a `.timesink` file say of itself, without reading all of it? */
import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { invalidFile, Place } from '../session/check.ts';
import { parseJson } from '../session/check-json.ts';
import { formatName, upgrades } from '../session/parts.ts';
import { readMeta } from '../session/parts-records.ts';
import type { SessionMeta } from '../session/session.ts';

/** Compressed bytes that hold the first two lines. At worst they unpack to a thousand times as many. */
const headLength = 65_536;

/**
 * Reads the beginning of a file that timesink wrote.
 * @throws TimesinkError `INVALID_FILE`
 * @throws Error of the system, or of gzip
 */
export function readSessionHead(path: string): SessionMeta {
  const head = gunzipSync(readHead(path), { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
  const [header, meta, ...rest] = head.split('\n', 3);
  if (header === undefined || meta === undefined || rest.length === 0) throw invalidFile(path, '', 'cut off');
  const first = new Place(path, 'line 1', parseJson(header, path, 'line 1'));
  const version = first.at('version').count();
  if (first.at('format').value !== formatName || version < 1 || version > upgrades.length + 1) {
    throw invalidFile(path, '', 'not a .timesink file of a known version');
  }
  const part = upgrades.slice(version - 1).reduce((value, step) => step(value), parseJson(meta, path, 'line 2'));
  return readMeta(new Place(path, 'line 2', part));
}

function readHead(path: string): Uint8Array {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(headLength);
    return bytes.subarray(0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}
