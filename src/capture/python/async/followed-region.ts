/** Where does a region wait while its thread does something else? */
import { noStack, type StackIndex } from '../../../session/ids.ts';
import type { Address } from '../../memory/process-memory.ts';
import type { AwaitChain } from './await-chain.ts';
import type { Region, RegionStart } from './region.ts';
import type { RootCoroutine } from './root-coroutines.ts';

/** A coroutine in which the region was begun, and the stack below it. */
export interface Root extends RootCoroutine {
  readonly below: StackIndex;
}

/** One region with what is remembered of it. */
export class FollowedRegion implements Region {
  readonly mode: RegionStart['mode'];
  readonly value: Address;
  readonly parent: Address;
  readonly hint: Address;
  readonly inOtherThreads: boolean;
  readonly coroutines: readonly Address[];
  /** The stack of the last look at which the region's own thread ran inside it; at first that of its beginning. */
  lastInside: StackIndex;
  /** The stack that the last {@link wait} gave, and what the context's generation was then. */
  #waiting: StackIndex = noStack;
  #generation = -1;
  #roots: readonly Root[];

  constructor(start: RegionStart, roots: readonly Root[], stack: StackIndex) {
    this.mode = start.mode;
    this.value = start.value;
    this.parent = start.parent;
    this.hint = start.hint;
    this.inOtherThreads = start.inOtherThreads;
    this.coroutines = roots.map(({ coroutine }) => coroutine);
    this.lastInside = stack;
    this.#roots = roots;
  }

  /**
   * The stack at which the region waits; undefined where it does not wait, or that cannot be told.
   * @param generation of the thread's context: while it stays, nobody can have gone on with the region
   * @param stackOf makes the stack of a chain on top of what is below it
   */
  wait(
    generation: number,
    chain: AwaitChain,
    stackOf: (chain: AwaitChain, below: StackIndex) => StackIndex,
  ): StackIndex | undefined {
    if (this.#generation === generation) return this.#waiting;
    for (let root = this.#roots[0]; root !== undefined; root = this.#roots[0]) {
      const state = chain.follow(root.coroutine);
      if (state === 'awaiting' && chain.frames[0]?.code?.address === root.code) {
        this.#waiting = stackOf(chain, root.below);
        this.#generation = generation;
        return this.#waiting;
      }
      if (state === 'executing' || state === 'unknown') return undefined;
      // It has ended, or its place is taken by another one: it never comes back.
      this.#roots = this.#roots.slice(1);
    }
    return undefined;
  }
}
