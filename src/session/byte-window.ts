/** How is a file read that need not be in memory as a whole? Through a window that moves on. */

/** Gives the bytes of a file one after the other. */
export interface ByteSource {
  /** Puts the next ones at the beginning of `into`. @returns how many; 0 at the end */
  read(into: Uint8Array): number;
}

/** Bytes that are in memory. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  let at = 0;
  return {
    read(into) {
      const piece = bytes.subarray(at, at + into.length);
      into.set(piece);
      at += piece.length;
      return piece.length;
    },
  };
}

/** A piece of a file. */
export class ByteWindow {
  /** What is in the window: there is nothing beyond its end. */
  bytes: Uint8Array = new Uint8Array(0);
  /** The same bytes, to be read four at a time. */
  words: DataView = new DataView(new ArrayBuffer(0));
  /** Whether the window reaches to the end of the file. */
  isLast = false;
  #room: Uint8Array;
  readonly #source: ByteSource;

  /** @param size to begin with */
  constructor(source: ByteSource, size = 2 ** 18) {
    this.#source = source;
    this.#room = new Uint8Array(size);
    this.moveTo(0);
  }

  /** Lets go of what stands before `from` and reads on. Without room for more, the window grows. */
  moveTo(from: number): void {
    const kept = this.bytes.subarray(from);
    if (kept.length * 2 > this.#room.length) {
      const larger = new Uint8Array(this.#room.length * 2);
      larger.set(kept);
      this.#room = larger;
    } else {
      this.#room.copyWithin(0, from, from + kept.length);
    }
    let length = kept.length;
    while (length < this.#room.length && !this.isLast) {
      const count = this.#source.read(this.#room.subarray(length));
      length += count;
      this.isLast = count === 0;
    }
    this.bytes = this.#room.subarray(0, length);
    this.words = new DataView(this.#room.buffer, 0, length);
  }
}
