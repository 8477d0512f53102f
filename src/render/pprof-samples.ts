/** How much time and how many samples does each stack of a thread have? */
import { noStack } from '../session/ids.ts';
import { type Session, type ThreadSamples, threadState } from '../session/session.ts';
import { wholeUnits } from './whole-units.ts';

/** What is added up for a stack. */
export interface StackTotals {
  /** {@link noStack}: the thread ran no frame. */
  readonly stack: number;
  readonly samples: number;
  /** Nanoseconds on a CPU; 0 where the session has no states. */
  readonly cpu: number;
  /** Nanoseconds. */
  readonly wall: number;
}

/** Adds up one thread after the other. */
export class StackCounter {
  readonly #session: Session;
  /** All by stack + 1. */
  readonly #samples: Float64Array;
  readonly #cpu: Float64Array;
  readonly #wall: Float64Array;
  readonly #isSeen: Uint8Array;

  constructor(session: Session) {
    this.#session = session;
    const size = session.stacks.parent.length + 1;
    this.#samples = new Float64Array(size);
    this.#cpu = new Float64Array(size);
    this.#wall = new Float64Array(size);
    this.#isSeen = new Uint8Array(size);
  }

  /** The totals of a thread's stacks, in the order in which they were first seen. */
  count(thread: ThreadSamples): readonly StackTotals[] {
    const looks = looksPerRow(this.#session, thread);
    const nanoseconds = wholeUnits(thread.weight, 1e9);
    const seen: number[] = [];
    for (let row = 0; row < thread.stack.length; row++) {
      const slot = (thread.stack[row] as number) + 1;
      const wall = nanoseconds[row] as number;
      if (this.#isSeen[slot] === 0) seen.push(slot);
      this.#isSeen[slot] = 1;
      (this.#samples[slot] as number) += looks[row] as number;
      (this.#wall[slot] as number) += wall;
      if (((thread.state[row] as number) & threadState.onCpu) !== 0) (this.#cpu[slot] as number) += wall;
    }
    return seen.map((slot) => this.#take(slot));
  }

  #take(slot: number): StackTotals {
    const totals: StackTotals = {
      stack: slot - 1,
      samples: this.#samples[slot] as number,
      cpu: this.#cpu[slot] as number,
      wall: this.#wall[slot] as number,
    };
    this.#samples[slot] = this.#cpu[slot] = this.#wall[slot] = this.#isSeen[slot] = 0;
    return totals;
  }
}

/**
 * How often the thread was looked at in each row. A row is at least one look, a gap in the recording none; which rows the
 * other looks fell into was not recorded: they are shared out by time.
 */
function looksPerRow({ frames, stacks }: Session, thread: ThreadSamples): Float64Array {
  const looks = Float64Array.from(thread.stack, (stack) =>
    stack !== noStack && frames[stacks.frame[stack] as number]?.kind === 'not-sampled' ? 0 : 1,
  );
  const rows = looks.reduce((sum, count) => sum + count, 0);
  const seconds = thread.weight.map((weight, row) => weight * (looks[row] as number));
  const total = seconds.reduce((sum, weight) => sum + weight, 0);
  const others = thread.sampleCount - rows;
  if (others <= 0 || total === 0) return looks;
  const shares = wholeUnits(
    seconds.map((weight) => weight / total),
    others,
  );
  return looks.map((count, row) => count + (shares[row] as number));
}
