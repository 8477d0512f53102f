/** Which parts of a line does a search mean? */

/** A piece of a line. */
export interface TextPart {
  readonly text: string;
  readonly isFound: boolean;
}

/** The line in pieces; joined they are the line. @param words in lower case; any of them counts */
export function markWords(line: string, words: readonly string[]): readonly TextPart[] {
  const lower = line.toLowerCase();
  // Some capitals are longer than their small letters: then positions would not fit.
  if (words.length === 0 || lower.length !== line.length) return [{ text: line, isFound: false }];
  const parts: TextPart[] = [];
  let done = 0;
  while (done < line.length) {
    const next = nextWord(lower, words, done);
    if (next === null) break;
    if (next.from > done) parts.push({ text: line.slice(done, next.from), isFound: false });
    parts.push({ text: line.slice(next.from, next.to), isFound: true });
    done = next.to;
  }
  if (done < line.length || parts.length === 0) parts.push({ text: line.slice(done), isFound: false });
  return parts;
}

/** Whether a line has any of the words. */
export function hasWord(line: string, words: readonly string[]): boolean {
  const lower = line.toLowerCase();
  return words.some((word) => lower.includes(word));
}

function nextWord(
  lower: string,
  words: readonly string[],
  start: number,
): { readonly from: number; readonly to: number } | null {
  let best: { readonly from: number; readonly to: number } | null = null;
  for (const word of words) {
    const from = word === '' ? -1 : lower.indexOf(word, start);
    if (from < 0) continue;
    if (best === null || from < best.from || (from === best.from && from + word.length > best.to)) {
      best = { from, to: from + word.length };
    }
  }
  return best;
}
