/** One `_PyInterpreterFrame` (3.11+) out of a copy of memory: what it says of itself. */
import type { Address, ProcessMemory } from '../../memory/process-memory.ts';
import type { Code } from '../code/code.ts';
import type { CodeCache } from '../code/code-cache.ts';
import { trait } from '../code/instructions.ts';
import type { Layout } from '../objects/layout.ts';
import type { ObjectReader } from '../objects/objects.ts';

/** Values of `owner` (Include/internal/pycore_frame.h, 3.11–3.15). From 3 on the frame is a shim: no Python function. */
export const owner = { thread: 0, generator: 1, frameObject: 2, firstShim: 3 } as const;

/** Bytes read of a generator object with its frame: enough for its head and the first hundred locals. */
export const heapFrameRoom = 1024;

/** A copied piece of the target's memory, as bytes and as 32-bit words. */
export interface MemoryCopy {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

/** The fields of a frame. Views are pooled and overwritten by the next sample: nothing here outlives it. */
export class FrameView {
  address: Address = 0;
  code: Code | undefined = undefined;
  /** Code unit of the instruction pointer as stored; −1 before the first instruction. */
  rawUnit = 0;
  /** Words on the frame's locals and value stack while it waits in an inlined call; −1 while it executes. */
  stackTop = -1;
  previous: Address = 0;
  owner = 0;
  /** The function object, 0 where there is none. */
  function: Address = 0;
  /** 3.11: the first Python frame of a call from C. */
  isEntry = false;
  /** Lies in a generator or coroutine object, not on the data stack. */
  inHeap = false;
  /** Named by other evidence than its own words: its line is not known. */
  isInferred = false;
  copy: MemoryCopy | undefined = undefined;
  /** Index of the frame's first word in `copy`. */
  base = 0;

  /** {@link trait} bits of the instruction that the frame is at. */
  get traits(): number {
    return this.rawUnit < 0 || !this.code ? 0 : (this.code.traits[this.rawUnit] as number);
  }

  /** The unit at which that instruction begins. */
  get unit(): number {
    return this.rawUnit < 0 || !this.code ? 0 : (this.code.instruction[this.rawUnit] as number);
  }

  #room: MemoryCopy | undefined = undefined;

  /** This view's own room for a frame that is read alone. */
  get room(): MemoryCopy {
    if (this.#room === undefined) {
      const bytes = new Uint8Array(heapFrameRoom);
      this.#room = { bytes, words: new Uint32Array(bytes.buffer) };
    }
    return this.#room;
  }

  /** Becomes a frame of which only the code is known. */
  infer(code: Code, address: Address, previous: Address, inHeap: boolean): void {
    this.address = address;
    this.code = code;
    this.rawUnit = 0;
    this.stackTop = -1;
    this.previous = previous;
    this.owner = inHeap ? owner.generator : owner.thread;
    this.function = 0;
    this.isEntry = false;
    this.inHeap = inHeap;
    this.isInferred = true;
    this.copy = undefined;
    this.base = 0;
  }
}

/** Pointers with their tag bits off: code, function and type objects lie at multiples of 8 (3.14+: _PyStackRef). */
const pointerIn = (words: Uint32Array, index: number): Address => {
  const low = words[index] as number;
  return low - (low & 7) + (words[index + 1] as number) * 0x1_0000_0000;
};

const wordIn = (words: Uint32Array, index: number): number =>
  (words[index] as number) + (words[index + 1] as number) * 0x1_0000_0000;

/** Decodes frames of one CPython version. */
export class FrameDecoder {
  /** Bytes of a frame before its locals. */
  readonly headerSize: number;
  readonly #layout: Layout;
  readonly #memory: ProcessMemory;
  readonly #reader: ObjectReader;
  readonly #codes: CodeCache;
  readonly #shimExecutables = new Set<Address>();
  readonly #at: Layout['frame'];
  readonly #stackTopIsPointer: boolean;
  readonly #clearsStackTop: boolean;

  constructor(reader: ObjectReader, codes: CodeCache) {
    const { layout, memory } = reader;
    this.#layout = layout;
    this.#memory = memory;
    this.#reader = reader;
    this.#codes = codes;
    this.#at = layout.frame;
    this.headerSize = layout.frame.localsPlus;
    this.#stackTopIsPointer = layout.minor >= 14;
    this.#clearsStackTop = layout.minor >= 12;
  }

