/** What is in a file that may be anything: a folder, a pipe, far too large? */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** The text of a regular file of at most `largest` bytes; undefined for anything else, and for what cannot be read. */
export function readRegularFile(path: string, largest: number): string | undefined {
  let descriptor: number | undefined;
  try {
    // Without "non-blocking" a named pipe would hold us until someone writes to it.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > largest) return undefined;
    const bytes = Buffer.alloc(stats.size);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
