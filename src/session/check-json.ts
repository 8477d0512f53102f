/** Can this text be parsed as JSON within bounds? V8 ends the whole process on some texts that are merely large. */
import { invalidFile } from './check.ts';

/** Lists and objects; this many take 1 GB. */
const maxContainers = 2 ** 24;

/** Entries of lists and objects: V8 has no arrays of more than 2^27, and ends the process over larger ones. */
const maxEntries = 2 ** 26;

/** Members of objects: some millions of different names in one object take V8 minutes. */
const maxMembers = 2 ** 20;

/**
 * Parses JSON that may come from anywhere.
 * @param path where the text stands in the file, `''` for the whole
 * @param repeated names of members, made of letters, that a format uses again and again: a few names, so any number of
 *   them is harmless
 * @throws TimesinkError INVALID_FILE for invalid JSON, and for more lists, objects or entries than fit into memory
 */
export function parseJson(text: string, file: string, path = '', repeated: readonly string[] = []): unknown {
  const containers = occurrences(text, '[', maxContainers) + occurrences(text, '{', maxContainers);
  const entries = occurrences(text, ',', maxEntries);
  if (containers > maxContainers || entries > maxEntries || hasTooManyMembers(text, repeated)) {
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

/**
 * Colons are common in file names of Windows: only where there are many, those after a quote are counted. That quote ends a
 * repeated name only if the one before the name is not itself a character of a name, as in `"1\"at":`.
 */
function hasTooManyMembers(text: string, repeated: readonly string[]): boolean {
  if (occurrences(text, ':', maxMembers) <= maxMembers) return false;
  const member = repeated.length === 0 ? /"\s*:/g : new RegExp(`"(?<!(?<!\\\\)"(?:${repeated.join('|')})")\\s*:`, 'g');
  let count = 0;
  while (count <= maxMembers && member.test(text)) count++;
  return count > maxMembers;
}
