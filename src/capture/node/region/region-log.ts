/** When did code of one region run, what made it go on each time, and where had it waited until then? */
import { Growable } from '../../../util/growable.ts';
import type { AwaitStack } from '../left-files.ts';
import { AwaitStacks, type CapturedStack } from '../preload/stack-capture.ts';

/** Where code was when it asked for what made it go on later. */
export interface Origin {
  readonly captured: CapturedStack;
  /** An await, or another reaction to a promise; else a callback. */
  readonly isAwait: boolean;
}

/** Of a run that nobody knows the origin of. */
export const unknownOrigin = -1;

/** Of a run that the region's own function, or the caller of `start`, is under way in. */
export const syncEntry = -2;

/** Pauses shorter than this, in µs, are no waiting: the time between two promises in a row. */
const shortestWait = 50;

/** A promise that goes on within so many µs after a callback goes on because of it. */
const shortlyAfter = 1000;

/** So many origins are put into words at the end only, when nobody waits for it; further ones at once, each text once. */
const mostUnread = 1000;

/** The times in which code of a region ran, in order. Columns of equal length; moments are µs on V8's clock. */
export interface RegionRuns {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** By run: position in `stacks` of where its promise was awaited or its callback given away, or one of the two above. */
  readonly origins: Int32Array;
  /** By run: the same for what ended the wait before it. */
  readonly waits: Int32Array;
  /** Innermost frame first. */
  readonly stacks: readonly AwaitStack[];
  /** By stack: whether it is an await. */
  readonly isAwait: readonly boolean[];
}

/** Collects the runs of one region. */
export class RegionLog {
  readonly #starts = new Growable(new Float64Array(32));
  readonly #ends = new Growable(new Float64Array(32));
  readonly #origins = new Growable(new Int32Array(32));
  readonly #waits: number[] = [];
  readonly #known: Origin[] = [];
  readonly #numbers = new Map<Origin, number>();
  readonly #texts = new AwaitStacks();
  readonly #numberOfText = new Map<number, number>();
  /** The run whose wait a callback ended: a promise that goes on right after says better where that was. */
  #provisional = -1;
  isOpen = true;

  /** Code of the region goes on, for this reason. */
  enter(time: number, origin: Origin | undefined): void {
    this.#begin(time, origin === undefined ? unknownOrigin : this.#numberOf(origin), origin?.isAwait ?? false);
  }

  /** Its own function is called, or `start` was. */
  enterSync(time: number): void {
    this.#begin(time, syncEntry, false);
  }

  /** Code of the region runs no longer. */
  leave(time: number): void {
    const last = this.#ends.length - 1;
    if (last >= 0) this.#ends.addToLast(time - this.#ends.at(last));
  }

  /** Ends the region. */
  finish(): RegionRuns {
    this.isOpen = false;
    const stacks: AwaitStack[] = [];
    const positions = this.#known.map(({ captured }) => {
      const number = this.#texts.numberOf(captured, false);
      const stack = number === undefined ? undefined : this.#texts.stacks[number];
      return stack === undefined ? unknownOrigin : stacks.push(stack) - 1;
    });
    const place = (origin: number): number => (origin < 0 ? origin : (positions[origin] ?? unknownOrigin));
    return {
      starts: this.#starts.finish(),
      ends: this.#ends.finish(),
      origins: this.#origins.finish().map(place),
      waits: Int32Array.from(this.#waits, place),
      stacks,
      isAwait: this.#known.flatMap(({ isAwait }, index) => (positions[index] === unknownOrigin ? [] : [isAwait])),
    };
  }

  #begin(time: number, origin: number, isAwait: boolean): void {
    const last = this.#ends.length - 1;
    const waited = last < 0 ? 0 : time - this.#ends.at(last);
    if (this.#provisional >= 0 && (isAwait || waited >= shortlyAfter)) {
      if (waited < shortlyAfter) this.#waits[this.#provisional] = origin;
      this.#provisional = -1;
    }
    const isNext = last >= 0 && waited < shortestWait;
    if (isNext && this.#origins.at(last) === origin) return;
    if (!isAwait && this.#provisional < 0) this.#provisional = last + 1;
    this.#starts.push(time);
    this.#ends.push(time);
    this.#origins.push(origin);
    this.#waits.push(origin);
  }

  #numberOf(origin: Origin): number {
    let number = this.#numbers.get(origin);
    if (number !== undefined) return number;
    if (this.#known.length < mostUnread) {
      number = this.#known.push(origin) - 1;
      this.#numbers.set(origin, number);
      return number;
    }
    const text = this.#texts.numberOf(origin.captured, false);
    if (text === undefined) return unknownOrigin;
    number = this.#numberOfText.get(text) ?? this.#known.push(origin) - 1;
    this.#numberOfText.set(text, number);
    return number;
  }
}