  /**
   * Fills `view` from the frame at word `base` of the copy of a stack, which lay at `address`.
   * @param isOutermost it is at the bottom of a thread's stack
   * @returns false where that is no frame of a Python function
   */
  decodeCopied(view: FrameView, copy: MemoryCopy, base: number, address: Address, isOutermost = false): boolean {
    const executable = pointerIn(copy.words, base + (this.#at.executable >> 2));
    let { code } = view;
    // Mostly the view held a frame of this function in the sample before.
    if (code?.address !== executable || !this.#codes.trusts(code, isOutermost))
      code = this.#codes.getOfCopy(executable);
    return code !== undefined && this.#fill(view, code, copy, base, address);
  }

  /** The same of a frame that was read by itself. */
  decode(view: FrameView, copy: MemoryCopy, base: number, address: Address): boolean {
    const code = this.#codes.get(pointerIn(copy.words, base + (this.#at.executable >> 2)));
    return code !== undefined && this.#fill(view, code, copy, base, address);
  }

  #fill(view: FrameView, code: Code, copy: MemoryCopy, base: number, address: Address): boolean {
    const at = this.#at;
    const words = copy.words;
    const start = at.tlbcIndex < 0 ? code.start : this.#threadLocalStart(code, words, base);
    const rawUnit = (wordIn(words, base + (at.instruction >> 2)) - start) / 2;
    if (!(rawUnit >= -1 && rawUnit < code.units) || rawUnit !== Math.floor(rawUnit)) return false;
    view.address = address;
    view.code = code;
    view.rawUnit = rawUnit;
    view.stackTop = this.#stackTop(words, base, address);
    view.previous = wordIn(words, base + (at.previous >> 2));
    view.owner = copy.bytes[base * 4 + at.owner] as number;
    view.function = pointerIn(words, base + (at.function >> 2));
    view.isEntry = at.isEntry >= 0 && copy.bytes[base * 4 + at.isEntry] === 1;
    view.inHeap = false;
    view.isInferred = false;
    view.copy = copy;
    view.base = base;
    return true;
  }

  /** `previous` of the frame at word `base`. */
  previousAt(copy: MemoryCopy, base: number): Address {
    return wordIn(copy.words, base + (this.#at.previous >> 2));
  }

  /**
   * If the frame is a shim, what is below it; undefined where it is a Python frame, −1 where it is garbage. A shim's code
   * is None (3.13+) or a code object of the interpreter's own (3.12); other memory only looks like an owner.
   */
  shimPrevious(copy: MemoryCopy, base: number): Address | undefined {
    if ((copy.bytes[base * 4 + this.#at.owner] as number) < owner.firstShim) return undefined;
    const executable = pointerIn(copy.words, base + (this.#at.executable >> 2));
    if (!this.#shimExecutables.has(executable)) {
      const isShim =
        this.#codes.get(executable)?.name === '<interpreter trampoline>' ||
        this.#reader.typeName(this.#reader.typeOf(executable)) === 'NoneType';
      if (!isShim) return -1;
      this.#shimExecutables.add(executable);
    }
    return wordIn(copy.words, base + (this.#at.previous >> 2));
  }

  /** The object in slot `index` of the frame's locals and value stack; 0 where the copy does not hold it. */
  slot(view: FrameView, index: number): Address {
    if (index < 0 || !view.copy) return 0;
    const word = view.base + (this.#at.localsPlus >> 2) + index * 2;
    return word + 1 < view.copy.words.length ? pointerIn(view.copy.words, word) : 0;
  }

  /** The slot of the frame's value stack that holds `object`, or held it; −1 where none does. */
  slotOf(view: FrameView, object: Address): number {
    const { localsPlusCount, slotCount } = view.code as Code;
    for (let index = localsPlusCount; index < slotCount; index++) if (this.slot(view, index) === object) return index;
    return -1;
  }

  /**
   * Rule 6: whether the callable that `caller`'s call left just above its lowered stack pointer (with or without a self
   * before it) is `callable`.
   */
  namesFunction(caller: FrameView, callable: Address): boolean {
    const top = caller.stackTop;
    return this.slot(caller, top) === callable || this.slot(caller, top + 1) === callable;
  }

  /** Whether `caller` is at an instruction that may have called `callee`; where that names its callee, this one. */
  mayCall(caller: FrameView, callee: FrameView): boolean {
    if ((caller.traits & trait.namesCallee) === 0 || this.namesFunction(caller, callee.function)) return true;
    return this.#namesNoneNow(caller);
  }

  /**
   * Whether the instruction has been specialised, since its code was decoded, to one that names no callee: a class with an
   * `__init__` in Python (3.13+), on 3.13 a bound method too. Then the code is told.
   */
  #namesNoneNow(caller: FrameView): boolean {
    const { start, traits, instruction } = caller.code as Code;
    const { unit } = caller;
    if (!this.#memory.fetch(start + unit * 2, 1)) return false;
    const now = this.#codes.instructions.traits[this.#memory.bytes[0] as number] as number;
    if ((now & trait.call) === 0 || (now & trait.namesCallee) !== 0) return false;
    for (let at = unit; instruction[at] === unit; at++) traits[at] = now;
    return true;
  }

  /**
   * Whether the frame has ended and its words are only left over: it has a stack pointer and stands at a return, or (3.12+)
   * its locals are cleared. On the data stack the code of a generator is only the moment in which the generator is made.
   */
  isDead(view: FrameView): boolean {
    const code = view.code as Code;
    if (code.isGenerator && !view.inHeap) {
      return (!this.#stackTopIsPointer && view.stackTop >= 0) || view.unit > code.makesGeneratorAt;
    }
    if (view.stackTop < 0) return false;
    if ((view.traits & trait.leaves) !== 0) return true;
    return this.#clearsStackTop && view.stackTop === 0 && code.localsPlusCount > 0;
  }

  #stackTop(words: Uint32Array, base: number, address: Address): number {
    const word = base + (this.#at.stackTop >> 2);
    if (!this.#stackTopIsPointer) return (words[word] as number) | 0;
    const pointer = wordIn(words, word);
    return pointer === 0 ? -1 : (pointer - address - this.#at.localsPlus) / 8;
  }

  /** Free-threaded builds: each thread may run a copy of the bytecode of its own (Objects/codeobject.c, co_tlbc). */
  #threadLocalStart(code: Code, words: Uint32Array, base: number): Address {
    const index = words[base + (this.#at.tlbcIndex >> 2)] as number;
    if (index === 0 || index > 65_536) return code.start;
    const entries = this.#layout.structs['_PyCodeArray']?.['entries'] ?? 8;
    const array = this.#memory.pointer(code.address + this.#layout.code.tlbc);
    return array ? this.#memory.pointer(array + entries + index * 8) : 0;
  }
}
