/** Can this text be parsed as JSON within bounds? V8 ends the whole process on some texts that are merely large. */
import { invalidFile } from './check.ts';

/** Lists and objects; this many take 1 GB. */
const maxContainers = 2 ** 24;

/** Entries of lists and objects: V8 has no arrays of more than 2^27, and ends the process over larger ones. */
const maxEntries = 2 ** 26;

/** Members of objects: some millions of names in one object take V8 minutes. */
const maxMembers = 2 ** 20;

/**
 * Parses JSON that may come from anywhere.
 * @param path where the text stands in the file, `''` for the whole
 * @throws TimesinkError INVALID_FILE for invalid JSON, and for more lists, objects or entries than fit into memory
 */
export function parseJson(text: string, file: string, path = ''): unknown {
  const containers = occurrences(text, '[', maxContainers) + occurrences(text, '{', maxContainers);
  if (containers > maxContainers || occurrences(text, ',', maxEntries) > maxEntries || hasTooManyMembers(text)) {
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

/** Colons are common in file names of Windows: only where there are many, those after a quote are counted. */
function hasTooManyMembers(text: string): boolean {
  if (occurrences(text, ':', maxMembers) <= maxMembers) return false;
  const member = /"\s*:/g;
  let count = 0;
  while (count <= maxMembers && member.test(text)) count++;
  return count > maxMembers;
}
