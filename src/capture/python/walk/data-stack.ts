/** The copy that a sample is made of: a thread's data stack (3.11+), its chunks read from the bottom up. */
import { type Address, isObjectAddress, type ProcessMemory } from '../../memory/process-memory.ts';
import type { Layout } from '../objects/layout.ts';
import type { MemoryCopy } from './frame-view.ts';
import type { SampledMoment } from './sampled-moment.ts';

/** Bytes of all chunks of a thread that are copied at most: 64 MiB hold stacks of half a million frames. */
const largestStack = 2 ** 26;
/** Chunks are this large, or doubled until one frame fits (Python/pystate.c, push_chunk). */
const smallestChunk = 2 ** 14;
/** Bytes of `_PyStackChunk` before its data: previous, size, top (Include/internal/pycore_pystate.h). */
export const chunkHeader = 24;
/** Read beyond the top that was known, for calls made meanwhile; whole pages cost no more than less. */
const lookAhead = 2048;
const page = 4096;

class Copy implements MemoryCopy {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.words = new Uint32Array(this.bytes.buffer);
  }
}

/** One chunk with its newest copy and the one before. */
export class Chunk {
  readonly address: Address;
  readonly size: number;
  /** Bytes of {@link copy} that belong to this sample. */
  length = 0;
  copy: Copy;
  #previous: Copy;

  constructor(address: Address, size: number) {
    this.address = address;
    this.size = size;
    this.copy = new Copy(size);
    this.#previous = new Copy(0);
  }

  contains(address: Address): boolean {
    return address >= this.address && address < this.address + this.size;
  }

  /** Copies the first `length` bytes; keeps the copy before for {@link isUnchanged}. */
  read(memory: ProcessMemory, length: number): boolean {
    const older = this.#previous.bytes.length === this.size ? this.#previous : new Copy(this.size);
    this.#previous = this.copy;
    this.copy = older;
    this.length = length;
    return memory.read(this.address, older.bytes, length) === length;
  }

  /** Whether the newest copy holds what the one before it held. */
  isUnchanged(): boolean {
    const [now, before] = [this.copy.bytes, this.#previous.bytes];
    return (
      before.length === now.length &&
      Buffer.compare(now.subarray(0, this.length), before.subarray(0, this.length)) === 0
    );
  }
}

/** Copies the data stack of one thread. */
export class DataStack {
  /** Chunks of the last copy, the oldest (bottom) first. */
  chunks: readonly Chunk[] = [];
  /** The frame that ran when the thread state was read; 0: none, −1: not readable at that moment. */
  currentFrame = 0;
  /** Chunks were copied twice for this sample: they cannot be compared with those of the sample before. */
  wasReread = false;
  moment: SampledMoment | undefined;
  readonly #memory: ProcessMemory;
  readonly #layout: Layout;
  readonly #threadState: Address;
  #known = new Map<Address, Chunk>();
  /** 3.15: the frame below all others, in the thread state itself; it runs while no function does. Else −1. */
  readonly #baseFrame: Address;
  /** Where in the thread state the words that are needed begin, and how many bytes they span. */
  readonly #from: number;
  readonly #span: number;

  constructor(memory: ProcessMemory, layout: Layout, threadState: Address) {
    this.#memory = memory;
    this.#layout = layout;
    this.#threadState = threadState;
    const { thread } = layout;
    const pointer = thread.cframe >= 0 ? thread.cframe : thread.frame;
    const base = layout.structs['_PyThreadStateImpl']?.['base_frame'];
    this.#baseFrame = base === undefined ? -1 : threadState + base;
    this.#from = Math.min(pointer, thread.dataStackChunk, thread.dataStackTop);
    this.#span = Math.max(pointer, thread.dataStackChunk, thread.dataStackTop) + 8 - this.#from;
  }

