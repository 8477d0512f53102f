/** What the source calls at a place: the callee's expression, as written. */
import { readFileSync, statSync } from 'node:fs';
import type { Code } from './code.ts';
import { positionOf } from './line-table.ts';

/** Larger files are not looked into. */
const largestFile = 4 * 2 ** 20;
const mostFiles = 500;
const mostLines = 30;

/** Reads the program's source files, as the program sees them. */
export class CallSource {
  readonly #root: string;
  readonly #folder: string;
  readonly #files = new Map<string, readonly string[] | undefined>();

  /**
   * @param root where the process's `/` is, such as `/proc/PID/root`
   * @param folder its working directory, for relative names
   */
  constructor(root: string, folder: string) {
    this.#root = root;
    this.#folder = folder;
  }

  /**
   * The expression called at `unit`, such as `time.sleep`.
   * @returns undefined where the source is missing, or several calls share the place
   */
  calleeAt(code: Code, unit: number, minor: number): string | undefined {
    const lines = this.#lines(code.file);
    if (lines === undefined) return undefined;
    if (minor < 11) return onlyCallee(lines[(code.lines[unit] as number) - 1] ?? '');
    const position = positionOf(code.lineTable, code.firstLine, unit);
    if (!position || position.endLine - position.line > mostLines) return undefined;
    const text: Uint8Array[] = lines
      .slice(position.line - 1, position.endLine)
      .map((line) => Buffer.from(line, 'utf8'));
    const [first, last] = [text[0], text.at(-1)];
    if (!first || !last) return undefined;
    text[text.length - 1] = last.subarray(0, position.endColumn);
    text[0] = (text[0] ?? first).subarray(position.column);
    return calleeOf(Buffer.concat(text).toString('utf8'));
  }

  #lines(file: string): readonly string[] | undefined {
    if (this.#files.has(file)) return this.#files.get(file);
    if (this.#files.size >= mostFiles) this.#files.clear();
    let lines: readonly string[] | undefined;
    try {
      const path = `${this.#root}${file.startsWith('/') ? file : `${this.#folder}/${file}`}`;
      if (!file.startsWith('<') && statSync(path).size <= largestFile) lines = readFileSync(path, 'utf8').split('\n');
    } catch {
      // No source: then there is no name from it.
    }
    this.#files.set(file, lines);
    return lines;
  }
}

const closers: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** The part of a whole call expression before its argument list. */
export function calleeOf(call: string): string | undefined {
  const text = call.trimEnd();
  if (!text.endsWith(')')) return undefined;
  const open: string[] = [];
  for (let at = text.length - 1; at >= 0; at--) {
    const character = text[at] as string;
    if (character === '"' || character === "'") {
      at = text.lastIndexOf(character, at - 1);
      if (at < 0) return undefined;
    } else if (character in closers) open.push(closers[character] as string);
    else if (character === '(' || character === '[' || character === '{') {
      if (open.pop() !== character) return undefined;
      if (open.length === 0) return dotted(text.slice(0, at));
    }
  }
  return undefined;
}

/** The one callee of a line; undefined where it has none or several. */
export function onlyCallee(line: string): string | undefined {
  const code = line.replace(/("""|'''|"|').*?\1/g, "''").replace(/#.*/, '');
  if (/^\s*(def|class)\s/.test(code)) return undefined;
  const callees = [...code.matchAll(/([\w.\])]*[\w\])])\s*\(/gu)]
    .map((match) => match[1] as string)
    .filter(
      (name) =>
        !/^(if|elif|while|for|in|and|or|not|return|yield|await|assert|lambda|with|as|print_|is|else|del|raise|from|import|except)$/.test(
          name,
        ),
    );
  return callees.length === 1 ? dotted(callees[0] as string) : undefined;
}

/** A callee as it is shown: `a.b.c` whole, of anything longer only what follows the last bracket. */
function dotted(expression: string): string | undefined {
  const match = /[\p{L}_][\p{L}\p{N}_]*(\s*\.\s*[\p{L}_][\p{L}\p{N}_]*)*$/u.exec(expression.trim());
  return match?.[0].replace(/\s+/g, '');
}
