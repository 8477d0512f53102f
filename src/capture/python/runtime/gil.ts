/** Who holds the GIL, and whether anyone else can have run Python since the last look. */
import type { Address, ProcessMemory } from '../../memory/process-memory.ts';
import type { Layout } from '../objects/layout.ts';

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
    const { gil, runtime, interpreter } = this.#layout;
    this.isUnswitched = false;
    this.holder = 0;
    if (this.#layout.freeThreaded) return;
    if (this.address === 0) {
      // 3.8–3.11: one for the whole runtime. 3.12+: the interpreter points to its own or to the shared one.
      this.address =
        runtime.gil >= 0
          ? this.#runtime + runtime.gil
          : this.#memory.pointer(this.#interpreter + interpreter.gilPointer);
      if (this.address === 0) return;
    }
    if (!this.#memory.fetch(this.address, 40)) return;
    const switchNumber = this.#memory.pointerAt(gil.switchNumber);
    this.lastHolder = this.#memory.pointerAt(gil.lastHolder);
    this.isUnswitched = switchNumber === this.#switchNumber;
    this.#switchNumber = switchNumber;
    if (this.#memory.view.getInt32(gil.locked, true) === 1) this.holder = this.lastHolder;
  }

  /** Whether one of these thread states holds it at this very moment. */
  isHeldNow(threadStates: readonly Address[]): boolean {
    const { gil } = this.#layout;
    if (this.address === 0 || !this.#memory.fetch(this.address, 40)) return false;
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
