/** How can text from anywhere be shown on a terminal without commanding it? */

/** C0 without tab, DEL, C1, and the marks that reorder what stands beside them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through.
const unsafe = /[\0-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Without C0, which JSON never has within strings. */
const unsafeInJson = /[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const shortForms: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' };

/** The text with control characters written out, such as `\x1b`, so that no name can move the cursor or hide a line. */
export function escapeControls(text: string): string {
  return text.replace(unsafe, (character) => shortForms[character] ?? escapeSequence(character.charCodeAt(0)));
}

/**
 * The same for JSON text, which stays the same value: what is left of such characters, all of them within strings, as
 * escape sequences of JSON.
 */
export function escapeControlsInJson(json: string): string {
  return json.replace(unsafeInJson, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function escapeSequence(code: number): string {
  const digits = code.toString(16);
  return code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
}

/** The text in at most `width` characters; where it is longer, ended by `ellipsis`. */
export function truncate(text: string, width: number, ellipsis: string): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  return [...characters.slice(0, Math.max(0, width - ellipsis.length)), ...ellipsis].slice(0, width).join('');
}
