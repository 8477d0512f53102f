/** Which coroutine does trio's main task run? */
import type { Address } from '../../memory/process-memory.ts';
import type { CodeCache } from '../code/code-cache.ts';
import type { Instructions } from '../code/instructions.ts';
import type { ObjectReader } from '../objects/objects.ts';
import { FrameView } from '../walk/frame-view.ts';
import { CoroutineReader } from './coroutines.ts';
import { dictEntry } from './dict-entry.ts';

/** `offset` in `PyMemberDef` (Include/structmember.h, Include/descrobject.h): after a pointer and an int. */
const offsetInMember = 16;
/** Bytes of an object with slots, at most. */
const largestObject = 65_536;

/** Reads `trio._core._run.Runner` and its tasks (trio 0.22–0.35), whose attributes are slots. */
export class TrioRunner {
  readonly #reader: ObjectReader;
  readonly #coroutines: CoroutineReader;
  readonly #view = new FrameView();
  /** Where an attribute is in objects of a class, by its name and the address of the class: trio's classes stay. */
  readonly #slots = new Map<string, number>();

  constructor(reader: ObjectReader, instructions: Instructions, codes: CodeCache) {
    this.#reader = reader;
    this.#coroutines = new CoroutineReader(reader, instructions, codes);
  }

  /** The coroutine of the task that `trio.run` was called for; 0 where it cannot be found. */
  mainCoroutine(runner: Address): Address {
    return this.#attribute(this.#attribute(runner, 'main_task'), 'coro');
  }

  /** The frame of the generator in which trio runs its tasks; undefined where it does not wait for events. */
  turn(generator: Address): FrameView | undefined {
    if (this.#reader.typeName(this.#reader.typeOf(generator)) !== 'generator') return undefined;
    return this.#coroutines.read(generator, this.#view) === 'suspended' ? this.#view : undefined;
  }

  #attribute(object: Address, name: string): Address {
    const type = this.#reader.typeOf(object);
    if (type === 0) return 0;
    const key = `${name} ${type}`;
    let offset = this.#slots.get(key);
    if (offset === undefined) {
      offset = this.#findSlot(type, name);
      if (offset > 0) this.#slots.set(key, offset);
    }
    return offset > 0 ? this.#reader.memory.pointer(object + offset) : 0;
  }

  /** A slot is a `member_descriptor` of the class. */
  #findSlot(type: Address, name: string): number {
    const { memory, layout } = this.#reader;
    const descriptor = dictEntry(this.#reader, memory.pointer(type + layout.object.typeDict), name);
    if (this.#reader.typeName(this.#reader.typeOf(descriptor)) !== 'member_descriptor') return 0;
    const member = memory.pointer(descriptor + (layout.structs['PyDescrObject']?.['sizeof'] ?? 0));
    const offset = memory.pointer(member + offsetInMember);
    return offset < largestObject && offset % 8 === 0 ? offset : 0;
  }
}
