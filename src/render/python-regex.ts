/** What does a regular expression written for Python mean in JavaScript? */

/** What differs, in the order in which it is looked for: a character with its backslash stays as it is. */
const token = new RegExp(
  [
    /\\A/, // the beginning of the text
    /\\Z/, // its end
    /\\[\s\S]/,
    /\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/, // a set, in which none of the others means anything
    /\(\?P<(?=[A-Za-z_])/, // a named group
    /\(\?P=(?<name>\w+)\)/, // what it matched
    /\(\?#[^)]*\)/, // a remark
    /\{,(?<most>\d+)\}/, // up to so many
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** Where nothing stands before. */
const textStart = '(?<![\\s\\S])';

/** Flags of the whole expression, at its beginning; those for kinds of text have no effect here. */
const leadingFlags = /^(?:\(\?([aimsu]+)\))+/;

/**
 * A regular expression that must match from the beginning of a text, as Python's `re.match`. JavaScript's own syntax, and
 * of Python's what it has beyond that: `(?P<name>…)`, `(?P=name)`, `(?#…)`, `\A`, `\Z`, `{,3}`, a bracket first in a set,
 * and flags for the whole (`(?i)`).
 * @throws SyntaxError for what JavaScript cannot do, such as conditions and verbose expressions
 */
export function pythonRegex(text: string): RegExp {
  const start = leadingFlags.exec(text)?.[0] ?? '';
  const flags = [...new Set(start.replace(/[^ims]/g, ''))].join('');
  const body = text.slice(start.length).replace(token, translate);
  // With the flag `m`, a caret also matches at the beginning of each line.
  return new RegExp(`${flags.includes('m') ? textStart : '^'}(?:${body})`, flags);
}

/** What is wrong with an expression, from what {@link pythonRegex} threw: a sentence. */
export function regexProblem(thrown: unknown): string {
  // `Invalid regular expression: /…/: Unterminated group`, and the expression is not as it was given.
  const reason = thrown instanceof Error ? thrown.message.split(': ').at(-1) : thrown;
  return `JavaScript, which reads it, says: ${reason}.`;
}

function translate(found: string, ...rest: readonly unknown[]): string {
  const { name, most } = rest.at(-1) as { readonly name?: string; readonly most?: string };
  if (found === '\\A') return textStart;
  if (found === '\\Z') return '(?![\\s\\S])';
  if (found === '(?P<') return '(?<';
  if (name !== undefined) return `\\k<${name}>`;
  if (most !== undefined) return `{0,${most}}`;
  if (found.startsWith('(?#')) return '';
  return found.startsWith('[') ? found.replace(/^\[(\^?)\]/, '[$1\\]') : found;
}
