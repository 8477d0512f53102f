/** What does a suspended coroutine wait for, and that, and so on? The stack that would be, did it run. */
import type { Address } from '../../memory/process-memory.ts';
import type { CodeCache } from '../code/code-cache.ts';
import type { Instructions } from '../code/instructions.ts';
import type { ObjectReader } from '../objects/objects.ts';
import type { FrameStack } from '../stack-namer.ts';
import { FrameView } from '../walk/frame-view.ts';
import { CoroutineReader } from './coroutines.ts';
import { Tasks } from './tasks.ts';

/** Objects that are followed: a longer chain is garbage, or a circle of tasks that wait for each other. */
const longestChain = 1000;

/**
 * What became of the coroutine that a chain begins with. `awaiting`: it is suspended, or has not begun. `executing`: it runs,
 * or something that it called does. `unknown`: it could not be read.
 */
export type ChainState = 'awaiting' | 'executing' | 'finished' | 'unknown';

/** The frames of a chain of awaits, from the first coroutine inward. */
export class AwaitChain implements FrameStack {
  readonly frames: FrameView[] = [];
  depth = 0;
  readonly #reader: ObjectReader;
  readonly #coroutines: CoroutineReader;
  readonly #tasks: Tasks;

  constructor(reader: ObjectReader, instructions: Instructions, codes: CodeCache) {
    this.#reader = reader;
    this.#coroutines = new CoroutineReader(reader, instructions, codes);
    this.#tasks = new Tasks(reader);
  }

  /** The object in slot `index` of one of the frames. */
  slot(frame: FrameView, index: number): Address {
    return this.#coroutines.slot(frame, index);
  }

  /**
   * Follows the awaits of the coroutine at `first` into {@link frames}: through generators, async generators, wrappers and
   * tasks, up to a future, a plain `yield`, an object that is none of these, or a coroutine that runs.
   */
  follow(first: Address): ChainState {
    this.depth = 0;
    let object = first;
    for (let step = 0; step < longestChain; step++) {
      const next = this.#step(object);
      if (typeof next === 'number') {
        object = next;
        continue;
      }
      return this.depth === 0 || next === 'unknown' ? next : 'awaiting';
    }
    return 'unknown';
  }

  /** Takes in one object. @returns the one that it waits for, or how the chain ends */
  #step(object: Address): Address | ChainState {
    const { memory, layout } = this.#reader;
    const type = this.#reader.typeName(this.#reader.typeOf(object));
    switch (type) {
      case 'coroutine':
      case 'generator':
      case 'async_generator':
        return this.#stepInto(object);
      case 'coroutine_wrapper':
        return memory.pointer(object + (layout.structs['PyCoroWrapper']?.['cw_coroutine'] ?? 0));
      case 'async_generator_asend':
      case 'async_generator_athrow':
        return memory.pointer(object + (layout.structs['PyAsyncGenASend']?.['ags_gen'] ?? 0));
      case '_asyncio.FutureIter':
        return this.#tasks.awaitedBy(object) || this.#taskBehind(this.frames[this.depth - 1]) || 'awaiting';
      default:
        return this.depth > 0 ? 'awaiting' : 'unknown';
    }
  }

  #stepInto(coroutine: Address): Address | ChainState {
    const view = this.frames[this.depth] ?? new FrameView();
    this.frames[this.depth] = view;
    const state = this.#coroutines.read(coroutine, view);
    if (state === undefined) return 'unknown';
    if (state === 'finished' || state === 'executing') return state;
    this.depth++;
    if (state === 'created') return 'awaiting';
    return this.#coroutines.awaited || this.#taskBehind(view) || 'awaiting';
  }

  /**
   * The coroutine that a frame waits for where it does not say so itself: a future written in Python waits in a generator of
   * its own, and `wait_for` up to 3.11 for a future that its task will set (Lib/asyncio/futures.py, tasks.py). Both have
   * the task as first argument.
   */
  #taskBehind(view: FrameView | undefined): Address {
    if (view?.code === undefined) return 0;
    const { name, file } = view.code;
    const isFuture = name === '__await__' && file.endsWith('/asyncio/futures.py');
    const isWaitFor = name === 'wait_for' && file.endsWith('/asyncio/tasks.py');
    return isFuture || isWaitFor ? this.#tasks.coroutineOf(this.slot(view, 0)) : 0;
  }
}
