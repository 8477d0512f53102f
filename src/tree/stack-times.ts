/** How much time was spent at each stack of a session? */
import type { Session, StackTable, ThreadSamples } from '../session/session.ts';

const none = -1;

/** Times by stack: columns with one entry per stack of the session. */
export interface StackTimes {
  /** Seconds of samples at this very stack, added in their order. */
  readonly own: Float64Array;
  /** Seconds at this stack and at those that go on from it. */
  readonly total: Float64Array;
  /** 1 where a sample was at this stack or one that goes on from it, even without time. */
  readonly isSeen: Uint8Array;
  /** Seconds of all samples, also of those without any frame. */
  readonly sum: number;
}

/** Adds up the samples of some threads: O(samples + stacks). */
export function stackTimes(session: Session, threads: readonly ThreadSamples[]): StackTimes {
  const { parent } = session.stacks;
  const own = new Float64Array(parent.length);
  const isSeen = new Uint8Array(parent.length);
  let sum = 0;
  for (const { stack: stacks, weight } of threads) {
    for (let row = 0; row < stacks.length; row++) {
      const stack = stacks[row] as number;
      const seconds = weight[row] as number;
      sum += seconds;
      if (stack < 0) continue;
      (own[stack] as number) += seconds;
      isSeen[stack] = 1;
    }
  }
  const total = own.slice();
  for (let stack = parent.length - 1; stack >= 0; stack--) {
    const caller = parent[stack] as number;
    if (caller < 0 || isSeen[stack] === 0) continue;
    (total[caller] as number) += total[stack] as number;
    isSeen[caller] = 1;
  }
  return { own, total, isSeen, sum };
}

/** Is told of stacks as calls that begin and end. */
export interface StackVisitor {
  /** Comes before all stacks that go on from this one. */
  enter(stack: number): void;
  /** Comes after them. */
  leave(stack: number): void;
}

/** Goes through the seen part of the trie, from the outermost frames inwards; siblings in the order of their numbers. */
export function visitStacks({ parent }: StackTable, isSeen: Uint8Array, visitor: StackVisitor): void {
  const firstBelow = new Int32Array(parent.length).fill(none);
  const nextSibling = new Int32Array(parent.length).fill(none);
  let first = none;
  for (let stack = parent.length - 1; stack >= 0; stack--) {
    if (isSeen[stack] === 0) continue;
    const caller = parent[stack] as number;
    nextSibling[stack] = caller < 0 ? first : (firstBelow[caller] as number);
    if (caller < 0) first = stack;
    else firstBelow[caller] = stack;
  }
  for (let stack = first; stack >= 0; ) {
    visitor.enter(stack);
    let next = firstBelow[stack] as number;
    while (next < 0 && stack >= 0) {
      visitor.leave(stack);
      next = nextSibling[stack] as number;
      stack = parent[stack] as number;
    }
    stack = next;
  }
}
