/** Which coroutine does an asyncio task run? */
import type { Address } from '../../memory/process-memory.ts';
import type { ObjectReader } from '../objects/objects.ts';
import { dictEntry } from './dict-entry.ts';

/** Classes between a class of the program and `asyncio.Task`. */
const mostBases = 16;

/** Reads tasks of one process: those written in C (Modules/_asynciomodule.c), their subclasses, and those in Python. */
export class Tasks {
  readonly #reader: ObjectReader;

  constructor(reader: ObjectReader) {
    this.#reader = reader;
  }

  /** The coroutine of a task; 0 for everything else. One that has ended is given, too, as long as the task has it. */
  coroutineOf(object: Address): Address {
    const { memory, layout } = this.#reader;
    const kind = this.#kindOf(this.#reader.typeOf(object));
    if (kind === 'python') return this.#reader.attributes(object).get('_coro') ?? 0;
    return kind === 'c' ? memory.pointer(object + (layout.structs['TaskObj']?.['task_coro'] ?? 0)) : 0;
  }

  /** What a `FutureIter` of the C module, or `await`ing a future in general, waits for: the coroutine of a task, else 0. */
  awaitedBy(futureIterator: Address): Address {
    const { memory, layout } = this.#reader;
    return this.coroutineOf(memory.pointer(futureIterator + (layout.structs['futureiterobject']?.['future'] ?? 0)));
  }

  /** Both kinds may have subclasses; the first class on the way to `object` that is one of them decides. */
  #kindOf(objectType: Address): 'c' | 'python' | undefined {
    const { memory, layout } = this.#reader;
    const baseAt = layout.structs['PyTypeObject']?.['tp_base'] ?? 0;
    let type = objectType;
    for (let step = 0; step < mostBases && type !== 0; step++) {
      const name = this.#reader.typeName(type);
      if (name === '_asyncio.Task') return 'c';
      // The name of a class made by a class statement has no module in it.
      if (name === 'Task' && this.#isOfAsyncio(type)) return 'python';
      if (name === 'object') return undefined;
      type = memory.pointer(type + baseAt);
    }
    return undefined;
  }

  #isOfAsyncio(type: Address): boolean {
    const { memory, layout } = this.#reader;
    const dict = memory.pointer(type + layout.object.typeDict);
    return this.#reader.string(dictEntry(this.#reader, dict, '__module__')) === 'asyncio.tasks';
  }
}
