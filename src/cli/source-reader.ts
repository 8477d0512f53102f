/** What does the source code of a recorded file say? */
import { resolve } from 'node:path';
import { readRegularFile } from '../capture/system/regular-file.ts';
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
    if (!known.has(file)) known.set(file, readRegularFile(resolve(folder, file), largest));
    return known.get(file);
  };
}
