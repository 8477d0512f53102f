/** Can this text be parsed as JSON within bounds? V8 ends the whole process on some texts that are merely large. */
import { invalidFile } from './check.ts';

/** How much a text may hold. Characters within strings count too: the bounds leave room for them. */
export interface JsonLimits {
  /** Lists and objects. */
  readonly containers: number;
  /** Commas: entries of lists and members of objects. */
  readonly entries: number;
}

/** So many containers take 1 GB; V8 has no arrays of more than 2^27 entries, and ends the process over larger ones. */
const wholeFile: JsonLimits = { containers: 2 ** 24, entries: 2 ** 26 };

/** Members of objects: some millions of different names in one object take V8 minutes. */
const maxMembers = 2 ** 20;

/**
 * Parses JSON that may come from anywhere.
 * @param path where the text stands in the file, `''` for the whole
 * @param repeated names of members, made of letters, that a format uses again and again: a few names, so any number of
 *   them is harmless
 * @throws TimesinkError INVALID_FILE for invalid JSON, and for more lists, objects or entries than fit into memory
 */
export function parseJson(
  text: string,
  file: string,
  path = '',
  repeated: readonly string[] = [],
  limits: JsonLimits = wholeFile,
): unknown {
  const containers = occurrences(text, '[', limits.containers) + occurrences(text, '{', limits.containers);
  const entries = occurrences(text, ',', limits.entries);
  if (containers > limits.containers || entries > limits.entries || hasTooManyMembers(text, repeated)) {
    throw invalidFile(file, path, 'too large to be read');
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidFile(file, path, 'not valid JSON', { cause });
  }
}

/** How often `part` occurs, counted up to just above `limit`; 0 in a text too short to have more than that. */
function occurrences(text: string, part: string, limit: number): number {
  if (text.length <= limit) return 0;
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
