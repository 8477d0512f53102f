/** Typed arrays that grow: columns under construction. */

type Column = Int32Array | Float64Array | Uint8Array;

/** Append-only column; doubles its room when full, so that appending costs nothing most of the time. */
export class Growable<T extends Column> {
  length = 0;
  #data: T;

  constructor(data: T) {
    this.#data = data;
  }

  push(value: number): void {
    if (this.length === this.#data.length) this.#grow();
    this.#data[this.length++] = value;
  }

  /** Value at `index`, which must be below `length`. */
  at(index: number): number {
    return this.#data[index] as number;
  }

  /** Adds to the last value; the column must not be empty. */
  addToLast(value: number): void {
    (this.#data[this.length - 1] as number) += value;
  }

  /** A copy of just the values. */
  finish(): T {
    return this.#data.slice(0, this.length) as T;
  }

  #grow(): void {
    const larger = new (this.#data.constructor as new (length: number) => T)(Math.max(16, this.#data.length * 2));
    larger.set(this.#data);
    this.#data = larger;
  }
}
