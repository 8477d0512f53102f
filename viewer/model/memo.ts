/** How is what was worked out once not worked out again? */

/** Remembers the last few results by key. */
export class Memo<Value> {
  readonly #known = new Map<string, Value>();
  readonly #most: number;

  /** @param most results to remember */
  constructor(most: number) {
    this.#most = most;
  }

  /** The known result for a key, or else what `make` gives. */
  get(key: string, make: () => Value): Value {
    if (this.#known.has(key)) {
      const known = this.#known.get(key) as Value;
      // The oldest one is the one not asked for the longest.
      this.#known.delete(key);
      this.#known.set(key, known);
      return known;
    }
    const made = make();
    this.#known.set(key, made);
    if (this.#known.size > this.#most) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    }
    return made;
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }
}
