/** Where does a region wait while its thread does something else? */
import { noStack, type StackIndex } from '../../../session/ids.ts';
import type { Address } from '../../memory/process-memory.ts';
import type { AwaitChain } from './await-chain.ts';
import type { ContextWatch } from './context-watch.ts';
import type { Region, RegionStart } from './region.ts';
import type { RootCoroutine } from './root-coroutines.ts';

/** Times that a chain is followed which may be changing. */
const mostTries = 3;

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
  /** Whether an event loop ran around the region when it was begun. */
  readonly beganInLoop: boolean;
  /** The stack of the last look at which the region's own thread ran inside it; at first that of its beginning. */
  lastInside: StackIndex;
  /** The stack that the last {@link wait} gave, and what the context's generation was then. */
  #waiting: StackIndex = noStack;
  #generation = -1;
  #roots: readonly Root[];

  constructor(start: RegionStart, roots: readonly Root[], stack: StackIndex, beganInLoop: boolean) {
    this.mode = start.mode;
    this.value = start.value;
    this.parent = start.parent;
    this.hint = start.hint;
    this.inOtherThreads = start.inOtherThreads;
    this.coroutines = roots.map(({ coroutine }) => coroutine);
    this.lastInside = stack;
    this.beganInLoop = beganInLoop;
    this.#roots = roots;
  }

  /**
   * The stack at which the region waits, while its thread is elsewhere. `running`: it does not wait, or that cannot be told;
   * `moved`: the thread has come back to it meanwhile, perhaps.
   * @param context of the thread, outside the region: while it stays, nobody can go on with the region
   * @param stackOf makes the stack of a chain on top of what is below it
   */
  wait(
    context: ContextWatch,
    chain: AwaitChain,
    stackOf: (chain: AwaitChain, below: StackIndex) => StackIndex,
  ): StackIndex | 'running' | 'moved' {
    if (this.#generation === context.generation) return this.#waiting;
    let last: StackIndex = noStack;
    for (let root = this.#roots[0], tries = 0; root !== undefined; root = this.#roots[0]) {
      const state = chain.follow(root.coroutine);
      if (state === 'executing' || state === 'unknown') return context.isUnmoved() ? 'running' : 'moved';
      if (state === 'finished' || chain.frames[0]?.code?.address !== root.code) {
        // Its place may be taken by another one: it never comes back.
        this.#roots = this.#roots.slice(1);
        continue;
      }
      const stack = stackOf(chain, root.below);
      if (context.isUnmoved()) {
        this.#waiting = stack;
        this.#generation = context.generation;
        return stack;
      }
      // The region may have gone on while its chain was read.
      if (stack === last || ++tries >= mostTries) return stack;
      last = stack;
    }
    return 'running';
  }
}
