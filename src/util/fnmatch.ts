/** Which regular expression does a shell pattern stand for? */

/** One character, also one that JavaScript writes as two, but never half of such a one. */
const anyCharacter = '(?:[\\ud800-\\udbff][\\udc00-\\udfff]|[^\\ud800-\\udbff]|[\\ud800-\\udbff](?![\\udc00-\\udfff]))';

/**
 * The pattern as the source of a regular expression that matches whole texts: `*` stands for any characters, `/` and line
 * feeds included, `?` for one, `[seq]` and `[!seq]` for one of a set; case counts (Python's `fnmatch.translate`).
 */
export function fnmatchSource(pattern: string): string {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string;
    if (character === '*') {
      // Several are as one, and more would only make the search slow.
      if (pattern[at - 1] !== '*') source += '[\\s\\S]*';
    } else if (character === '?') source += anyCharacter;
    else if (character === '[') {
      const end = endOfSet(pattern, at);
      source += end < 0 ? '\\[' : setSource(pattern.slice(at + 1, end));
      if (end >= 0) at = end;
    } else source += escapeRegex(character);
  }
  return `${source}(?![\\s\\S])`;
}

/** Whether a whole text matches a shell pattern. */
export function fnmatch(text: string, pattern: string): boolean {
  return new RegExp(`^(?:${fnmatchSource(pattern)})`).test(text);
}

/** Where the set that begins at `start` ends; −1 where it does not. A bracket right at its beginning is one of the set. */
function endOfSet(pattern: string, start: number): number {
  const first = pattern[start + 1] === '!' ? start + 2 : start + 1;
  return pattern.indexOf(']', pattern[first] === ']' ? first + 1 : first);
}

/** Ranges that run backwards match nothing, as in Python. Of one beyond the first plane, its ends are taken. */
function setSource(set: string): string {
  const isNegated = set.startsWith('!');
  const characters = [...(isNegated ? set.slice(1) : set)];
  const choices: string[] = [];
  for (let at = 0; at < characters.length; at++) {
    const [low = '', dash, high] = characters.slice(at, at + 3);
    if (dash !== '-' || high === undefined) {
      choices.push(unicodeEscape(low));
      continue;
    }
    if (low.length > 1 || high.length > 1) choices.push(unicodeEscape(low), unicodeEscape(high));
    else if (low <= high) choices.push(`[${unicodeEscape(low)}-${unicodeEscape(high)}]`);
    at += 2;
  }
  const body = choices.length === 0 ? '(?!)' : `(?:${choices.join('|')})`;
  return isNegated ? `(?!${body})${anyCharacter}` : body;
}

/** The character as one or two escapes, so that none is special in a regular expression. */
function unicodeEscape(character: string): string {
  return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function escapeRegex(character: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(character) ? `\\${character}` : character;
}
