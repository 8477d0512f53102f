/** Can this text be parsed as JSON within bounds? V8 ends the whole process on some texts that are merely large. */
import { invalidFile } from './check.ts';

/** Lists and objects (1 GB when parsed), and entries: V8 has no arrays of more than 2^27. */
const maxContainers = 2 ** 24;
const maxEntries = 2 ** 26;

/**
 * Parses JSON that may come from anywhere.
 * @param path where the text stands in the file, `''` for the whole
 * @throws TimesinkError INVALID_FILE for invalid JSON, and for more than 16 million lists and objects or 67 million entries
 */
export function parseJson(text: string, file: string, path = ''): unknown {
  const containers = occurrences(text, '[', maxContainers) + occurrences(text, '{', maxContainers);
  if (containers > maxContainers || occurrences(text, ',', maxEntries) > maxEntries) {
    throw invalidFile(file, path, 'too large to be read');
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidFile(file, path, 'not valid JSON', { cause });
  }
}

/** How often `part` occurs, counted up to just above `limit`. Inside strings counts too: the bounds leave room for it. */
function occurrences(text: string, part: string, limit: number): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0 && count <= limit; at = text.indexOf(part, at + 1)) count++;
  return count;
}
