/**
 * Stacks of CPython 3.8–3.10, whose frames are objects scattered over the heap: no copy of them is coherent. The leaf is
 * taken as the first read finds it, which favours no moment; the callers only where their own words allow the call, or
 * where nothing moved for a while, else from the last stack that was right for this leaf. docs/coherence.md says why.
 */
import { type Address, isObjectAddress, type ProcessMemory } from '../../memory/process-memory.ts';
import type { Code } from '../code/code.ts';
import type { CodeCache } from '../code/code-cache.ts';
import { type Instructions, trait } from '../code/instructions.ts';
import type { Layout } from '../objects/layout.ts';
import type { ObjectReader } from '../objects/objects.ts';
import { FrameView, heapFrameRoom, type MemoryCopy } from './frame-view.ts';
import { FunctionCodes } from './function-codes.ts';
import { KnownCallers } from './known-callers.ts';
import type { SampledMoment } from './sampled-moment.ts';

/** Most frames of a stack; more is a cycle. */
const mostFrames = 200_000;
/** Frames that a walk may always read; more only if the stack was about as deep before. */
const leastLongest = 600;
/** After so many frames in a row that are as they were in the sample before, the ones below them are too. */
const unchangedRun = 32;
/** So many innermost frames keep their copies until the next sample; what is asked of others is read when it is. */
const mostCopies = 128;
/** Times that a stack is read again to see whether it stands still, and the longest pause between, in turns of a loop. */
const closeLooks = 3;
const longestPause = 3000;

/** Walks the stack of one thread. */
export class FrameObjectWalker {
  /** The frames of the last sample, outermost first; `depth` of them are valid until the next sample. */
  frames: FrameView[] = [];
  depth = 0;
  moment: SampledMoment | undefined;
  readonly #memory: ProcessMemory;
  readonly #layout: Layout;
  readonly #codes: CodeCache;
  readonly #mayRunPython: Uint8Array;
  readonly #threadState: Address;
  readonly #functionCodes: FunctionCodes;
  readonly #knownCallers = new KnownCallers();
  /** The frames read in this sample, innermost first. */
  readonly #walk: FrameView[] = [];
  /** Room for their copies: for each of the innermost ones, and one for all others in turn. */
  readonly #rooms: MemoryCopy[] = [];
  /** The last stack that was right, outermost first, and where in it each frame object is. */
  readonly #stack: FrameView[] = [];
  #stackLength = 0;
  readonly #position = new Map<Address, number>();
  /** Room for a stack of which only the leaf was read. */
  readonly #inferred: FrameView[] = [];
  /** Counts turns of the pauses, so that they are not optimised away. */
  pauseTurns = 0;

  constructor(reader: ObjectReader, instructions: Instructions, codes: CodeCache, threadState: Address) {
    this.#memory = reader.memory;
    this.#layout = reader.layout;
    this.#functionCodes = new FunctionCodes(reader);
    this.#codes = codes;
    this.#mayRunPython = instructions.mayRunPython;
    this.#threadState = threadState;
  }

  /** The object in slot `index` of a sampled frame; 0 where it is not known. */
  slot(frame: FrameView, index: number): Address {
    const offset = this.#layout.frame.objectLocals + index * 8;
    if (index < 0 || frame.isInferred || offset + 8 > heapFrameRoom) return 0;
    if (frame.copy !== undefined) return pointerIn(frame.copy, offset);
    const object = this.#memory.pointer(frame.address + offset);
    const code = this.#memory.pointer(frame.address + this.#layout.frame.code);
    return code === frame.code?.address ? object : 0;
  }

