/** How much of the program's time may be spent on a kind of work? */

/** A single piece of work that took longer, in ms, was interrupted by something else. */
const longestWork = 0.5;

/** Time to spend, which comes back as time goes by. All in ms; moments on `performance.now()`. */
export class Budget {
  readonly share: number;
  readonly most: number;
  left: number;
  last: number;

  /**
   * @param share of all time that may be spent
   * @param most may be spent at once, and at the beginning
   */
  constructor(share: number, most: number, now: number) {
    this.share = share;
    this.most = most;
    this.left = most;
    this.last = now;
  }

  allows(now: number): boolean {
    this.left = Math.min(this.most, this.left + (now - this.last) * this.share);
    this.last = now;
    return this.left > 0;
  }

  spend(milliseconds: number): void {
    this.left -= Math.min(longestWork, milliseconds);
  }
}
