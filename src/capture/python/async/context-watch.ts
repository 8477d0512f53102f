/** In which context does a thread run, and what does our variable hold there? Asked again only when it may have changed. */
import type { Address, ProcessMemory } from '../../memory/process-memory.ts';
import type { ObjectReader } from '../objects/objects.ts';
import type { ContextVariable } from './context-variable.ts';

/**
 * The words `context`, `context_ver` and `id` of a thread state. Entering and leaving a context change the version; setting
 * a variable does not, so whoever knows of that must call {@link forget}. Addresses of contexts are used again at once.
 */
export class ContextWatch {
  /** The variable's value in the context of the last {@link read}; 0 where it has none. */
  value: Address = 0;
  /** Grows whenever the thread may have entered or left a context since the last read. */
  generation = 0;
  readonly #memory: ProcessMemory;
  readonly #variable: ContextVariable;
  readonly #from: Address;
  readonly #span: number;
  readonly #contextAt: number;
  readonly #idAt: number;
  readonly #words: Float64Array;
  #id = -1;
  #isKnown = false;

  constructor(reader: ObjectReader, variable: ContextVariable, threadState: Address) {
    const { context = 0, context_ver: version = 0, id = 0 } = reader.layout.structs['PyThreadState'] ?? {};
    const from = Math.min(context, version, id);
    this.#memory = reader.memory;
    this.#variable = variable;
    this.#from = threadState + from;
    this.#span = Math.max(context, version, id) + 8 - from;
    this.#contextAt = context - from;
    this.#idAt = id - from;
    this.#words = new Float64Array(this.#span >> 3);
  }

  /** Brings {@link value} up to date. False where it cannot be read, and when the thread has ended. */
  read(): boolean {
    if (!this.#memory.fetch(this.#from, this.#span)) return false;
    if (this.#isKnown && this.#isSame()) return true;
    this.#isKnown = false;
    this.generation++;
    const id = this.#memory.pointerAt(this.#idAt);
    if (this.#id < 0) this.#id = id;
    if (id !== this.#id) return false;
    for (let word = 0; word < this.#words.length; word++) this.#words[word] = this.#memory.pointerAt(word * 8);
    const value = this.#variable.valueIn(this.#words[this.#contextAt >> 3] as number);
    if (value === undefined) return false;
    this.value = value;
    this.#isKnown = true;
    return true;
  }

  /** Whether the thread has been in that context, without leaving it, from the last {@link read} until now. */
  isUnmoved(): boolean {
    return this.#isKnown && this.#memory.fetch(this.#from, this.#span) && this.#isSame();
  }

  /** Looks the value up anew at the next {@link read}. */
  forget(): void {
    this.#isKnown = false;
  }

  /** Whether the words just fetched are those that are kept. */
  #isSame(): boolean {
    for (let word = 0; word < this.#words.length; word++) {
      if (this.#words[word] !== this.#memory.pointerAt(word * 8)) return false;
    }
    return true;
  }
}
