/** Which lines are in a stream of bytes? None is kept that is longer than allowed. */

const lineFeed = 10;

/** Joins chunks and cuts them at line feeds. */
export class LineSplitter {
  readonly #longest: number;
  #pending: Uint8Array[] = [];
  #length = 0;
  #isTooLong = false;

  /** @param longest line in bytes, without its end */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The lines that end in this chunk; null for each that is too long. A last one without an end is none. */
  push(chunk: Uint8Array): readonly (string | null)[] {
    const lines: (string | null)[] = [];
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      this.#keep(chunk.subarray(from, at));
      lines.push(this.#isTooLong ? null : Buffer.concat(this.#pending).toString('utf8'));
      this.#pending = [];
      this.#length = 0;
      this.#isTooLong = false;
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#length += part.length;
    this.#isTooLong ||= this.#length > this.#longest;
    if (this.#isTooLong) this.#pending = [];
    else this.#pending.push(part);
  }
}
