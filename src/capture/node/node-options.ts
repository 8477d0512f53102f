/** Which options does Node.js read from the environment, and how are ours added to those of the user? */

/** One word of NODE_OPTIONS: those with spaces or quotes are quoted, as Node.js reads them. */
function optionWord(word: string): string {
  return /[\s"\\]/.test(word) ? `"${word.replace(/["\\]/g, '\\$&')}"` : word;
}

/**
 * The value of NODE_OPTIONS that loads a module before the program, and before what the user loads there.
 * @param given its value so far
 */
export function withPreload(given: string | undefined, module: string): string {
  const own = `--require ${optionWord(module)}`;
  if (given === undefined || given.trim() === '') return own;
  return given.includes(own) ? given : `${own} ${given}`;
}

/**
 * The words of a text such as `--max-old-space-size=4096 --require "./my file.js"`: separated by spaces, quotes keep them
 * together, a backslash within them takes away the meaning of the next character.
 */
export function splitNodeOptions(text: string): readonly string[] {
  const words: string[] = [];
  for (const [match] of text.matchAll(/(?:[^\s"]|"(?:[^"\\]|\\.)*"?)+/gs)) {
    words.push(match.replace(/"((?:[^"\\]|\\.)*)"?/gs, (_, inner: string) => inner.replace(/\\(.)/gs, '$1')));
  }
  return words;
}
