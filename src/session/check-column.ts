/** Is this list a column of whole numbers within their bounds? */
import { longestTime, type Place } from './check.ts';

/** A list of known length whose numbers are checked as they are taken out. */
export class Column {
  readonly #place: Place;
  readonly #values: readonly unknown[];
  readonly #least: number;
  readonly #limit: number;

  /**
   * @param least smallest number allowed
   * @param limit smallest number above that is not allowed, at most 2^53
   * @throws TimesinkError INVALID_FILE for another length
   */
  constructor(place: Place, length: number, least: number, limit: number) {
    this.#place = place;
    this.#values = place.list();
    this.#least = least;
    this.#limit = limit;
    if (this.#values.length !== length) {
      throw place.invalid(`expected ${length} entries, found ${this.#values.length}`);
    }
  }

  /** @throws TimesinkError INVALID_FILE */
  at(index: number): number {
    const value = this.#values[index];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < this.#least || value >= this.#limit) {
      const found = typeof value === 'number' ? `${value}` : 'something else';
      throw this.#place.invalid(
        `[${index}]: expected a whole number from ${this.#least}, below ${this.#limit}, found ${found}`,
      );
    }
    return value;
  }
}

/** Takes out one row's weight in seconds. */
export type WeightColumn = (index: number) => number;

/**
 * The weights of a part with rows: `seconds` as they are, or `nanoseconds` above `base`.
 * @throws TimesinkError INVALID_FILE; so does the function returned
 */
export function readWeights(part: Place, length: number): WeightColumn {
  const seconds = part.at('seconds');
  if (seconds.value !== undefined) {
    const values = seconds.list();
    if (values.length !== length) throw seconds.invalid(`expected ${length} entries, found ${values.length}`);
    return (index) => {
      const value = values[index];
      return typeof value === 'number' && value > 0 && value <= longestTime ? value : seconds.entry(index).time();
    };
  }
  const base = new Column(part.at('base'), 1, 0, 2 ** 53).at(0);
  const nanoseconds = new Column(part.at('nanoseconds'), length, -base, 2 ** 53 - base);
  return (index) => (base + nanoseconds.at(index)) / 1e9;
}
