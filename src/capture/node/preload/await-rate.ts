/** Are there so many awaits that watching them would slow the program down? */

/** Watching costs some 0.4 µs an await: more awaits in a second than this would cost more than 5 %. */
const mostPerSecond = 100_000;
/** They are counted over so many: half a second at that rate. */
const counted = 50_000;
/** So often the watch begins anew after a pause. */
const mostPauses = 5;

/** Counts awaits. Moments are ms on `performance.now()`. */
export class AwaitRate {
  /** What a reader of the report should know. */
  note: string | undefined;
  count = 0;
  since: number;
  pauses = 0;

  constructor(now: number) {
    this.since = now;
  }

  /** Called at every await. */
  isTooHigh(now: number): boolean {
    if (++this.count < counted) return false;
    const perSecond = (counted / Math.max(now - this.since, 1)) * 1000;
    this.count = 0;
    this.since = now;
    if (perSecond <= mostPerSecond) return false;
    this.pauses++;
    const many = Math.round(perSecond / 1000);
    this.note ??= `There were up to ${many},000 awaits in a second, too many to follow; where nobody followed them, time without work is shown as idle.`;
    return true;
  }

  /** Whether the watch may begin anew after a pause. */
  mayGoOn(now: number): boolean {
    this.count = 0;
    this.since = now;
    return this.pauses <= mostPauses;
  }

  /** The watch ends for good. */
  giveUp(note: string): void {
    this.note = note;
    this.pauses = Number.POSITIVE_INFINITY;
  }
}
