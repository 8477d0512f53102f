/** How does Python's `marshal` write a value? As much of the format as tables of numbers and names need. */

/** A value to write. Plain numbers are floats, lists are tuples, maps are dicts. */
export type MarshalValue =
  | string
  | number
  | MarshalInt
  | readonly MarshalValue[]
  | ReadonlyMap<MarshalValue, MarshalValue>;

/** A whole number of at most 53 bits. */
export interface MarshalInt {
  readonly int: number;
}

/** Bits of one digit of a long integer. */
const digitBase = 2 ** 15;

/**
 * The bytes of a value, in the format that every Python 3 reads (CPython 3.8 to 3.15, Python/marshal.c).
 * @param value nested as its type says and no deeper than its maker makes it
 */
export function marshal(value: MarshalValue): Uint8Array {
  const output = new ByteOutput();
  writeValue(output, value);
  return output.finish();
}

function writeValue(output: ByteOutput, value: MarshalValue): void {
  if (typeof value === 'string') writeString(output, value);
  else if (typeof value === 'number') output.tag('g').float64(value);
  else if ('int' in value) writeInteger(output, value.int);
  else if (value instanceof Map) writeDict(output, value);
  else writeTuple(output, value as readonly MarshalValue[]);
}

function writeDict(output: ByteOutput, entries: ReadonlyMap<MarshalValue, MarshalValue>): void {
  output.tag('{');
  for (const [key, value] of entries) {
    writeValue(output, key);
    writeValue(output, value);
  }
  output.tag('0');
}

function writeTuple(output: ByteOutput, values: readonly MarshalValue[]): void {
  output.tag('(').int32(values.length);
  for (const value of values) writeValue(output, value);
}

function writeInteger(output: ByteOutput, value: number): void {
  if (value === (value | 0)) {
    output.tag('i').int32(value);
    return;
  }
  const digits: number[] = [];
  for (let rest = Math.abs(value); rest > 0; rest = Math.floor(rest / digitBase)) digits.push(rest % digitBase);
  output.tag('l').int32(value < 0 ? -digits.length : digits.length);
  for (const digit of digits) output.uint16(digit);
}

function writeString(output: ByteOutput, text: string): void {
  const bytes = encodeText(text);
  output.tag('u').int32(bytes.length).bytes(bytes);
}

/** UTF-8 in which lone surrogates are three bytes like other characters: Python's `surrogatepass`. */
function encodeText(text: string): Uint8Array {
  const parts = text.split(/([\ud800-\udfff])/u).map((part) => {
    const code = part.length === 1 ? part.charCodeAt(0) : 0;
    const isLone = code >= 0xd800 && code <= 0xdfff;
    return isLone ? [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)] : encoder.encode(part);
  });
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const encoder = new TextEncoder();

/** Bytes under construction; numbers are little-endian. */
class ByteOutput {
  #data = new DataView(new ArrayBuffer(4096));
  #length = 0;

  /** The letter that says what follows. */
  tag(letter: string): this {
    const at = this.#room(1);
    this.#data.setUint8(at, letter.charCodeAt(0));
    return this;
  }

  int32(value: number): this {
    const at = this.#room(4);
    this.#data.setInt32(at, value, true);
    return this;
  }

  uint16(value: number): this {
    const at = this.#room(2);
    this.#data.setUint16(at, value, true);
    return this;
  }

  float64(value: number): this {
    const at = this.#room(8);
    this.#data.setFloat64(at, value, true);
    return this;
  }

  bytes(bytes: Uint8Array): this {
    const at = this.#room(bytes.length);
    new Uint8Array(this.#data.buffer).set(bytes, at);
    return this;
  }

  finish(): Uint8Array {
    return new Uint8Array(this.#data.buffer.slice(0, this.#length));
  }

  /** Makes room for so many bytes; returns where they begin. */
  #room(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#data.byteLength) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#data.byteLength));
      larger.set(new Uint8Array(this.#data.buffer));
      this.#data = new DataView(larger.buffer);
    }
    return at;
  }
}
