/**
 * Frames that are not on the data stack (3.11+): those of generators and coroutines, and the shims that mark a call from
 * C. They are read after the copy, so what they say is confirmed, or known from the history of the place, or left out.
 */
import { type Address, isObjectAddress, type ProcessMemory } from '../../memory/process-memory.ts';
import type { Code } from '../code/code.ts';
import { trait } from '../code/instructions.ts';
import type { Layout } from '../objects/layout.ts';
import type { ObjectReader } from '../objects/objects.ts';
import type { DataStack } from './data-stack.ts';
import { type FrameDecoder, FrameView, heapFrameRoom, owner } from './frame-view.ts';
import { SiteHistories, type SiteHistory } from './site-history.ts';

/** Frames between two of the data stack: a longer chain is garbage. */
const longestChain = 1000;
/** Times that a close look reads again, and longest pause between, in turns of an empty loop (about 2 µs). */
const closeLooks = 3;
const longestPause = 3000;

/** Reads heap frames of one thread. */
export class HeapFrames {
  readonly #memory: ProcessMemory;
  readonly #layout: Layout;
  readonly #decoder: FrameDecoder;
  readonly #reader: ObjectReader;
  readonly #executing: number;
  readonly #resumed = new SiteHistories<Code>();
  readonly #throughC = new SiteHistories<Code>();
  readonly #iterated = new WeakMap<Code, Map<number, number>>();
  readonly #chains = new SiteHistories<readonly Code[]>();
  /** The thread stands still: then even a place where close looks never confirm anything is looked at closely. */
  isAsleep = false;
  /** Counts turns of the pauses, so that they are not optimised away. */
  pauseTurns = 0;
  /** The chain found last, outermost first; `chainLength` of them are valid. The walker swaps them into its stack. */
  chain: FrameView[] = [];
  chainLength = 0;
  #again: FrameView[] = [];

  constructor(memory: ProcessMemory, layout: Layout, decoder: FrameDecoder, reader: ObjectReader) {
    this.#memory = memory;
    this.#layout = layout;
    this.#decoder = decoder;
    this.#reader = reader;
    this.#executing = layout.minor >= 15 ? 4 : 0;
  }

  /**
   * The generator that `caller` is resuming, from slot `index` of its value stack, into `view`.
   * @returns false where there is none, or it cannot be told which
   */
  resumedBy(caller: FrameView, index: number, view: FrameView): boolean {
    const generator = this.#decoder.slot(caller, index);
    if (!isObjectAddress(generator)) return false;
    const history = this.#resumed.at(caller.code as Code, caller.unit);
    if (this.#readGenerator(generator, view)) {
      const code = view.code as Code;
      const isLate = !this.#isExecuting(view) || view.previous !== caller.address;
      let isConfirmed = false;
      if (this.isAsleep || history.shouldLook(code.address)) {
        isConfirmed = this.#isStable(
          () => this.#stillHolds(caller, index, generator) && this.#isStillOf(generator, code),
        );
        history.record(isConfirmed, code.address, () => code);
      }
      if (isConfirmed || history.believes(code.address)) {
        if (isLate) view.stackTop = -1;
        return true;
      }
    }
    const usual = history.usual;
    if (usual) view.infer(usual, generator + this.#layout.generator.frame, caller.address, true);
    return usual !== undefined;
  }

