/** Where are the records in the bytes of a `.pyisession`, and which have the same stack? No JSON value is made of them. */
import { Growable } from '../util/growable.ts';
import { StackTexts } from './stack-texts.ts';

/** The records of a file, and what is left of it without them. Columns have one entry per record. */
export interface FoundRecords {
  /** The whole text, with an empty list for the records. */
  readonly rest: string;
  /** Position in `stackTexts`. */
  readonly stack: Int32Array;
  readonly seconds: Float64Array;
  /** JSON of each distinct stack, in order of first use: a list, whatever is in it. */
  readonly stackTexts: readonly string[];
}

const code = {
  tab: 9,
  lineFeed: 10,
  carriageReturn: 13,
  blank: 32,
  quote: 0x22,
  comma: 0x2c,
  dot: 0x2e,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  open: 0x5b,
  backslash: 0x5c,
  close: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

const key = 'frame_records';

/**
 * Finds the records of a file that is written as pyinstrument writes it, many times faster than `JSON.parse` and without
 * its memory. Null where it is written in any other way, or is not JSON: whoever asks must then read it as such.
 */
export function findRecords(bytes: Uint8Array): FoundRecords | null {
  const scanner = new Scanner(bytes);
  try {
    return scanner.file();
  } catch (error) {
    if (error instanceof Unusual) return null;
    throw error;
  }
}

/** Thrown where the scanner cannot go on: a file has one such place at most. */
class Unusual extends Error {}

class Scanner {
  readonly #bytes: Uint8Array;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  file(): FoundRecords {
    let found: Omit<FoundRecords, 'rest'> | null = null;
    let [from, to] = [0, 0];
    this.#skipBlanks();
    this.#expect(code.openObject);
    do {
      this.#skipBlanks();
      const name = this.#key();
      this.#skipBlanks();
      this.#expect(code.colon);
      this.#skipBlanks();
      if (name !== key) {
        this.#skipValue();
      } else {
        if (found !== null) throw new Unusual();
        from = this.#at;
        found = this.#records();
        to = this.#at;
      }
      this.#skipBlanks();
    } while (this.#accept(code.comma));
    this.#expect(code.closeObject);
    if (found === null) throw new Unusual();
    return { ...found, rest: `${this.#text(0, from)}[]${this.#text(to, this.#bytes.length)}` };
  }

  #records(): Omit<FoundRecords, 'rest'> {
    const stack = new Growable(new Int32Array(1024));
    const seconds = new Growable(new Float64Array(1024));
    const texts = new StackTexts(this.#bytes);
    this.#expect(code.open);
    this.#skipBlanks();
    if (!this.#accept(code.close)) {
      do {
        this.#skipBlanks();
        this.#expect(code.open);
        this.#skipBlanks();
        stack.push(this.#stack(texts));
        this.#skipBlanks();
        this.#expect(code.comma);
        this.#skipBlanks();
        seconds.push(this.#number());
        this.#skipBlanks();
        this.#expect(code.close);
        this.#skipBlanks();
      } while (this.#accept(code.comma));
      this.#expect(code.close);
    }
    const stackTexts = texts.bounds().map(([from, to]) => this.#text(from, to));
    return { stack: stack.finish(), seconds: seconds.finish(), stackTexts };
  }

  /** A list of strings: its number. What stands between brackets and strings is for the parser of its text to check. */
  #stack(texts: StackTexts): number {
    const bytes = this.#bytes;
    const from = this.#at;
    this.#expect(code.open);
    let at = this.#at;
    let hash = 0;
    let isInString = false;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Unusual();
      hash = Math.imul(hash ^ byte, 0x01000193);
      if (byte === code.quote) isInString = !isInString;
      else if (byte === code.backslash) at++;
      else if (byte === code.close && !isInString) break;
    }
    this.#at = at;
    const number = texts.numberOf(from, at, hash);
    if (number < 0) throw new Unusual();
    return number;
  }

  #number(): number {
    const bytes = this.#bytes;
    const from = this.#at;
    let at = from;
    let text = '';
    for (let byte = bytes[at]; byte !== undefined && isPartOfNumber(byte); byte = bytes[++at]) {
      text += String.fromCharCode(byte);
    }
    this.#at = at;
    const value = Number(text);
    // Negative ones and infinity are for others to complain of.
    if (!(value >= 0 && value < Infinity && jsonNumber.test(text))) throw new Unusual();
    return value + 0;
  }

  #key(): string {
    const from = this.#at;
    this.#skipString();
    const name = this.#text(from + 1, this.#at - 1);
    if (name.includes('\\')) throw new Unusual();
    return name;
  }

  #skipString(): void {
    const bytes = this.#bytes;
    this.#expect(code.quote);
    let at = this.#at;
    for (let byte = bytes[at]; byte !== code.quote; byte = bytes[++at]) {
      if (byte === undefined) throw new Unusual();
      if (byte === code.backslash) at++;
    }
    this.#at = at + 1;
  }

  /** Up to the comma or bracket that ends it; brackets are counted, not matched. */
  #skipValue(): void {
    const bytes = this.#bytes;
    for (let depth = 0; ; ) {
      const byte = bytes[this.#at];
      if (byte === undefined) throw new Unusual();
      if (byte === code.quote) {
        this.#skipString();
        continue;
      }
      if (byte === code.open || byte === code.openObject) depth++;
      else if (depth === 0 && (byte === code.comma || byte === code.closeObject)) return;
      else if (byte === code.close || byte === code.closeObject) depth--;
      this.#at++;
    }
  }

  #skipBlanks(): void {
    const bytes = this.#bytes;
    for (;;) {
      const byte = bytes[this.#at];
      if (byte !== code.blank && byte !== code.lineFeed && byte !== code.carriageReturn && byte !== code.tab) return;
      this.#at++;
    }
  }

  #accept(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  #expect(byte: number): void {
    if (!this.#accept(byte)) throw new Unusual();
  }

  #text(from: number, to: number): string {
    try {
      return this.#decoder.decode(this.#bytes.subarray(from, to));
    } catch {
      throw new Unusual();
    }
  }
}

const jsonNumber = /^(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Digits, `.`, `+`, `-`, `e`, `E`. */
function isPartOfNumber(byte: number): boolean {
  return (
    (byte >= code.zero && byte <= code.nine) ||
    byte === code.dot ||
    byte === 0x2b ||
    byte === 0x2d ||
    (byte | 32) === 0x65
  );
}
