/** Which calls does a thread's sequence of samples show? Feeds the builders of trees, without recursion. */
import type { Session, ThreadSamples } from '../session/session.ts';
import { isTimeLeaf } from './call-node.ts';
import { type StackIndex, stackIndex } from './stack-index.ts';

/**
 * Calls that began one after the other and have not ended, for which exact sums, and marks, are kept. Without a bound a
 * staircase of n calls would cost n² additions; that of real programs has as many steps as their stacks are deep.
 */
const mostExact = 2048;

/**
 * Class and hide mark of one call, for functions whose frames do not agree on them.
 */
export interface CallMarks {
  /** Seconds by class, in order of first appearance. */
  readonly classSeconds: Map<string, number>;
  hidden: boolean;
}

/** What is told of each call. Depth 0 is the joining root, the outermost frame has depth 1. */
export interface CallVisitor {
  /** A call begins, from the call at `depth − 1`; `stack` is where it was first seen. */
  enter(depth: number, identity: number, stack: number): void;
  /**
   * The call at `depth`, the innermost one that has not ended, ends.
   * @param seconds the sum of its samples, added one by one in their order
   * @param marks null where the index knows that all frames agree
   */
  leave(depth: number, seconds: number, marks: CallMarks | null): void;
  /** A sample was in the call at `depth` itself. */
  self(depth: number, seconds: number): void;
}

/**
 * Walks a thread's samples in time order. A call goes on while its identity and those of all its callers stay the same
 * from one sample to the next (pyinstrument 5.1.3 behaviour).
 *
 * Costs what changes between neighbours, not the depth of the stacks: calls that began with the same sample have equal
 * sums as long as they last, so they share one (see {@link SharedSums}).
 */
export function walkCalls(session: Session, thread: ThreadSamples, visitor: CallVisitor): void {
  const walk = new CallWalk(session, thread, visitor);
  for (let row = 0; row < thread.stack.length; row++) {
    walk.add(thread.stack[row] as number, thread.weight[row] as number);
  }
  walk.finish();
}

class CallWalk {
  readonly #session: Session;
  readonly #index: StackIndex;
  readonly #visitor: CallVisitor;
  /** The current calls by depth: stack, identity, and marks where they are needed. */
  readonly #stack: Int32Array;
  readonly #identity: Int32Array;
  readonly #marks = new Map<number, CallMarks>();
  readonly #sums: SharedSums;
  #depth = 0;

  constructor(session: Session, thread: ThreadSamples, visitor: CallVisitor) {
    this.#session = session;
    this.#index = stackIndex(session);
    this.#visitor = visitor;
    let deepest = 0;
    for (const stack of thread.stack) deepest = Math.max(deepest, this.#index.depth[stack] ?? 0);
    this.#stack = new Int32Array(deepest + 1);
    this.#identity = new Int32Array(deepest + 1);
    this.#sums = new SharedSums(deepest + 1);
    this.#sums.begin(0);
  }

  add(stack: number, seconds: number): void {
    const { depth: depths, identities } = this.#index;
    const depth = depths[stack] ?? 0;
    const kept = this.#keptCalls(stack, depth);
    this.#leaveBelow(kept);
    if (depth > kept) this.#enterDownTo(depth);
    this.#sums.add(seconds);
    if (this.#marks.size > 0) this.#addMarks(seconds);
    const innermost = identities[this.#identity[depth] as number];
    if (depth === 0 || innermost === undefined || !isTimeLeaf(innermost.kind)) this.#visitor.self(depth, seconds);
  }

  finish(): void {
    this.#leaveBelow(-1);
  }

  /** Takes over the new stack; returns how many of its outermost calls are those of the sample before. */
  #keptCalls(stack: number, depth: number): number {
    const { parent } = this.#session.stacks;
    const path = this.#stack;
    let common = depth;
    for (let at = stack; common > 0 && (common > this.#depth || path[common] !== at); common--) {
      path[common] = at;
      at = parent[at] as number;
    }
    const { identity } = this.#index;
    const limit = Math.min(depth, this.#depth);
    while (common < limit && this.#identity[common + 1] === identity[path[common + 1] as number]) common++;
    return common;
  }

  #leaveBelow(kept: number): void {
    for (let depth = this.#depth; depth > kept; depth--) {
      const marks = this.#marks.size === 0 ? null : (this.#marks.get(depth) ?? null);
      if (marks !== null) this.#marks.delete(depth);
      this.#visitor.leave(depth, this.#sums.end(depth), marks);
    }
    this.#depth = Math.min(this.#depth, Math.max(kept, 0));
  }

  #enterDownTo(innermost: number): void {
    const { identity, agreed } = this.#index;
    this.#sums.begin(this.#depth + 1);
    for (let depth = this.#depth + 1; depth <= innermost; depth++) {
      const stack = this.#stack[depth] as number;
      const own = identity[stack] as number;
      this.#identity[depth] = own;
      if (agreed[own] === null && this.#marks.size < mostExact)
        this.#marks.set(depth, { classSeconds: new Map(), hidden: false });
      this.#visitor.enter(depth, own, stack);
    }
    this.#depth = innermost;
  }

  #addMarks(seconds: number): void {
    const { frames, stacks } = this.#session;
    for (const [depth, marks] of this.#marks) {
      const frame = frames[stacks.frame[this.#stack[depth] as number] as number];
      if (frame === undefined) continue;
      if (frame.hidden) marks.hidden = true;
      if (frame.className !== null) {
        marks.classSeconds.set(frame.className, (marks.classSeconds.get(frame.className) ?? 0) + seconds);
      }
    }
  }
}

/**
 * The running sums of the current calls. Deeper calls begin later, so calls that began together are neighbours in depth:
 * a stack of sums, each with the least depth that has it, stands for all of them. Beyond {@link mostExact} of them, a sum
 * is what one common sum has grown by.
 */
class SharedSums {
  readonly #from: Int32Array;
  readonly #sum: Float64Array;
  #count = 0;
  #common = 0;

  constructor(capacity: number) {
    this.#from = new Int32Array(capacity);
    this.#sum = new Float64Array(capacity);
  }

  /** Calls of this depth and deeper ones begin. */
  begin(depth: number): void {
    if (this.#count === mostExact) this.#common = 0;
    this.#from[this.#count] = depth;
    this.#sum[this.#count] = this.#count < mostExact ? 0 : this.#common;
    this.#count++;
  }

  /** Adds to all current calls. */
  add(seconds: number): void {
    const sum = this.#sum;
    const exact = Math.min(this.#count, mostExact);
    for (let index = 0; index < exact; index++) (sum[index] as number) += seconds;
    if (this.#count > exact) this.#common += seconds;
  }

  /** The sum of the call at this depth, the innermost one, which ends. */
  end(depth: number): number {
    const last = this.#count - 1;
    const sum = this.#sum[last] as number;
    if (this.#from[last] === depth) this.#count = last;
    return last < mostExact ? sum : this.#common - sum;
  }
}
