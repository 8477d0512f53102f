/** Where are the records in the bytes of a `.pyisession`, and which have the same stack? No JSON value is made of them. */
import { Growable } from '../util/growable.ts';
import { type ByteSource, ByteWindow } from './byte-window.ts';
import { longestTime } from './check.ts';
import { StackTexts } from './stack-texts.ts';

/** The records of a file, and what is left of it without them. Columns have one entry per record. */
export interface FoundRecords {
  /** The whole text, but with an empty list of records. */
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

/** Members of other formats, as large as their files: not worth being looked through. */
const foreignKeys: ReadonlySet<string> = new Set(['nodes', 'traceEvents', 'shared', 'profiles']);

/** What may stand before and after the records, in bytes: far more than a list of paths. */
const mostAround = 2 ** 24;

/**
 * Finds the records of a file that is written as pyinstrument writes it, many times faster than `JSON.parse` and without
 * its memory. Null where it is written in any other way, or is not JSON: whoever asks must then read it as such.
 */
export function findRecords(source: ByteSource): FoundRecords | null {
  try {
    return new Scanner(new ByteWindow(source)).file();
  } catch (error) {
    if (error instanceof Unusual) return null;
    throw error;
  }
}

/** Thrown where the scanner meets what it does not understand. */
class Unusual extends Error {}

/** Thrown where the window ends before that can be told. */
class EndOfWindow extends Unusual {}

class Scanner {
  readonly #window: ByteWindow;
  /** Those of the window. */
  #bytes: Uint8Array;
  #at = 0;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #stackTexts = new StackTexts();
  readonly #stack = new Growable(new Int32Array(1024));
  readonly #seconds = new Growable(new Float64Array(1024));

  constructor(window: ByteWindow) {
    this.#window = window;
    this.#bytes = window.bytes;
  }

  file(): FoundRecords {
    const before = this.#whole(() => {
      this.#skipBlanks();
      this.#expect(code.openObject);
      if (!this.#skipMembers()) throw this.#at < this.#bytes.length ? new Unusual() : new EndOfWindow();
      return this.#text(0, this.#at);
    });
    const record = (): boolean => this.#record();
    if (this.#whole(() => this.#opens())) while (this.#whole(record));
    this.#moveTo(this.#at);
    const after = this.#whole(() => {
      this.#skipBlanks();
      // A second list of records would be the one that counts.
      if (this.#accept(code.comma) && this.#skipMembers()) throw new Unusual();
      this.#expect(code.closeObject);
      this.#skipBlanks();
      if (this.#at < this.#bytes.length) throw new Unusual();
      if (!this.#window.isLast) throw new EndOfWindow();
      return this.#text(0, this.#at);
    });
    const stackTexts = Array.from({ length: this.#stackTexts.size }, (_, number) =>
      this.#decode(this.#stackTexts.bytesOf(number)),
    );
    const [stack, seconds] = [this.#stack.finish(), this.#seconds.finish()];
    return { stack, seconds, stackTexts, rest: `${before}[]${after}` };
  }

  /** What `scan` gives, which is tried again with more of the file when it meets the end of the window. */
  #whole<Result>(scan: () => Result): Result {
    for (let from = this.#at; ; from = 0) {
      try {
        return scan();
      } catch (error) {
        const length = this.#bytes.length - from;
        if (!(error instanceof EndOfWindow) || this.#window.isLast || length > mostAround) throw error;
      }
      this.#moveTo(from);
    }
  }

  #moveTo(from: number): void {
    this.#window.moveTo(from);
    this.#bytes = this.#window.bytes;
    this.#at = 0;
  }

  /** Goes on to the list of records and gives true, or to the end of the object and gives false. */
  #skipMembers(): boolean {
    do {
      this.#skipBlanks();
      const from = this.#at;
      this.#skipString();
      const name = this.#text(from + 1, this.#at - 1);
      if (name.includes('\\')) throw new Unusual();
      this.#skipBlanks();
      this.#expect(code.colon);
      this.#skipBlanks();
      if (name === key) return true;
      if (foreignKeys.has(name)) throw new Unusual();
      this.#skipValue();
    } while (this.#accept(code.comma));
    return false;
  }

  /** The beginning of the list of records: whether there are any. */
  #opens(): boolean {
    this.#expect(code.open);
    this.#skipBlanks();
    if (this.#at >= this.#bytes.length) throw new EndOfWindow();
    return !this.#accept(code.close);
  }

  /** A record and what ends it: whether another one follows. */
  #record(): boolean {
    this.#skipBlanks();
    this.#expect(code.open);
    this.#skipBlanks();
    const stack = this.#stackNumber();
    this.#skipBlanks();
    this.#expect(code.comma);
    this.#skipBlanks();
    const seconds = this.#number();
    this.#skipBlanks();
    this.#expect(code.close);
    this.#skipBlanks();
    const isFollowed = this.#accept(code.comma);
    if (!isFollowed) this.#expect(code.close);
    this.#stack.push(stack);
    this.#seconds.push(seconds);
    return isFollowed;
  }

  /** A list of strings: its number. What stands between brackets and strings is for the parser of its text to check. */
  #stackNumber(): number {
    const from = this.#at;
    // The first closing bracket may be part of a name; but no list ends later than one that is the same up to there.
    const to = this.#bytes.indexOf(code.close, from) + 1;
    const known = to === 0 ? -1 : this.#stackTexts.find(this.#window, from, to);
    if (known >= 0) {
      this.#at = to;
      return known;
    }
    this.#skipList();
    const number = this.#stackTexts.add(this.#window, from, this.#at);
    if (number < 0) throw new Unusual();
    return number;
  }

  /** A list that has no lists in it. */
  #skipList(): void {
    const bytes = this.#bytes;
    this.#expect(code.open);
    let at = this.#at;
    for (let isInString = false; ; ) {
      const byte = bytes[at++];
      if (byte === undefined) throw new EndOfWindow();
      if (byte === code.quote) isInString = !isInString;
      else if (byte === code.backslash) at++;
      else if (byte === code.close && !isInString) break;
    }
    this.#at = at;
  }

  #number(): number {
    const bytes = this.#bytes;
    const from = this.#at;
    let at = from;
    let text = '';
    for (let byte = bytes[at]; byte !== undefined && isPartOfNumber(byte); byte = bytes[++at]) {
      text += String.fromCharCode(byte);
    }
    if (at === bytes.length) throw new EndOfWindow();
    this.#at = at;
    const value = Number(text);
    // What cannot be a time is for others to complain of.
    if (!(value >= 0 && value <= longestTime && jsonNumber.test(text))) throw new Unusual();
    return value + 0;
  }

  #skipString(): void {
    const bytes = this.#bytes;
    this.#expect(code.quote);
    let at = this.#at;
    for (let byte = bytes[at]; byte !== code.quote; byte = bytes[++at]) {
      if (byte === undefined) throw new EndOfWindow();
      if (byte === code.backslash) at++;
    }
    this.#at = at + 1;
  }

  /** Up to the comma or bracket that ends it; brackets are counted, not matched. */
  #skipValue(): void {
    const bytes = this.#bytes;
    for (let depth = 0; ; ) {
      const byte = bytes[this.#at];
      if (byte === undefined) throw new EndOfWindow();
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
    if (!this.#accept(byte)) throw this.#at < this.#bytes.length ? new Unusual() : new EndOfWindow();
  }

  #text(from: number, to: number): string {
    return this.#decode(this.#bytes.subarray(from, to));
  }

  #decode(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes);
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
