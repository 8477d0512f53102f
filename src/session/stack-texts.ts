/** Which pieces of a file are the same bytes? Numbers them without copying any. */
import { Growable } from '../util/growable.ts';

/** Look-ups that meet more pieces than this with an equal hash were made to. */
const mostProbes = 200;

/** More distinct stacks than fit into memory once they are taken apart. */
const maxTexts = 2 ** 21;

/** Numbers distinct pieces of one array of bytes 0, 1, 2, … in order of first use. */
export class StackTexts {
  readonly #bytes: Uint8Array;
  readonly #from = new Growable(new Float64Array(1024));
  readonly #to = new Growable(new Float64Array(1024));
  readonly #hash = new Growable(new Int32Array(1024));
  /** Open addressing: number + 1 of a piece, or 0. */
  #slots = new Int32Array(4096);

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /**
   * The number of the piece from `from` to just before `to`.
   * @param hash any function of its bytes
   * @returns −1 when there are too many pieces, or too many with one hash, as no real file has
   */
  numberOf(from: number, to: number, hash: number): number {
    let slot = this.#firstSlot(hash);
    for (let probes = 0; probes < mostProbes; probes++) {
      const number = (this.#slots[slot] as number) - 1;
      if (number < 0) return this.#add(slot, from, to, hash);
      if (this.#hash.at(number) === hash && this.#isSame(number, from, to)) return number;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    return -1;
  }

  /** Where each piece was first: from, and to just after it. */
  bounds(): readonly (readonly [from: number, to: number])[] {
    return Array.from({ length: this.#from.length }, (_, number) => [this.#from.at(number), this.#to.at(number)]);
  }

  #firstSlot(hash: number): number {
    const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return (mixed ^ (mixed >>> 13)) & (this.#slots.length - 1);
  }

  #isSame(number: number, from: number, to: number): boolean {
    const bytes = this.#bytes;
    const start = this.#from.at(number);
    if (this.#to.at(number) - start !== to - from) return false;
    // The innermost frames, at the end, are where stacks differ.
    for (let at = to - 1, other = this.#to.at(number) - 1; at >= from; at--, other--) {
      if (bytes[at] !== bytes[other]) return false;
    }
    return true;
  }

  #add(slot: number, from: number, to: number, hash: number): number {
    const number = this.#from.length;
    if (number >= maxTexts) return -1;
    this.#from.push(from);
    this.#to.push(to);
    this.#hash.push(hash);
    this.#slots[slot] = number + 1;
    if (number * 2 > this.#slots.length) this.#grow();
    return number;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let number = 0; number < this.#from.length; number++) {
      let slot = this.#firstSlot(this.#hash.at(number));
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = number + 1;
    }
  }
}
