/** What did a thread do in a region? Its rows so far, and never more of them than were asked for. */
import { noStack, type StackIndex } from '../session/ids.ts';
import { Growable } from '../util/growable.ts';

/** In place of a stack: nobody looked for too long. `noStack` itself: the thread ran no Python that is known. */
export const notSampled: StackIndex = -2 as StackIndex;

/** Rows of one thread in the order of time. Neighbours with equal stack and state are one, as long as all rows are kept. */
export class RegionRows {
  /** In seconds, from the region's start. */
  readonly start: number;
  looks = 0;
  /** So many additions make up each row that is kept: 1, then 2, 4, … */
  thinned = 1;
  readonly #most: number;
  #stack = new Growable(new Int32Array(32));
  #weight = new Growable(new Float64Array(32));
  #state = new Growable(new Uint8Array(32));
  /** The row that is added to; of no additions at first. */
  #last = { stack: noStack, weight: 0, state: 0, additions: 0 };
  #notSampled = 0;
  #excess = 0;

  /** @param most rows kept, ≥ 2 */
  constructor(start: number, most: number) {
    this.start = start;
    this.#most = Math.max(2, most);
  }

  /** Seconds in which nobody looked. */
  get notSampled(): number {
    return this.#notSampled;
  }

  /** Adds `weight` seconds at `stack`, for which the thread was looked at `looks` times. */
  add(stack: StackIndex, weight: number, state: number, looks: number): void {
    this.looks += looks;
    if (stack === notSampled) this.#notSampled += weight;
    const last = this.#last;
    const isSame = last.stack === stack && last.state === state && last.additions > 0;
    if (isSame && this.thinned === 1) {
      last.weight += weight;
      return;
    }
    if (last.additions >= this.thinned) {
      this.#push(last);
      if (this.#stack.length >= this.#most) this.#thin();
      last.weight = 0;
      last.additions = 0;
    }
    last.additions++;
    last.weight += weight;
    // One stays for all of them: each as likely as its share of the time, so that no function gains or loses by it.
    if (last.additions === 1 || Math.random() * last.weight < weight) {
      last.stack = stack;
      last.state = state;
    }
  }

  /** Takes back so much of what was added last: the region has ended before. */
  takeBack(seconds: number): void {
    const taken = Math.min(seconds, this.#last.weight);
    this.#last.weight -= taken;
    this.#excess += seconds - taken;
  }

  finish(): RowColumns {
    if (this.#last.additions > 0) this.#push(this.#last);
    this.#last.additions = 0;
    const weight = this.#weight.finish();
    let length = weight.length;
    for (; length > 0 && this.#excess >= (weight[length - 1] as number); length--) {
      this.#excess -= weight[length - 1] as number;
    }
    if (length > 0) weight[length - 1] = (weight[length - 1] as number) - this.#excess;
    return {
      stack: this.#stack.finish().subarray(0, length),
      weight: weight.subarray(0, length),
      state: this.#state.finish().subarray(0, length),
    };
  }

  #push({ stack, weight, state }: { readonly stack: number; readonly weight: number; readonly state: number }): void {
    this.#stack.push(stack);
    this.#weight.push(weight);
    this.#state.push(state);
  }

  /** Of two neighbours one stays, for the time of both. */
  #thin(): void {
    const [stack, weight, state] = [this.#stack.finish(), this.#weight.finish(), this.#state.finish()];
    this.#stack = new Growable(new Int32Array(stack.length));
    this.#weight = new Growable(new Float64Array(stack.length));
    this.#state = new Growable(new Uint8Array(stack.length));
    this.thinned *= 2;
    for (let row = 0; row < stack.length; row += 2) {
      const [first = 0, second = 0] = [weight[row], weight[row + 1]];
      const both = first + second;
      const chosen = row + 1 < stack.length && Math.random() * both >= first ? row + 1 : row;
      this.#push({ stack: stack[chosen] ?? noStack, weight: both, state: state[chosen] ?? 0 });
    }
  }
}

/** Rows, one entry in each column. */
export interface RowColumns {
  readonly stack: Int32Array;
  readonly weight: Float64Array;
  readonly state: Uint8Array;
}
