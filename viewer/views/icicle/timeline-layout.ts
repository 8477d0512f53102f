/** Which call lasted from when to when? The samples of a thread as boxes in the order of time. */
import type { ThreadSamples } from '../../../src/session/session.ts';
import type { Icicle } from './icicle.ts';
import { LevelBuilder } from './level-builder.ts';
import type { ShownStacks } from './shown-stacks.ts';

/** Rows between two looks at the clock. */
const rowsAtOnce = 2048;

/**
 * A call goes on while its function and those of all its callers stay the same from one row to the next. Costs what
 * changes between neighbours. A generator, so that long recordings are worked out in slices: it yields the part, 0 to 1,
 * that is done.
 * @param isCounted whether rows of that state are drawn; else they are gaps
 */
export function* layOutTimeline(
  thread: Pick<ThreadSamples, 'start' | 'stack' | 'weight' | 'state'>,
  stacks: ShownStacks,
  isCounted: (state: number) => boolean,
): Generator<number, Icicle> {
  const rows = thread.stack.length;
  const edges = new Float64Array(rows + 1);
  const calls = new OpenCalls(stacks);
  let moment: number = thread.start;
  for (let row = 0; row < rows; row++) {
    edges[row] = moment;
    moment += thread.weight[row] as number;
    const stack = isCounted(thread.state[row] as number) ? (thread.stack[row] as number) : -1;
    calls.goOn(stack < 0 ? -1 : (stacks.shown[stack] as number), row);
    if (row % rowsAtOnce === rowsAtOnce - 1) yield row / rows;
  }
  edges[rows] = moment;
  calls.goOn(-1, rows);
  return { edges, levels: calls.levels.finish(), names: [], recursion: stacks.recursion };
}

/** The calls that have begun and not ended. */
class OpenCalls {
  readonly levels = new LevelBuilder();
  readonly #stacks: ShownStacks;
  /** By depth, from 0: the stack, its function and the row where the call began. */
  readonly #stack: number[] = [];
  readonly #identity: number[] = [];
  readonly #first: number[] = [];
  #depth = 0;

  constructor(stacks: ShownStacks) {
    this.#stacks = stacks;
  }

  /** @param stack drawn itself; −1 where nothing is drawn from this row on */
  goOn(stack: number, row: number): void {
    const { depth: depths, identity } = this.#stacks;
    const depth = stack < 0 ? 0 : (depths[stack] as number);
    const kept = this.#keptCalls(stack, depth);
    for (let ended = this.#depth - 1; ended >= kept; ended--) {
      this.levels.add(ended, this.#first[ended] as number, row, this.#identity[ended] as number);
    }
    for (let begun = kept; begun < depth; begun++) {
      this.#identity[begun] = identity[this.#stack[begun] as number] as number;
      this.#first[begun] = row;
    }
    this.#depth = depth;
  }

  /** Takes over the new stack; returns how many of its outermost calls go on. */
  #keptCalls(stack: number, depth: number): number {
    const { caller, identity } = this.#stacks;
    const path = this.#stack;
    let common = depth;
    for (let at = stack; common > 0 && (common > this.#depth || path[common - 1] !== at); common--) {
      path[common - 1] = at;
      at = caller[at] as number;
    }
    const limit = Math.min(depth, this.#depth);
    while (common < limit && this.#identity[common] === identity[path[common] as number]) common++;
    return common;
  }
}
