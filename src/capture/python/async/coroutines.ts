/** At what line is a coroutine, generator or async generator that does not run, and what does it wait for? */
import { type Address, isObjectAddress } from '../../memory/process-memory.ts';
import type { SlotReader } from '../code/c-callee.ts';
import type { Code } from '../code/code.ts';
import type { CodeCache } from '../code/code-cache.ts';
import type { Instructions } from '../code/instructions.ts';
import type { ObjectReader } from '../objects/objects.ts';
import { FrameDecoder, type FrameView, heapFrameRoom } from '../walk/frame-view.ts';

/** `created`: it has not begun to run. */
export type CoroutineState = 'created' | 'suspended' | 'executing' | 'finished';

/** What `gi_frame_state` says (3.11+), and `f_state` (3.10). */
type States = Readonly<Record<number, CoroutineState>>;

/**
 * `FRAME_*` of Include/cpython/frameobject.h (3.10), Include/internal/pycore_frame.h (3.11+). What is not listed has ended.
 * A value that a version uses for "suspended in yield from or await" counts as suspended here.
 */
function statesOf(minor: number): States {
  if (minor >= 15) return { 0: 'created', 1: 'suspended', 2: 'suspended', 3: 'suspended', 4: 'executing' };
  if (minor >= 13) return { [-3]: 'created', [-2]: 'suspended', [-1]: 'suspended', 0: 'executing' };
  return { [-2]: 'created', [-1]: 'suspended', 0: 'executing' };
}

/** Reads coroutines of one process; all three kinds have one layout. */
export class CoroutineReader implements SlotReader {
  /** What the coroutine read last waits for; 0 where it was made to wait by a plain `yield`. */
  awaited: Address = 0;
  readonly #reader: ObjectReader;
  readonly #codes: CodeCache;
  readonly #decoder: FrameDecoder;
  readonly #states: States;
  readonly #yieldFrom: number;
  readonly #jumpToSend: number;

  constructor(reader: ObjectReader, instructions: Instructions, codes: CodeCache) {
    this.#reader = reader;
    this.#codes = codes;
    this.#decoder = new FrameDecoder(reader, codes);
    this.#states = statesOf(reader.layout.minor);
    this.#yieldFrom = instructions.number['YIELD_FROM'] ?? -1;
    this.#jumpToSend = instructions.number['JUMP_BACKWARD_NO_INTERRUPT'] ?? -1;
  }

  /**
   * Reads the coroutine at `address`, which must be of one of the three types; its frame goes into `view` where it does not
   * run and has not ended.
   * @returns undefined where it cannot be read
   */
  read(address: Address, view: FrameView): CoroutineState | undefined {
    this.awaited = 0;
    return this.#reader.layout.minor >= 11 ? this.#readWithFrame(address, view) : this.#readFrameObject(address, view);
  }

  /** The object in slot `index` of a frame that {@link read} has filled. */
  slot(view: FrameView, index: number): Address {
    const { frame, minor } = this.#reader.layout;
    if (minor >= 11) return this.#decoder.slot(view, index);
    const word = (frame.objectLocals >> 2) + index * 2;
    if (index < 0 || !view.copy || word + 1 >= view.copy.words.length) return 0;
    return pointerIn(view.copy.words, word);
  }

