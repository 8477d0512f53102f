/** What does a source file say? For reports on this very program, whose files lie where it was started from. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** No source file that people write is larger. */
const largest = 16 << 20;

/** The text of a regular file of a sane size; undefined for anything else. */
export function sourceText(file: string): string | undefined {
  try {
    const path = resolve(file);
    const stats = statSync(path);
    return stats.isFile() && stats.size <= largest ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
