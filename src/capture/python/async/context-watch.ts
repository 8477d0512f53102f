/** In which context does a thread run, and what does our variable hold there? Asked again only when it may have changed. */
import type { Address, ProcessMemory } from '../../memory/process-memory.ts';
import type { ObjectReader } from '../objects/objects.ts';
import type { ContextVariable } from './context-variable.ts';

/**
 * The words `context`, `context_ver` and `id` of a thread state. Entering and leaving a context change the version; setting
 * a variable does not, so whoever knows of that must call {@link forget}. Addresses of contexts are used again at once.
 */
export class ContextWatch {
  /** The variable's value in the context that was confirmed last; 0 where it has none. */
  value: Address = 0;
  /** Grows whenever the thread may have entered or left a context before it was confirmed. */
  generation = 0;
  readonly #memory: ProcessMemory;
  readonly #variable: ContextVariable;
  readonly #from: Address;
  readonly #span: number;
  readonly #contextAt: number;
  readonly #idAt: number;
  /** Those that {@link value} belongs to, and those of the last {@link capture}. */
  #words: Float64Array;
  #captured: Float64Array;
  #isCaptured = false;
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
    this.#captured = new Float64Array(this.#span >> 3);
  }

  /** Notes the context that the thread is in at this moment. */
  capture(): void {
    this.#isCaptured = this.#memory.fetch(this.#from, this.#span);
    if (!this.#isCaptured) return;
    for (let word = 0; word < this.#captured.length; word++) this.#captured[word] = this.#memory.pointerAt(word * 8);
  }

  /**
   * Brings {@link value} up to the moment of the last {@link capture}.
   * @returns false where the thread has left that context since, or its value cannot be read, and when the thread has ended
   */
  confirm(): boolean {
    if (!this.#isCaptured || !this.#isAt(this.#captured)) return false;
    if (this.#isKnown && sameWords(this.#words, this.#captured)) return true;
    this.#isKnown = false;
    this.generation++;
    const id = this.#captured[this.#idAt >> 3] as number;
    if (this.#id < 0) this.#id = id;
    if (id !== this.#id) return false;
    const value = this.#variable.valueIn(this.#captured[this.#contextAt >> 3] as number);
    if (value === undefined) return false;
    [this.#words, this.#captured] = [this.#captured, this.#words];
    this.#isCaptured = false;
    this.value = value;
    this.#isKnown = true;
    return true;
  }

  /** Whether the thread has been in the context that {@link value} belongs to, without leaving it, until now. */
  isUnmoved(): boolean {
    return this.#isKnown && this.#isAt(this.#words);
  }

  /** Looks the value up anew at the next {@link confirm}. */
  forget(): void {
    this.#isKnown = false;
  }

  #isAt(words: Float64Array): boolean {
    if (!this.#memory.fetch(this.#from, this.#span)) return false;
    for (let word = 0; word < words.length; word++) {
      if (words[word] !== this.#memory.pointerAt(word * 8)) return false;
    }
    return true;
  }
}

function sameWords(left: Float64Array, right: Float64Array): boolean {
  for (let word = 0; word < left.length; word++) if (left[word] !== right[word]) return false;
  return true;
}