  /** Copies the whole stack. False: it could not be read whole, or was being changed. */
  read(): boolean {
    if (!this.#memory.fetch(this.#threadState + this.#from, this.#span)) return false;
    const newest = this.#memory.pointerAt(this.#layout.thread.dataStackChunk - this.#from);
    const top = this.#memory.pointerAt(this.#layout.thread.dataStackTop - this.#from);
    this.currentFrame = this.#readCurrentFrame();
    this.wasReread = false;
    this.moment?.begin();
    if (newest === 0) {
      this.chunks = [];
      return this.moment?.isSame() ?? true;
    }
    const known = this.chunks.at(-1)?.address === newest ? this.chunks : undefined;
    let chunks = known ?? this.#list(newest) ?? [];
    let copied = this.#copy(chunks, top);
    if (copied < chunks.length && known !== undefined) {
      // Chunks below the newest one may have been exchanged.
      this.wasReread = true;
      chunks = this.#list(newest) ?? chunks.slice(0, copied);
      copied = this.#copy(chunks, top);
    }
    this.chunks = copied === chunks.length ? chunks : chunks.slice(0, copied);
    return copied > 0 && (this.moment?.isSame() ?? true);
  }

  /**
   * Copies chunks from the bottom up. They are mapped and unmapped as calls cross their borders: one that is gone takes
   * with it all above it, and leaves a stack that is right up to there.
   * @returns how many were copied
   */
  #copy(chunks: readonly Chunk[], top: Address): number {
    for (let index = 0; index < chunks.length; index++) {
      const chunk = chunks[index] as Chunk;
      const isNewest = index === chunks.length - 1;
      const used = isNewest && chunk.contains(top) ? top - chunk.address + lookAhead : chunk.size;
      const length = Math.min(chunk.size, Math.ceil(used / page) * page);
      const below = index === 0 ? 0 : (chunks[index - 1] as Chunk).address;
      if (!chunk.read(this.#memory, length) || !isHead(chunk, below)) return index;
    }
    return chunks.length;
  }

  /** Reads again which frame runs; as {@link currentFrame}. */
  rereadCurrentFrame(): Address {
    if (!this.#memory.fetch(this.#threadState + this.#from, this.#span)) return -1;
    return this.#readCurrentFrame();
  }

  /** Whether `address` lies in a chunk of the copy. */
  contains(address: Address): boolean {
    for (const chunk of this.chunks) if (chunk.contains(address)) return true;
    return false;
  }

  /** From the thread state in the memory's scratch; 3.11 and 3.12 keep it one pointer further. */
  #readCurrentFrame(): Address {
    const { thread } = this.#layout;
    if (thread.cframe < 0) {
      const frame = this.#memory.pointerAt(thread.frame - this.#from);
      return frame === this.#baseFrame ? 0 : frame;
    }
    // Python/ceval.c points to a new _PyCFrame before it fills it: a moment in which its frame may be 0 or anything.
    let frame = this.#frameOfCframe();
    for (let again = 0; frame === 0 && again < 2; again++) {
      if (!this.#memory.fetch(this.#threadState + this.#from, this.#span)) return -1;
      frame = this.#frameOfCframe();
    }
    return frame;
  }

  #frameOfCframe(): Address {
    const cframe = this.#memory.pointerAt(this.#layout.thread.cframe - this.#from);
    const at = cframe + (this.#layout.structs['_PyCFrame']?.['current_frame'] ?? 0);
    return this.#memory.fetch(at, 8) ? this.#memory.pointerAt(0) : -1;
  }

  /** Follows the list of chunks from the newest one down. @returns the oldest first, undefined where it is garbage */
  #list(newest: Address): Chunk[] | undefined {
    const chunks: Chunk[] = [];
    const known = new Map<Address, Chunk>();
    let total = 0;
    for (let address = newest; address !== 0; ) {
      if (!isObjectAddress(address) || known.has(address)) return undefined;
      if (!this.#memory.fetch(address, chunkHeader)) return undefined;
      const size = this.#memory.pointerAt(8);
      total += size;
      if (total > largestStack || size < smallestChunk || (size & (size - 1)) !== 0) return undefined;
      const old = this.#known.get(address);
      const chunk = old?.size === size ? old : new Chunk(address, size);
      const previous = this.#memory.pointerAt(0);
      known.set(address, chunk);
      chunks.push(chunk);
      address = previous;
    }
    this.#known = known;
    return chunks.reverse();
  }
}

/** Whether the copy begins as this chunk's head: the chunk below it, and its size. */
function isHead({ copy, size }: Chunk, below: Address): boolean {
  const { words } = copy;
  return words[0] === below % 2 ** 32 && words[1] === Math.floor(below / 2 ** 32) && words[2] === size;
}
