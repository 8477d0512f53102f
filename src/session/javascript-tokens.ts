/** Which words, signs and brackets is JavaScript or TypeScript source made of? As much as naming its functions needs. */
import { Growable } from '../util/growable.ts';

/** What a token is. `template` is a piece of a template literal between its backticks and its `${`s. */
export const tokenKind = { word: 0, sign: 1, text: 2, template: 3, number: 4, regex: 5 } as const;

/** Longer source is not taken apart: minified bundles, whose names would say nothing. */
const longestSource = 10_000_000;

const none = -1;

/** Tokens by position, in the order of the text. */
export class JavaScriptTokens {
  readonly source: string;
  readonly count: number;
  readonly #kind: Uint8Array;
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  readonly #match: Int32Array;
  readonly #parent: Int32Array;

  constructor(source: string, columns: readonly [Uint8Array, Int32Array, Int32Array, Int32Array, Int32Array]) {
    this.source = source;
    [this.#kind, this.#start, this.#end, this.#match, this.#parent] = columns;
    this.count = this.#kind.length;
  }

  /** The token's text, `''` beyond both ends. */
  text(token: number): string {
    return this.source.slice(this.#start[token] ?? 0, this.#end[token] ?? 0);
  }

  is(token: number, text: string): boolean {
    const start = this.#start[token];
    return start !== undefined && this.#end[token] === start + text.length && this.source.startsWith(text, start);
  }

  kind(token: number): number {
    return this.#kind[token] ?? tokenKind.sign;
  }

  start(token: number): number {
    return this.#start[token] ?? this.source.length;
  }

  end(token: number): number {
    return this.#end[token] ?? this.source.length;
  }

  /** The other bracket of a pair, −1 for what is no bracket, or has no partner. */
  match(token: number): number {
    return this.#match[token] ?? none;
  }

  /** The bracket that stands open around a token (around the pair, for brackets), −1 at top level. */
  parent(token: number): number {
    return this.#parent[token] ?? none;
  }

  /** The first token that does not end before an offset. */
  at(offset: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#end[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Takes source apart in one pass; null where it is too long. Never fails: what cannot be understood, such as the text of JSX
 * elements, becomes words and signs, and strings end with their line.
 */
export function readTokens(source: string): JavaScriptTokens | null {
  return source.length > longestSource ? null : new Tokenizer(source).read();
}

/** Words after which a slash begins a regular expression, and a bracket no call. */
export const operatorWords: ReadonlySet<string> = new Set([
  ...['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'do', 'else', 'instanceof', 'yield'],
  ...['await', 'default', 'extends', 'export'],
]);

const wordStart = /[\p{ID_Start}$_#@\\]/u;
const wordPattern = /[#@]?[\p{ID_Continue}$\\]*/uy;
const numberPattern = /(?:0[xXbBoO][\da-fA-F_]+n?|[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?n?)/y;
const signPattern = /=>|\?\.(?!\d)|\.\.\.|=+|[!<>+\-*/%&|^?~]=+|./sy;

/** Brackets that were never closed are looked through no further. */
const mostUnclosed = 64;

const partners: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

class Tokenizer {
  readonly #source: string;
  readonly #kind = new Growable(new Uint8Array(1024));
  readonly #start = new Growable(new Int32Array(1024));
  readonly #end = new Growable(new Int32Array(1024));
  readonly #parent = new Growable(new Int32Array(1024));
  readonly #pairs: number[] = [];
  /** Brackets that stand open; those of a template's `${` go on with its text when they close. */
  readonly #open: { readonly token: number; readonly sign: string; readonly inTemplate: boolean }[] = [];
  #offset = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): JavaScriptTokens {
    if (this.#source.startsWith('#!')) this.#offset = Math.max(0, this.#source.search(/[\n\r]|$/));
    for (;;) {
      this.#offset = afterBlanks(this.#source, this.#offset);
      if (this.#offset >= this.#source.length) break;
      this.#next(this.#source[this.#offset] as string);
    }
    const match = new Int32Array(this.#kind.length).fill(none);
    for (let pair = 0; pair < this.#pairs.length; pair += 2) {
      const [open, close] = [this.#pairs[pair] as number, this.#pairs[pair + 1] as number];
      match[open] = close;
      match[close] = open;
    }
    const columns = [this.#kind, this.#start, this.#end, this.#parent].map((column) => column.finish());
    const [kind, start, end, parent] = columns as [Uint8Array, Int32Array, Int32Array, Int32Array];
    return new JavaScriptTokens(this.#source, [kind, start, end, match, parent]);
  }

  #next(char: string): void {
    if (char === "'" || char === '"') this.#add(tokenKind.text, endOfString(this.#source, this.#offset));
    else if (char === '`') this.#template(this.#offset + 1);
    else if (/\d/.test(char)) this.#add(tokenKind.number, this.#endOf(numberPattern));
    else if (wordStart.test(char) || char > '\u007f') this.#add(tokenKind.word, this.#endOf(wordPattern));
    else {
      const end = char === '/' && this.#isRegexHere() ? endOfRegex(this.#source, this.#offset) : none;
      if (end < 0) this.#sign();
      else this.#add(tokenKind.regex, end);
    }
  }

  #sign(): void {
    const end = this.#endOf(signPattern);
    const sign = this.#source.slice(this.#offset, end);
    if (sign === '(' || sign === '[' || sign === '{') {
      const token = this.#add(tokenKind.sign, end);
      this.#open.push({ token, sign, inTemplate: false });
      return;
    }
    const partner = partners.get(sign);
    if (partner === undefined) {
      this.#add(tokenKind.sign, end);
      return;
    }
    const inTemplate = this.#close(partner, end);
    if (inTemplate) this.#template(end);
  }

  /** Ends the innermost bracket that fits, and those in it that were never closed. */
  #close(partner: string, end: number): boolean {
    let at = this.#open.length - 1;
    const last = at - mostUnclosed;
    while (at > last && at >= 0 && this.#open[at]?.sign !== partner && !this.#open[at]?.inTemplate) at--;
    const found = this.#open[at];
    if (found?.sign !== partner) {
      this.#add(tokenKind.sign, end);
      return false;
    }
    this.#open.length = at;
    this.#pairs.push(found.token, this.#add(tokenKind.sign, end));
    return found.inTemplate;
  }

  /** The text of a template from an offset up to its end, or to the next `${`, which is a bracket. */
  #template(from: number): void {
    let offset = from;
    for (; offset < this.#source.length; offset++) {
      const char = this.#source[offset];
      if (char === '\\') offset++;
      else if (char === '`') break;
      else if (char === '$' && this.#source[offset + 1] === '{') {
        this.#add(tokenKind.template, offset);
        this.#open.push({ token: this.#add(tokenKind.sign, offset + 2), sign: '{', inTemplate: true });
        return;
      }
    }
    this.#add(tokenKind.template, Math.min(offset + 1, this.#source.length));
  }

  #isRegexHere(): boolean {
    const last = this.#kind.length - 1;
    if (last < 0) return true;
    const kind = this.#kind.at(last);
    const text = this.#source.slice(this.#start.at(last), this.#end.at(last));
    if (kind === tokenKind.word) return operatorWords.has(text);
    return kind === tokenKind.sign && !(text === ')' || text === ']' || text === '}');
  }

  /** Where what the pattern matches ends, at least one beyond its beginning. */
  #endOf(pattern: RegExp): number {
    pattern.lastIndex = this.#offset;
    return this.#offset + Math.max(1, pattern.exec(this.#source)?.[0].length ?? 0);
  }

  #add(kind: number, end: number): number {
    const token = this.#kind.length;
    this.#kind.push(kind);
    this.#start.push(this.#offset);
    this.#end.push(end);
    this.#parent.push(this.#open.at(-1)?.token ?? none);
    this.#offset = end;
    return token;
  }
}

/** Where blanks and comments end that begin at an offset. */
function afterBlanks(source: string, from: number): number {
  let offset = from;
  for (;;) {
    while (/\s/.test(source[offset] ?? '')) offset++;
    const isLine = source.startsWith('//', offset);
    if (!isLine && !source.startsWith('/*', offset)) return offset;
    const end = isLine ? source.indexOf('\n', offset) : source.indexOf('*/', offset + 2);
    if (end < 0) return source.length;
    offset = end + (isLine ? 1 : 2);
  }
}

/** A string without an end ends with its line. */
function endOfString(source: string, from: number): number {
  const quote = source[from];
  for (let offset = from + 1; offset < source.length; offset++) {
    const char = source[offset];
    if (char === quote) return offset + 1;
    if (char === '\n' || char === '\r') return offset;
    if (char === '\\') offset++;
  }
  return source.length;
}

/** −1 where its line ends before it does: it is no regular expression, then. */
function endOfRegex(source: string, from: number): number {
  let inClass = false;
  for (let offset = from + 1; offset < source.length; offset++) {
    const char = source[offset];
    if (char === '\n' || char === '\r') return none;
    if (char === '\\') offset++;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return offset + 1;
  }
  return none;
}
