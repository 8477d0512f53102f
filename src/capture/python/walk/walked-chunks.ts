/** Which frames did each chunk of a deep stack contribute last time, and do they still stand? */
import type { Chunk } from './data-stack.ts';
import type { FrameView } from './frame-view.ts';

interface ChunkWalk {
  readonly chunk: Chunk;
  readonly from: number;
  readonly to: number;
  readonly isReusable: boolean;
}

/** What is remembered of the chunks of one thread's stack, from the bottom up, between one sample and the next. */
export class WalkedChunks {
  readonly #frames: readonly FrameView[];
  readonly #walks: ChunkWalk[] = [];

  /** @param frames those of the walker, which it keeps in place */
  constructor(frames: readonly FrameView[]) {
    this.#frames = frames;
  }

  /**
   * Notes what a chunk contributed, once its last frame has called the first one of the next chunk.
   * @param from position of its first frame on the stack
   * @param to position of the first frame of the next chunk
   */
  remember(index: number, chunk: Chunk, from: number, to: number): void {
    let isReusable = true;
    for (let at = from; at < to && isReusable; at++) {
      const frame = this.#frames[at] as FrameView;
      isReusable = !frame.inHeap && !frame.isInferred;
    }
    this.#walks[index] = { chunk, from, to, isReusable };
  }

  /**
   * Whether a chunk's bytes are those of the sample before: then its frames are still in place.
   * @param depth how many frames have been walked, one of the chunk at least
   * @returns position of the first frame of the next chunk; −1 where the chunk must be walked
   */
  reuse(index: number, chunk: Chunk, from: number, depth: number): number {
    const walk = this.#walks[index];
    if (!walk?.isReusable || walk.chunk !== chunk || walk.from !== from || depth > walk.to) return -1;
    if (!chunk.isUnchanged()) return -1;
    const last = this.#frames[walk.to - 1] as FrameView;
    last.copy = chunk.copy;
    return walk.to;
  }

  /** Forgets the chunk of that number and all above it. */
  forget(index: number): void {
    // Setting a length takes V8 longer than a whole frame, even where it stays the same.
    if (this.#walks.length > index) this.#walks.length = index;
  }
}
