/** What does the text of a source file say of its functions? By line and column, as profiles and source maps give them. */
import { type CallOffsets, callsIn } from './javascript-calls.ts';
import { type FunctionTokens, functionAround, functionAt } from './javascript-functions.ts';
import { classWord, type JavaScriptName, nameOfClass, nameOfFunction } from './javascript-names.ts';
import { type JavaScriptTokens, readTokens } from './javascript-tokens.ts';

/** A function in a source file. Lines and columns count from 0. */
export interface SourceFunction {
  /** Where it begins, as V8 counts: with its parameters, or the word `async` of an arrow function. */
  readonly lineNumber: number;
  readonly columnNumber: number;
  readonly lastLineNumber: number;
  /** Null where nothing names it. */
  readonly name: JavaScriptName | null;
  /** The line at which it calls a function of some name, counted from 0; −1 unless there is exactly one. */
  callLineOf(name: string): number;
}

/** What the values of a class's fields are called. */
export const fieldsName = '<fields>';

/** Text that is taken apart for one session, in characters: seconds, for the largest programs. */
const mostText = 24_000_000;

/** Source files, each taken apart once, and only when something in it is asked for. */
export class JavaScriptSources {
  readonly #known = new Map<string, SourceFile | null>();
  #room = mostText;

  /** The function whose head is at a place of a text; null where there is none, or no text. */
  at(text: string | undefined, lineNumber: number, columnNumber: number): SourceFunction | null {
    return this.#fileOf(text)?.at(lineNumber, columnNumber) ?? null;
  }

  /** The innermost function around a place of a text; null where there is none, or no text. */
  around(text: string | undefined, lineNumber: number, columnNumber: number): SourceFunction | null {
    return this.#fileOf(text)?.around(lineNumber, columnNumber) ?? null;
  }

  /** What V8 runs for a class by itself, where it says that this begins at a place: see {@link implicitName}. */
  implicitAt(text: string | undefined, lineNumber: number, columnNumber: number): JavaScriptName | null {
    return this.#fileOf(text)?.implicitAt(lineNumber, columnNumber) ?? null;
  }

  /** How many lines a text has; 0 where there is none. */
  lineCount(text: string | undefined): number {
    return this.#fileOf(text)?.lineCount ?? 0;
  }

  #fileOf(text: string | undefined): SourceFile | null {
    if (text === undefined) return null;
    let file = this.#known.get(text);
    if (file === undefined) {
      const tokens = text.length <= this.#room ? readTokens(text) : null;
      if (tokens !== null) this.#room -= text.length;
      file = tokens === null ? null : new SourceFile(tokens);
      this.#known.set(text, file);
    }
    return file;
  }
}

/** At the word `class`: the constructor that a class has without writing one; at one of its members: the fields' values. */
function implicitName(tokens: JavaScriptTokens, token: number): JavaScriptName | null {
  if (tokens.is(token, 'class')) return { name: 'constructor', owner: nameOfClass(tokens, token) };
  const open = tokens.parent(token);
  const word = tokens.is(open, '{') ? classWord(tokens, open) : -1;
  return word < 0 ? null : { name: fieldsName, owner: nameOfClass(tokens, word) };
}

function startOf(tokens: JavaScriptTokens, { parameters, body }: FunctionTokens): number {
  const isArrow = tokens.is(body - 1, '=>');
  return isArrow && tokens.is(parameters - 1, 'async') ? parameters - 1 : parameters;
}

class SourceFile {
  readonly #tokens: JavaScriptTokens;
  readonly #lineStarts: readonly number[];

  constructor(tokens: JavaScriptTokens) {
    this.#tokens = tokens;
    this.#lineStarts = [
      0,
      ...[...tokens.source.matchAll(/\r\n|[\n\r\u2028\u2029]/g)].map(({ 0: end, index }) => index + end.length),
    ];
  }

  get lineCount(): number {
    return this.#lineStarts.length;
  }

  at(lineNumber: number, columnNumber: number): SourceFunction | null {
    const offset = this.#offsetOf(lineNumber, columnNumber);
    return this.#describe(offset < 0 ? null : functionAt(this.#tokens, offset));
  }

  around(lineNumber: number, columnNumber: number): SourceFunction | null {
    const offset = this.#offsetOf(lineNumber, columnNumber);
    return this.#describe(offset < 0 ? null : functionAround(this.#tokens, offset));
  }

  implicitAt(lineNumber: number, columnNumber: number): JavaScriptName | null {
    const offset = this.#offsetOf(lineNumber, columnNumber);
    return offset < 0 ? null : implicitName(this.#tokens, this.#tokens.at(offset));
  }

  #describe(found: FunctionTokens | null): SourceFunction | null {
    if (found === null) return null;
    let calls: CallOffsets | undefined;
    const callLineOf = (name: string): number => {
      calls ??= callsIn(this.#tokens, found);
      const offset = calls.get(name) ?? -1;
      return offset < 0 ? -1 : this.#lineOf(offset);
    };
    const start = this.#tokens.start(startOf(this.#tokens, found));
    const lineNumber = this.#lineOf(start);
    return {
      lineNumber,
      columnNumber: start - (this.#lineStarts[lineNumber] as number),
      lastLineNumber: this.#lineOf(this.#tokens.start(found.last)),
      name: nameOfFunction(this.#tokens, found),
      callLineOf,
    };
  }

  /** −1 for places that the text does not have. */
  #offsetOf(lineNumber: number, columnNumber: number): number {
    const start = this.#lineStarts[lineNumber];
    if (start === undefined) return -1;
    const offset = start + columnNumber;
    return offset < (this.#lineStarts[lineNumber + 1] ?? this.#tokens.source.length + 1) ? offset : -1;
  }

  #lineOf(offset: number): number {
    let [low, high] = [0, this.#lineStarts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }
}
