/** Why were processes not recorded? Collected, so that a thousand failures are told in a few lines. */
import { TimesinkError } from '../../util/errors.ts';

/** So many different failures are told one by one. */
const mostTold = 5;

/** Failures of one recording, each told once. */
export class Failures {
  readonly #told = new Map<string, TimesinkError>();
  #untold = 0;

  add(error: TimesinkError): void {
    if (this.#told.has(error.message)) return;
    if (this.#told.size < mostTold) this.#told.set(error.message, error);
    else this.#untold++;
  }

  get isEmpty(): boolean {
    return this.#told.size === 0;
  }

  /** The first ones, and in one more how many there are besides. */
  list(): readonly TimesinkError[] {
    const told = [...this.#told.values()];
    const code = told.at(-1)?.code;
    if (this.#untold === 0 || code === undefined) return told;
    return [...told, new TimesinkError(code, `and ${this.#untold} more processes were not recorded`)];
  }
}