  /**
   * Takes one sample into {@link frames}.
   * @param isAsleep the thread is known to stand still: its stack is as deep as it is read, and nothing stands in for it
   * @returns false where the stack could not be read whole; depth 0 where the thread runs no Python function
   */
  sample(isAsleep = false): boolean {
    this.depth = 0;
    if (!this.#read(isAsleep ? mostFrames : this.#longest)) return !isAsleep && this.#length > 0 && this.#standIn();
    if (this.#length === 0) return true;
    const isWhole = this.#kept > 0 || this.#endsOutermost;
    if (!isWhole || !(this.#isPlausible() || this.#standsStill())) return !isAsleep && this.#standIn();
    this.#publish();
    this.#knownCallers.remember(this.frames, this.depth);
    return true;
  }

  /** Most frames that the next walk reads. */
  #longest = leastLongest;
  /** Frames in `#walk`, and how many outermost ones of the stack before stay below them. */
  #length = 0;
  #kept = 0;
  /** Whether the last frame of the walk is the outermost one, and whether those without a copy may have called each other. */
  #endsOutermost = false;
  #mayHaveCalled = true;

  /** Follows `f_back` from the running frame. @returns false where a frame is garbage */
  #read(longest: number): boolean {
    this.#length = 0;
    this.#kept = 0;
    this.#mayHaveCalled = true;
    this.#dropCopies();
    this.moment?.begin();
    if (!this.#memory.fetch(this.#threadState + this.#layout.thread.frame, 8)) return false;
    let address = this.#memory.pointerAt(0);
    if (address === 0) return this.moment?.isSame() ?? true;
    let unchanged = 0;
    let mark = 0;
    while (address !== 0) {
      if (this.#length >= longest) return this.#isTooLong();
      // Back where the walk has been: a cycle.
      if (address === mark) return false;
      if ((this.#length & (this.#length - 1)) === 0) mark = address;
      const view = viewAt(this.#walk, this.#length);
      if (!this.#decode(view, address, this.#roomFor(this.#length))) return false;
      // The leaf is what the sample is made of.
      if (this.#length === 0 && this.moment?.isSame() === false) return false;
      this.#endStep(view);
      address = view.previous;
      const position = this.#positionBefore(view);
      unchanged = position < 0 ? 0 : unchanged + 1;
      if (unchanged < unchangedRun) continue;
      this.#kept = position;
      return true;
    }
    return true;
  }

  /** A walk that the program outruns wanders from one moment's frames to another's; a stack that is so deep stays so. */
  #isTooLong(): false {
    this.#longest = Math.min(mostFrames, this.#longest * 2);
    return false;
  }

  /** Takes the frame just decoded into the walk. Far from the leaf its copy serves for no longer than this. */
  #endStep(view: FrameView): void {
    this.#endsOutermost = this.#isOutermost(view);
    if (this.#length >= mostCopies) {
      this.#mayHaveCalled &&= this.#mayCall(view, this.#walk[this.#length - 1] as FrameView);
      view.copy = undefined;
    }
    this.#length++;
  }

  /** Those of the sample before are overwritten by this one. */
  #dropCopies(): void {
    for (let at = Math.max(0, this.#stackLength - mostCopies); at < this.#stackLength; at++) {
      (this.#stack[at] as FrameView).copy = undefined;
    }
  }

  #roomFor(length: number): MemoryCopy {
    const index = Math.min(length, mostCopies);
    let room = this.#rooms[index];
    if (room === undefined) {
      const bytes = new Uint8Array(heapFrameRoom);
      room = { bytes, words: new Uint32Array(bytes.buffer) };
      this.#rooms[index] = room;
    }
    return room;
  }

  #decode(view: FrameView, address: Address, room: MemoryCopy): boolean {
    const { frame, minor } = this.#layout;
    if (!isObjectAddress(address)) return false;
    const read = this.#memory.read(address, room.bytes, heapFrameRoom);
    if (read < frame.objectLocals) return false;
    const code = this.#codes.get(pointerIn(room, frame.code));
    if (code === undefined) return false;
    const last = (room.words[frame.lastInstruction >> 2] as number) | 0;
    const unit = minor >= 10 ? last : last >> 1;
    if (unit < -1 || unit >= code.units) return false;
    if (read < heapFrameRoom) room.bytes.fill(0, read);
    view.address = address;
    view.code = code;
    view.rawUnit = unit;
    view.previous = pointerIn(room, frame.back);
    view.copy = room;
    view.base = 0;
    view.isInferred = false;
    return true;
  }

  /** Where in the stack before an equal frame is, −1 where there is none. */
  #positionBefore(view: FrameView): number {
    const at = this.#position.get(view.address) ?? -1;
    const old = this.#stack[at];
    return old?.code === view.code && old?.rawUnit === view.rawUnit && old?.previous === view.previous ? at : -1;
  }

  /** Whether each frame is at an instruction that may have called the next one. */
  #isPlausible(): boolean {
    const copies = Math.min(this.#length, mostCopies);
    for (let at = 1; at < copies; at++) {
      if (!this.#mayCall(this.#walk[at] as FrameView, this.#walk[at - 1] as FrameView)) return false;
    }
    return this.#mayHaveCalled;
  }

  /** False for a frame that has just ended, and for a generator between two turns: their `f_back` is cleared. */
  #isOutermost({ copy, code }: FrameView): boolean {
    if (copy === undefined || code?.isGenerator) return false;
    const { executing, state } = this.#layout.frame;
    // 3.10: FRAME_EXECUTING is 0 (Include/cpython/frameobject.h).
    return executing >= 0 ? copy.bytes[executing] === 1 : copy.bytes[state] === 0;
  }

  /**
   * The callable and its arguments stay on the caller's value stack during the call: where functions lie there, one of
   * them is the callee's.
   */
  #mayCall(caller: FrameView, callee: FrameView): boolean {
    const code = caller.code as Code;
    if (caller.rawUnit < 0 || this.#mayRunPython[code.opcode[caller.rawUnit] as number] !== 1) return false;
    if ((caller.traits & trait.call) === 0) return true;
    // Another function may be at the address of one that is remembered: what speaks against a call is looked at again.
    return this.#namesCallee(caller, callee, false) || this.#namesCallee(caller, callee, true);
  }

  /** Whether the callee's function lies on the caller's value stack, or no function does. */
  #namesCallee(caller: FrameView, callee: FrameView, isAnew: boolean): boolean {
    let functions = 0;
    const { localsPlusCount, slotCount } = caller.code as Code;
    const end = Math.min(slotCount, (heapFrameRoom - this.#layout.frame.objectLocals) >> 3);
    for (let slot = localsPlusCount; slot < end; slot++) {
      const object = this.slot(caller, slot);
      if (!isObjectAddress(object)) continue;
      let found = this.#functionCodes.of(object);
      if (isAnew && found !== 0) found = this.#functionCodes.look(object);
      if (found === callee.code?.address) return true;
      if (found !== 0) functions++;
    }
    return functions === 0;
  }

  /** Whether the stack is the same at several looks, at irregular distance. */
  #standsStill(): boolean {
    const probe = new FrameView();
    const { room } = probe;
    for (let look = 0; look < closeLooks; look++) {
      for (let turn = Math.random() * longestPause; turn > 0; turn--) this.pauseTurns++;
      if (this.#memory.pointer(this.#threadState + this.#layout.thread.frame) !== this.#walk[0]?.address) return false;
      for (let at = 0; at < this.#length; at++) {
        const view = this.#walk[at] as FrameView;
        if (!this.#decode(probe, view.address, room) || probe.code !== view.code || probe.previous !== view.previous) {
          return false;
        }
        if (at > 0 && probe.rawUnit !== view.rawUnit) return false;
      }
    }
    return true;
  }

  /** Makes the walk the upper part of {@link frames}. */
  #publish(): void {
    for (let at = this.#kept; at < this.#stackLength; at++) {
      this.#position.delete((this.#stack[at] as FrameView).address);
    }
    this.#stackLength = this.#kept + this.#length;
    this.#longest = Math.max(leastLongest, this.#stackLength * 2);
    for (let at = this.#kept; at < this.#stackLength; at++) {
      const from = this.#stackLength - 1 - at;
      const view = this.#walk[from] as FrameView;
      this.#walk[from] = this.#stack[at] ?? new FrameView();
      this.#stack[at] = view;
      this.#position.set(view.address, at);
    }
    this.frames = this.#stack;
    this.depth = this.#stackLength;
  }

  /** The leaf, on top of the callers that it had when they could last be told. */
  #standIn(): boolean {
    const leaf = this.#walk[0] as FrameView;
    const known = this.#knownCallers.of(leaf.code as Code);
    if (known === undefined) return false;
    const depth = known.codes.length;
    for (let at = 0; at < depth; at++) {
      const view = viewAt(this.#inferred, at);
      view.infer(known.codes[at] as Code, 0, 0, false);
      view.rawUnit = known.units[at] as number;
    }
    this.#walk[0] = this.#inferred[depth] ?? new FrameView();
    this.#inferred[depth] = leaf;
    this.frames = this.#inferred;
    this.depth = depth + 1;
    return true;
  }
}

function pointerIn({ words }: MemoryCopy, offset: number): Address {
  return (words[offset >> 2] as number) + (words[(offset >> 2) + 1] as number) * 2 ** 32;
}

function viewAt(views: FrameView[], index: number): FrameView {
  let view = views[index];
  if (view === undefined) {
    view = new FrameView();
    views[index] = view;
  }
  return view;
}