  /**
   * `generator`, which `caller` resumes through C, into `view`. That it is resumed is known; only which function it runs
   * needs a look, since it may have ended.
   * @returns false where it is no generator, or it cannot be told which
   */
  resumedThroughC(caller: FrameView, generator: Address, view: FrameView): boolean {
    if (!isObjectAddress(generator)) return false;
    const history = this.#throughC.at(caller.code as Code, caller.unit);
    if (this.#readGenerator(generator, view)) {
      const code = view.code as Code;
      let isConfirmed = false;
      if (this.isAsleep || history.shouldLook(code.address)) {
        isConfirmed = this.#isThereAgain(caller) && this.#isStillOf(generator, code);
        history.record(isConfirmed, code.address, () => code);
      }
      if (isConfirmed || history.believes(code.address)) {
        if (!this.#isExecuting(view)) view.stackTop = -1;
        return true;
      }
    }
    const usual = this.#isOther(generator) ? undefined : history.usual;
    if (usual) view.infer(usual, generator + this.#layout.generator.frame, caller.address, true);
    return usual !== undefined;
  }

  /**
   * The same into {@link chain}, for the frame whose `previous` is `frame`, that of `generator`: it must be what `caller`
   * resumes itself.
   */
  isDirect(caller: FrameView, frame: Address): boolean {
    const view = viewAt(this.chain, 0);
    this.chainLength = 1;
    if (!this.resumedThroughC(caller, frame - this.#layout.generator.frame, view)) return false;
    return view.stackTop < 0 || this.#leadsTo(view.previous, caller);
  }

  /** Up to 3.13: the object that `caller`, at an iteration that goes through C, resumes; 0 where that is not known yet. */
  iteratedBy(caller: FrameView): Address {
    const slot = this.#iterated.get(caller.code as Code)?.get(caller.unit);
    return slot === undefined ? 0 : this.#decoder.slot(caller, slot);
  }

  /**
   * Learns from `frame`, which runs, in which slot `caller` has what it iterates. At one instruction the value stack is
   * always of the same depth (Python/compile.c), but that depth is not saved.
   */
  learnIterated(caller: FrameView, frame: Address): void {
    const generator = frame - this.#layout.generator.frame;
    const slot = this.#decoder.slotOf(caller, generator);
    const code = caller.code as Code;
    let slots = this.#iterated.get(code);
    if (slot < 0 || slots?.get(caller.unit) === slot) return;
    const view = viewAt(this.chain, 0);
    if (!this.#readGenerator(generator, view) || !this.#isExecuting(view) || !this.#leadsTo(view.previous, caller))
      return;
    if (!slots) {
      slots = new Map();
      this.#iterated.set(code, slots);
    }
    slots.set(caller.unit, slot);
  }

  /** Whether `object` is a generator or coroutine. */
  isGenerator(object: Address): boolean {
    return isObjectAddress(object) && isGeneratorType(this.#reader.typeName(this.#reader.typeOf(object)));
  }

  /**
   * Follows `previous` from `from` down to `caller`, over frames outside the data stack, into {@link chain}.
   * @param above the frame whose `previous` it is, undefined when it is the thread's current frame
   * @returns false where the chain does not arrive at `caller`
   */
  chainTo(caller: FrameView, from: Address, above: FrameView | undefined, stack: DataStack): boolean {
    const history = this.#chains.at(caller.code as Code, caller.unit, above?.code);
    const length = this.#follow(from, caller.address, this.chain, stack);
    this.chainLength = length;
    const isAtEnd = above === undefined;
    if (length >= 0) {
      const key = signature(this.chain, length);
      if (this.isAsleep || history.shouldLook(key, isAtEnd)) {
        const isConfirmed =
          this.#isCoherent(above) &&
          this.#isStable(() => this.#isUnmoved(caller) && this.#isStillChain(from, caller, length, stack));
        history.record(isConfirmed, key, () => codesOf(this.chain, length));
        if (isConfirmed) return true;
      }
      if (history.believes(key, isAtEnd)) return true;
    }
    return this.#standIn(history, caller, above);
  }

  /** Looks again a few times, at irregular distance: what comes and goes at a steady pace does not pass for one that stays. */
  #isStable(holds: () => boolean): boolean {
    for (let look = 0; look < closeLooks; look++) {
      if (!holds()) return false;
      this.#pause();
    }
    return holds();
  }

  /** Whether `caller` is where it was when it was copied, still or, as in a loop, again: both say what it resumes there. */
  #isThereAgain(caller: FrameView): boolean {
    for (let look = 0; look < closeLooks; look++) {
      if (this.#isUnmoved(caller)) return true;
      this.#pause();
    }
    return this.#isUnmoved(caller);
  }

  #pause(): void {
    for (let turn = Math.random() * longestPause; turn > 0; turn--) this.pauseTurns++;
  }

  #isStillChain(from: Address, caller: FrameView, length: number, stack: DataStack): boolean {
    const again = this.#follow(from, caller.address, this.#again, stack);
    return again === length && sameFrames(this.chain, this.#again, length);
  }

  /** Whether the frames of the chain, read one after the other, say of themselves that they called each other. */
  #isCoherent(above: FrameView | undefined): boolean {
    for (let at = 0; at < this.chainLength; at++) {
      const lower = this.chain[at] as FrameView;
      const upper = at + 1 < this.chainLength ? (this.chain[at + 1] as FrameView) : above;
      // Linked through a shim, or (3.11) called from C: nothing in the lower frame names the upper one.
      if (upper === undefined || upper.previous !== lower.address || upper.isEntry) continue;
      const resumes = (lower.traits & trait.resumes) !== 0;
      if (resumes !== upper.inHeap) return false;
      if (this.#layout.minor > 11 && lower.stackTop < 0) return false;
      if (!upper.inHeap && !this.#decoder.mayCall(lower, upper)) return false;
    }
    return true;
  }

  #standIn(history: SiteHistory<readonly Code[]>, caller: FrameView, above: FrameView | undefined): boolean {
    const usual = above === undefined ? undefined : history.usual;
    if (usual === undefined) return false;
    this.chainLength = usual.length;
    for (const [index, code] of usual.entries()) {
      const view = viewAt(this.chain, index);
      view.infer(code, 0, caller.address, true);
    }
    return true;
  }

  /** @returns how many Python frames lie between, or −1 */
  #follow(from: Address, to: Address, views: FrameView[], stack: DataStack): number {
    let length = 0;
    let address = from;
    for (let step = 0; step < longestChain; step++) {
      if (address === to) {
        reverse(views, length);
        return length;
      }
      if (!isObjectAddress(address) || stack.contains(address)) return -1;
      const view = viewAt(views, length);
      const previous = this.#readFrame(address, view);
      if (previous < 0) return -1;
      if (view.owner < owner.firstShim) {
        if (view.owner !== owner.generator || !this.#isExecuting(view)) return -1;
        length++;
      }
      address = previous;
    }
    return -1;
  }

  /** Reads the frame at `address`, with the head of the generator around it. @returns its `previous`, −1 for garbage */
  #readFrame(address: Address, view: FrameView): Address {
    const { generator } = this.#layout;
    const room = view.room;
    const read = this.#memory.read(address - generator.frame, room.bytes, heapFrameRoom);
    const base = generator.frame >> 2;
    if (read < generator.frame + this.#decoder.headerSize) return this.#readShim(address, view);
    const previous = this.#decoder.shimPrevious(room, base);
    if (previous !== undefined) {
      view.owner = owner.firstShim;
      return previous;
    }
    if (!this.#decoder.decode(view, room, base, address)) return -1;
    view.inHeap = true;
    return view.previous;
  }

  /** A shim may lie so near the end of its mapping that only the frame itself can be read. */
  #readShim(address: Address, view: FrameView): Address {
    const room = view.room;
    const size = this.#decoder.headerSize;
    if (this.#memory.read(address, room.bytes, size) !== size) return -1;
    const previous = this.#decoder.shimPrevious(room, 0);
    view.owner = owner.firstShim;
    return previous ?? -1;
  }

  #readGenerator(generator: Address, view: FrameView): boolean {
    const at = this.#layout.generator.frame;
    const room = view.room;
    if (this.#memory.read(generator, room.bytes, heapFrameRoom) < at + this.#decoder.headerSize) return false;
    const words = room.words;
    const type = this.#layout.object.type >> 2;
    const typeAddress = (words[type] as number) + (words[type + 1] as number) * 2 ** 32;
    if (!isGeneratorType(this.#reader.typeName(typeAddress))) return false;
    if (!this.#decoder.decode(view, room, at >> 2, generator + at)) return false;
    view.inHeap = true;
    return true;
  }

  /** Whether the object is known to be something else than a generator. */
  #isOther(object: Address): boolean {
    return this.#reader.typeName(this.#reader.typeOf(object)) !== undefined && !this.isGenerator(object);
  }

  /** Whether `previous` is `caller`, or a shim on top of it. */
  #leadsTo(previous: Address, caller: FrameView): boolean {
    if (previous === caller.address) return true;
    return isObjectAddress(previous) && this.#readShim(previous, viewAt(this.#again, 0)) === caller.address;
  }

  /** Whether `generator` is a generator of `code`. */
  #isStillOf(generator: Address, code: Code): boolean {
    const executable = this.#memory.pointer(generator + this.#layout.generator.frame + this.#layout.frame.executable);
    return executable - (executable % 8) === code.address;
  }

  /** Whether the generator around the frame in `view` was executing when it was read. */
  #isExecuting(view: FrameView): boolean {
    const { frame, frameState } = this.#layout.generator;
    return view.copy?.bytes[view.base * 4 - frame + frameState] === this.#executing;
  }

  /** Whether `caller` still has `object` in that slot, and still is the same function. */
  #stillHolds(caller: FrameView, index: number, object: Address): boolean {
    const { frame } = this.#layout;
    const slot = this.#memory.pointer(caller.address + frame.localsPlus + index * 8);
    if (slot - (slot % 8) !== object) return false;
    const executable = this.#memory.pointer(caller.address + frame.executable);
    return executable - (executable % 8) === caller.code?.address;
  }

  /** Whether `caller` is where it was when it was copied. */
  #isUnmoved(caller: FrameView): boolean {
    const { frame } = this.#layout;
    if (!caller.copy || !this.#memory.fetch(caller.address, this.#decoder.headerSize)) return false;
    const { bytes } = this.#memory;
    for (const at of [frame.executable, frame.instruction, frame.previous]) {
      for (let byte = at; byte < at + 8; byte++) {
        if (bytes[byte] !== caller.copy.bytes[caller.base * 4 + byte]) return false;
      }
    }
    return true;
  }
}

const isGeneratorType = (name: string | undefined): boolean =>
  name === 'generator' || name === 'coroutine' || name === 'async_generator';

function viewAt(views: FrameView[], index: number): FrameView {
  let view = views[index];
  if (view === undefined) views[index] = view = new FrameView();
  return view;
}

function reverse(views: FrameView[], length: number): void {
  for (let low = 0, high = length - 1; low < high; low++, high--) {
    const view = views[low] as FrameView;
    views[low] = views[high] as FrameView;
    views[high] = view;
  }
}

function signature(views: readonly FrameView[], length: number): string | number {
  if (length === 0) return 0;
  if (length === 1) return views[0]?.code?.address ?? 0;
  return codesOf(views, length)
    .map((code) => code.address)
    .join();
}

const codesOf = (views: readonly FrameView[], length: number): Code[] =>
  views.slice(0, length).map((view) => view.code as Code);

function sameFrames(left: readonly FrameView[], right: readonly FrameView[], length: number): boolean {
  for (let at = 0; at < length; at++) {
    if (left[at]?.code !== right[at]?.code || left[at]?.address !== right[at]?.address) return false;
  }
  return true;
}
