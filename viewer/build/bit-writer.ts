/** How do bits become bytes? The first one is the lowest. */
export class BitWriter {
  readonly #bytes: number[] = [];
  #bits = 0;
  #count = 0;

  /** The `count` lowest bits of `value`; 16 at most. */
  add(value: number, count: number): void {
    this.#bits |= value << this.#count;
    this.#count += count;
    for (; this.#count >= 8; this.#count -= 8) {
      this.#bytes.push(this.#bits & 255);
      this.#bits >>>= 8;
    }
  }

  /** All bytes; what is missing in the last one is zero. */
  finish(): Uint8Array {
    return Uint8Array.from(this.#count > 0 ? [...this.#bytes, this.#bits & 255] : this.#bytes);
  }
}
