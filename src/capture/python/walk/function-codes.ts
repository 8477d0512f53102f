/** Which code does a function object, or a bound method, run? (3.8–3.10) */
import type { Address } from '../../memory/process-memory.ts';
import type { ObjectReader } from '../objects/objects.ts';

/** Most objects remembered. */
const mostRemembered = 10_000;

/** Remembers what each object was found to be; another one may be at its address since. */
export class FunctionCodes {
  readonly #reader: ObjectReader;
  readonly #codes = new Map<Address, Address>();

  constructor(reader: ObjectReader) {
    this.#reader = reader;
  }

  /** Address of the code; 0 for an object that is no function. */
  of(object: Address): Address {
    return this.#codes.get(object) ?? this.look(object);
  }

  /** The same, as it is now. */
  look(object: Address): Address {
    const { memory, layout } = this.#reader;
    const { functionCode, methodFunction } = layout.object;
    const type = this.#reader.typeName(this.#reader.typeOf(object));
    let code = 0;
    if (type === 'function') code = memory.pointer(object + functionCode);
    else if (type === 'method') code = memory.pointer(memory.pointer(object + methodFunction) + functionCode);
    if (this.#codes.size >= mostRemembered) this.#codes.clear();
    this.#codes.set(object, code);
    return code;
  }
}
