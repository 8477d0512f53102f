/** Who holds the GIL, and whether anyone else can have run Python since the last look. */
import type { Address, ProcessMemory } from '../../memory/process-memory.ts';
import type { Layout } from '../objects/layout.ts';

/** As far as the fields that are looked at. */
const bytesRead = 40;

/** The GIL of one interpreter (Include/internal/pycore_gil.h). Free-threaded builds have none that is held. */
export class Gil {
  /** Address of the structure; 0 until it exists. Threads that wait for it sleep on a futex inside. */
  address: Address = 0;
  /** Thread state that holds it, 0: nobody. */
  holder: Address = 0;
  /** Thread state that held it last. */
  lastHolder: Address = 0;
  /** Whether it was never handed from one thread to another since the last look. */
  isUnswitched = false;
  readonly size: number;
  readonly #memory: ProcessMemory;
  readonly #layout: Layout;
  readonly #runtime: Address;
  readonly #interpreter: Address;
  #switchNumber = -1;

  constructor(memory: ProcessMemory, layout: Layout, runtime: Address, interpreter: Address) {
    this.#memory = memory;
    this.#layout = layout;
    this.#runtime = runtime;
    this.#interpreter = interpreter;
    this.size = layout.gil.size;
  }

  /** Looks again. */
  read(): void {
    const { runtime, interpreter } = this.#layout;
    this.#forget();
    if (this.#layout.freeThreaded) return;
    if (this.address === 0) {
      // 3.8–3.11: one for the whole runtime. 3.12+: the interpreter points to its own or to the shared one.
      this.address =
        runtime.gil >= 0
          ? this.#runtime + runtime.gil
          : this.#memory.pointer(this.#interpreter + interpreter.gilPointer);
      if (this.address === 0) return;
    }
    if (this.#memory.fetch(this.address, bytesRead)) this.#take(0);
  }

  /**
   * Looks again, together with the interpreter's newest thread state: on 3.12 and later both lie near each other.
   * @returns that thread state; undefined where two reads are needed
   */
  readWithNewestThread(): Address | undefined {
    const { threadsHead } = this.#layout.interpreter;
    const distance = this.address - (this.#interpreter + threadsHead);
    if (this.address === 0 || distance < 8 || distance + bytesRead > this.#memory.bytes.length) return undefined;
    if (!this.#memory.fetch(this.#interpreter + threadsHead, distance + bytesRead)) return undefined;
    this.#forget();
    this.#take(distance);
    return this.#memory.pointerAt(0);
  }

  #forget(): void {
    this.isUnswitched = false;
    this.holder = 0;
  }

  /** From `offset` of the bytes just fetched. */
  #take(offset: number): void {
    const { gil } = this.#layout;
    const switchNumber = this.#memory.pointerAt(offset + gil.switchNumber);
    this.lastHolder = this.#memory.pointerAt(offset + gil.lastHolder);
    this.isUnswitched = switchNumber === this.#switchNumber;
    this.#switchNumber = switchNumber;
    if (this.#memory.view.getInt32(offset + gil.locked, true) === 1) this.holder = this.lastHolder;
  }

  /** Whether one of these thread states holds it at this very moment. */
  isHeldNow(threadStates: readonly Address[]): boolean {
    const { gil } = this.#layout;
    if (this.address === 0 || !this.#memory.fetch(this.address, bytesRead)) return false;
    return (
      this.#memory.view.getInt32(gil.locked, true) === 1 &&
      threadStates.includes(this.#memory.pointerAt(gil.lastHolder))
    );
  }

  /** Whether `futex`, the address that a thread sleeps on, is part of the GIL. */
  isWaitedOn(futex: Address): boolean {
    return this.address !== 0 && futex >= this.address && futex < this.address + this.size;
  }
}
