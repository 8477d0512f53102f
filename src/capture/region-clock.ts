/** How long has a region run, without the time in which it was paused? */

/** Counts in the unit of the moments it is given. */
export class RegionClock {
  #begun: number;
  #paused: number | undefined;

  constructor(begun: number) {
    this.#begun = begun;
  }

  get isPaused(): boolean {
    return this.#paused !== undefined;
  }

  /** Nothing counts from `at` on. */
  pause(at: number): void {
    this.#paused ??= Math.max(at, this.#begun);
  }

  /** Time counts again from `at` on. */
  resume(at: number): void {
    if (this.#paused === undefined) return;
    this.#begun += Math.max(0, at - this.#paused);
    this.#paused = undefined;
  }

  /** So much of the time that has passed does not count. */
  skip(length: number): void {
    this.#begun += length;
  }

  /** How long it has run at that moment. */
  durationAt(at: number): number {
    return Math.max(0, (this.#paused ?? at) - this.#begun);
  }
}
