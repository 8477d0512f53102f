/** What the source calls at a place: the callee's expression, as written. */
import { readFileSync, statSync } from 'node:fs';
import type { Code } from './code.ts';
import { positionOf } from './line-table.ts';

/** Larger files are not looked into. */
const largestFile = 4 * 2 ** 20;
/** Bytes of the files that are kept. */
const mostBytes = 32 * 2 ** 20;
const mostLines = 30;
/** Code without a file, and files that are another one for each process that names them. */
const notFiles = /^(<|\/dev\/|\/proc\/)/;

/** Reads the program's source files, as the program sees them. */
export class CallSource {
  readonly #root: string;
  readonly #folder: string;
  readonly #files = new Map<string, readonly string[] | undefined>();
  #bytes = 0;

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
    const text: Buffer[] = lines.slice(position.line - 1, position.endLine).map((line) => Buffer.from(line, 'utf8'));
    const [first, last] = [text[0], text.at(-1)];
    if (!first || !last) return undefined;
    text[text.length - 1] = last.subarray(0, position.endColumn);
    text[0] = (text[0] ?? first).subarray(position.column);
    return calleeOf(text.map((line) => line.toString('utf8')).join('\n'));
  }

  #lines(file: string): readonly string[] | undefined {
    if (this.#files.has(file)) return this.#files.get(file);
    const text = notFiles.test(file) ? undefined : this.#read(file);
    this.#bytes += file.length + (text?.length ?? 0);
    if (this.#bytes > mostBytes) {
      this.#files.clear();
      this.#bytes = 0;
    }
    const lines = text?.split('\n');
    this.#files.set(file, lines);
    return lines;
  }

  /** Undefined where there is no such file. A pipe or terminal is none: its bytes are the program's. */
  #read(file: string): string | undefined {
    const path = `${this.#root}${file.startsWith('/') ? file : `${this.#folder}/${file}`}`;
    try {
      const stats = statSync(path);
      return stats.isFile() && stats.size <= largestFile ? readFileSync(path, 'utf8') : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Code with what is inside strings and comments blanked out, character by character. */
interface BlankedCode {
  readonly text: string;
  /** An f-string may call something itself. */
  readonly mayFormatCalls: boolean;
}

function blank(code: string): BlankedCode {
  let text = '';
  let mayFormatCalls = false;
  let done = 0;
  const start = /#.*|([a-z]*)("""|'''|"|')/gi;
  for (let match = start.exec(code); match; match = start.exec(code)) {
    const [whole, prefix = '', quote] = match;
    const from = match.index + (quote === undefined ? 0 : whole.length);
    const end = quote === undefined ? match.index + whole.length : endOfString(code, from, quote);
    mayFormatCalls ||= /^(f|rf|fr)$/i.test(prefix) && code.slice(from, end).includes('(');
    text += code.slice(done, from) + ' '.repeat(end - from);
    done = end;
    start.lastIndex = quote === undefined ? end : end + quote.length;
  }
  return { text: text + code.slice(done), mayFormatCalls };
}

/** Where the string that begins at `from` is closed. One that is not ends with its line, or the code. */
function endOfString(code: string, from: number, quote: string): number {
  for (let at = from; at < code.length; at++) {
    if (code[at] === '\\') at++;
    else if (code.startsWith(quote, at) || (code[at] === '\n' && quote.length === 1)) return at;
  }
  return code.length;
}

const closers: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** The part of a whole call expression before its argument list. */
export function calleeOf(call: string): string | undefined {
  const { text } = blank(call.trimEnd());
  if (!text.endsWith(')')) return undefined;
  const open: string[] = [];
  for (let at = text.length - 1; at >= 0; at--) {
    const character = text[at] as string;
    if (character in closers) open.push(closers[character] as string);
    else if (character === '(' || character === '[' || character === '{') {
      if (open.pop() !== character) return undefined;
      if (open.length === 0) return dotted(text.slice(0, at));
    }
  }
  return undefined;
}

const keywords =
  /^(and|as|assert|async|await|del|elif|else|except|finally|for|from|if|import|in|is|lambda|not|or|raise|return|while|with|yield)$/;

/** The one callee of a line; undefined where it has none or several. */
export function onlyCallee(line: string): string | undefined {
  const { text, mayFormatCalls } = blank(line);
  if (mayFormatCalls || /^\s*(async\s+def|def|class)\s/.test(text)) return undefined;
  const callees = [...text.matchAll(/([\p{L}\p{N}_.\])"']+)\s*\(/gu)]
    .map((match) => match[1] as string)
    .filter((name) => !keywords.test(name));
  return callees.length === 1 ? dotted(callees[0] as string) : undefined;
}

/** A callee as it is shown: `a.b.c` whole, of anything longer only what follows the last bracket. */
function dotted(expression: string): string | undefined {
  const match = /[\p{L}_][\p{L}\p{N}_]*(\s*\.\s*[\p{L}_][\p{L}\p{N}_]*)*$/u.exec(expression.trim());
  return match?.[0].replace(/\s+/g, '');
}
