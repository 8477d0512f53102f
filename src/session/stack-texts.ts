/** Which pieces of bytes are the same? Numbers them, and keeps them as texts. */
import { Growable } from '../util/growable.ts';

/** Look-ups that meet more pieces than this with an equal hash were made to. */
const mostProbes = 200;

/** Pieces and their bytes: more than distinct stacks that fit into memory once they are taken apart. */
const maxPieces = 2 ** 21;
const maxLength = 2 ** 28;

/** The same bytes one by one and, from anywhere, four at a time. */
export interface Bytes {
  readonly bytes: Uint8Array;
  readonly words: DataView;
}

/** Numbers distinct pieces of bytes 0, 1, 2, … in order of first use. */
export class StackTexts {
  /** All pieces one after the other. */
  #kept = new Uint8Array(2 ** 16);
  #keptWords = new DataView(this.#kept.buffer);
  /** By number, where the piece begins; after the last, where the next one will. */
  readonly #from = new Growable(new Int32Array(1024));
  readonly #hash = new Growable(new Int32Array(1024));
  /** Open addressing: number + 1 of a piece, or 0. */
  #slots = new Int32Array(4096);
  /** Unknown to whoever made the file. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32) | 0;

  constructor() {
    this.#from.push(0);
  }

  /** How many there are. */
  get size(): number {
    return this.#hash.length;
  }

  /** The number of the piece from `from` to just before `to`; −1 if that was never added. */
  find(within: Bytes, from: number, to: number): number {
    const slot = this.#slotOf(within, from, to, this.#hashOf(within, from, to));
    return slot < 0 ? -1 : (this.#slots[slot] as number) - 1;
  }

  /**
   * The number of the piece, a new one where it was never added.
   * @returns −1 when there is too much to keep, or too much with one hash, as in no real file
   */
  add(within: Bytes, from: number, to: number): number {
    const hash = this.#hashOf(within, from, to);
    const slot = this.#slotOf(within, from, to, hash);
    if (slot < 0) return -1;
    const known = this.#slots[slot] as number;
    if (known !== 0) return known - 1;
    const number = this.size;
    const start = this.#from.at(number);
    const end = start + to - from;
    if (number >= maxPieces || end > maxLength) return -1;
    while (end > this.#kept.length) this.#growKept();
    this.#kept.set(within.bytes.subarray(from, to), start);
    this.#from.push(end);
    this.#hash.push(hash);
    this.#slots[slot] = number + 1;
    if (number * 2 > this.#slots.length) this.#growSlots();
    return number;
  }

  /** The bytes of a piece. */
  bytesOf(number: number): Uint8Array {
    return this.#kept.subarray(this.#from.at(number), this.#from.at(number + 1));
  }

  /** Where the piece is or would be; −1 where that cannot be told in a sane number of steps. */
  #slotOf(within: Bytes, from: number, to: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let probes = 0; probes < mostProbes; probes++) {
      const number = (this.#slots[slot] as number) - 1;
      if (number < 0 || (this.#hash.at(number) === hash && this.#isSame(number, within, from, to))) return slot;
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  /** Four bytes at a time, in two sums that do not wait for each other. */
  #hashOf({ bytes, words }: Bytes, from: number, to: number): number {
    let [even, odd] = [this.#seed ^ (to - from), this.#seed];
    let at = from;
    for (; at + 8 <= to; at += 8) {
      even = Math.imul(even ^ words.getInt32(at, true), 0x2c1b3c6d);
      odd = Math.imul(odd ^ words.getInt32(at + 4, true), 0x297a2d39);
      even = (even << 13) | (even >>> 19);
      odd = (odd << 11) | (odd >>> 21);
    }
    for (; at < to; at++) even = Math.imul(even ^ (bytes[at] as number), 0x01000193);
    const mixed = Math.imul(even ^ odd ^ (even >>> 15), 0x2c1b3c6d);
    return mixed ^ (mixed >>> 13);
  }

  #isSame(number: number, { bytes, words }: Bytes, from: number, to: number): boolean {
    const [kept, keptWords] = [this.#kept, this.#keptWords];
    let other = this.#from.at(number);
    if (this.#from.at(number + 1) - other !== to - from) return false;
    let at = from;
    for (; at + 4 <= to; at += 4, other += 4) {
      if (words.getInt32(at, true) !== keptWords.getInt32(other, true)) return false;
    }
    for (; at < to; at++, other++) if (bytes[at] !== kept[other]) return false;
    return true;
  }

  #growKept(): void {
    const larger = new Uint8Array(this.#kept.length * 2);
    larger.set(this.#kept);
    this.#kept = larger;
    this.#keptWords = new DataView(larger.buffer);
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let number = 0; number < this.size; number++) {
      let slot = this.#hash.at(number) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number + 1;
    }
  }
}
