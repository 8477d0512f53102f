/** A map from two non-negative integers to the next free number, without garbage: the hot look-up of the stack trie. */

const empty = -1;

/** An odd factor that nobody can foresee: pairs out of a hostile file must not all fall into one slot. */
const randomFactor = (): number => (Math.random() * 2 ** 32) | 1;

/**
 * Numbers each distinct pair 0, 1, 2, … in order of first use. Open addressing with linear probing over `Int32Array`s;
 * a look-up allocates nothing.
 */
export class PairIndex {
  #size = 0;
  #mask: number;
  #first: Int32Array;
  #second: Int32Array;
  #number: Int32Array;
  readonly #firstFactor = randomFactor();
  readonly #secondFactor = randomFactor();

  constructor(capacity = 1024) {
    this.#mask = capacity - 1;
    this.#first = new Int32Array(capacity);
    this.#second = new Int32Array(capacity);
    this.#number = new Int32Array(capacity).fill(empty);
  }

  /** How many pairs have a number. */
  get size(): number {
    return this.#size;
  }

  /** The pair's number; a pair not met before gets the next one, which then equals the previous `size`. */
  numberOf(first: number, second: number): number {
    let slot = this.#slot(first, second);
    const known = this.#number[slot] as number;
    if (known !== empty) return known;
    if (this.#size * 2 > this.#mask) {
      this.#grow();
      slot = this.#slot(first, second);
    }
    this.#first[slot] = first;
    this.#second[slot] = second;
    this.#number[slot] = this.#size;
    return this.#size++;
  }

  #slot(first: number, second: number): number {
    let slot = (Math.imul(first, this.#firstFactor) + Math.imul(second, this.#secondFactor)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & this.#mask;
    while (this.#number[slot] !== empty && (this.#first[slot] !== first || this.#second[slot] !== second)) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }

  #grow(): void {
    const [first, second, number] = [this.#first, this.#second, this.#number];
    const capacity = (this.#mask + 1) * 2;
    this.#mask = capacity - 1;
    this.#first = new Int32Array(capacity);
    this.#second = new Int32Array(capacity);
    this.#number = new Int32Array(capacity).fill(empty);
    for (let from = 0; from < number.length; from++) {
      if (number[from] === empty) continue;
      const slot = this.#slot(first[from] as number, second[from] as number);
      this.#first[slot] = first[from] as number;
      this.#second[slot] = second[from] as number;
      this.#number[slot] = number[from] as number;
    }
  }
}
