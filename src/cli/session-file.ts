/** What does a file named on the command line hold? */
import { readFileSync } from 'node:fs';
import { readSession } from '../session/file.ts';
import type { Session } from '../session/session.ts';
import { TimesinkError } from '../util/errors.ts';
import { describeSystemError } from './system-error.ts';

/**
 * Reads a saved recording of any format that `readSession` knows.
 * @throws TimesinkError `UNREADABLE_FILE`, `INVALID_FILE`
 */
export function readSessionFile(file: string): Session {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new TimesinkError('UNREADABLE_FILE', `cannot read ${file}: ${describeSystemError(cause)}`, { cause });
  }
  return readSession(bytes, file);
}
