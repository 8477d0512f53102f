/** What does the source code of a recorded file say? */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SourceReader } from '../render/renderer.ts';

/** No source file that people write is larger. */
const largest = 16 << 20;

/**
 * Reads files relative to `folder`, the program's working directory, each once. Anything but a readable regular file of a
 * sane size is "no source": the names come from a recording and may point anywhere.
 */
export function sourceReader(folder: string): SourceReader {
  const known = new Map<string, string | undefined>();
  return (file) => {
    if (!known.has(file)) known.set(file, readText(resolve(folder, file)));
    return known.get(file);
  };
}

function readText(path: string): string | undefined {
  let descriptor: number | undefined;
  try {
    // Without "non-blocking" a named pipe would hold us until someone writes to it.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
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