  /** 3.11+: the frame lies in the object. */
  #readWithFrame(address: Address, view: FrameView): CoroutineState | undefined {
    const { memory, layout } = this.#reader;
    const { frame, frameState } = layout.generator;
    const { room } = view;
    const read = memory.read(address, room.bytes, heapFrameRoom);
    if (read < frame + this.#decoder.headerSize) return undefined;
    const raw = signed(room.bytes[frameState]);
    const state = this.#states[raw] ?? 'finished';
    if (state === 'finished' || state === 'executing') return state;
    if (!this.#decoder.decode(view, room, frame >> 2, address + frame)) return undefined;
    view.inHeap = true;
    if (state === 'suspended' && this.#isAwaiting(raw, view)) {
      const index = view.stackTop - (layout.minor >= 15 ? 2 : 1);
      const isCopied = frame + this.#decoder.headerSize + (index + 1) * 8 <= read;
      const slot = view.address + layout.frame.localsPlus + index * 8;
      this.awaited = isCopied ? this.#decoder.slot(view, index) : withoutTag(memory.pointer(slot));
    }
    return state;
  }

  /** 3.13+ have a state for it; before, the instruction after the next one (RESUME) jumps back to SEND. */
  #isAwaiting(state: number, { code, rawUnit }: FrameView): boolean {
    const { minor } = this.#reader.layout;
    if (minor >= 15) return state >= 2;
    if (minor >= 13) return state === -1;
    return code?.opcode[rawUnit + 2] === this.#jumpToSend;
  }

  /** 3.8–3.10: the frame is an object of its own; there is none any more when the coroutine has ended. */
  #readFrameObject(address: Address, view: FrameView): CoroutineState | undefined {
    const { memory, layout } = this.#reader;
    const { code, lastInstruction, objectLocals } = layout.frame;
    const frameAt = layout.structs['PyGenObject']?.['frame'] ?? 0;
    if (!memory.fetch(address + frameAt, 8)) return undefined;
    const frame = memory.pointerAt(0);
    if (frame === 0) return 'finished';
    const { room } = view;
    const read = isObjectAddress(frame) ? memory.read(frame, room.bytes, heapFrameRoom) : 0;
    if (read < objectLocals) return undefined;
    if (read < heapFrameRoom) room.bytes.fill(0, read);
    const last = (room.words[lastInstruction >> 2] as number) | 0;
    const state = this.#stateOfFrame(last, room.bytes);
    if (state === 'finished' || state === 'executing') return state;
    const found = this.#codes.get(pointerIn(room.words, code >> 2));
    const unit = layout.minor >= 10 ? last : last >> 1;
    if (found === undefined || unit < -1 || unit >= found.units) return undefined;
    view.infer(found, frame, 0, true);
    view.rawUnit = unit;
    view.isInferred = false;
    view.copy = room;
    if (found.opcode[unit + 1] === this.#yieldFrom) this.awaited = this.#topOfStack(frame, found, view);
    return state;
  }

  #stateOfFrame(last: number, bytes: Uint8Array): CoroutineState {
    const { executing, state } = this.#reader.layout.frame;
    if (executing < 0) return this.#states[signed(bytes[state])] ?? 'finished';
    if (bytes[executing] === 1) return 'executing';
    return last < 0 ? 'created' : 'suspended';
  }

  /** 3.8, 3.9: `f_stacktop` is behind it; 3.10: `f_stackdepth` counts from `f_valuestack`. */
  #topOfStack(frame: Address, { slotCount }: Code, view: FrameView): Address {
    const { structs, frame: at } = this.#reader.layout;
    const { f_stacktop: topAt, f_valuestack: stackAt = 0, f_stackdepth: depthAt = 0 } = structs['PyFrameObject'] ?? {};
    const words = view.copy?.words ?? new Uint32Array(0);
    const top =
      topAt === undefined
        ? pointerIn(words, stackAt >> 2) + (words[depthAt >> 2] as number) * 8
        : pointerIn(words, topAt >> 2);
    const offset = top - 8 - frame;
    if (offset < at.objectLocals || offset >= at.objectLocals + slotCount * 8 || offset % 8 !== 0) return 0;
    return offset + 8 <= heapFrameRoom ? pointerIn(words, offset >> 2) : this.#reader.memory.pointer(frame + offset);
  }
}

const pointerIn = (words: Uint32Array, index: number): Address =>
  (words[index] as number) + (words[index + 1] as number) * 2 ** 32;

const signed = (byte = 0): number => (byte << 24) >> 24;

/** 3.14+: pointers on the value stack carry tags. */
const withoutTag = (word: number): Address => word - (word % 8);
