/**
 * Coherent stacks of CPython 3.11+ from one unsynchronised copy of the data stack, walked from the bottom up. A frame's
 * own words say whether it is alive and whether it is inside a call, and the callable left on its value stack says whom
 * it called: so no read needs to be repeated, and no call is invented. docs/coherence.md explains the rules; rule 7, leaving
 * out the trampolines below `__init__`, is the reader's (`Code.isTrampoline`).
 */
import type { Address, ProcessMemory } from '../../memory/process-memory.ts';
import type { CCallees } from '../code/c-callee.ts';
import type { Code } from '../code/code.ts';
import type { CodeCache } from '../code/code-cache.ts';
import { type Instructions, trait } from '../code/instructions.ts';
import type { Layout } from '../objects/layout.ts';
import type { ObjectReader } from '../objects/objects.ts';
import { type Chunk, chunkHeader, DataStack } from './data-stack.ts';
import { FrameDecoder, FrameView } from './frame-view.ts';
import { HeapFrames } from './heap-frames.ts';
import type { SampledMoment } from './sampled-moment.ts';
import { VersionWitness } from './version-witness.ts';
import { WalkedChunks } from './walked-chunks.ts';

/** Most frames of a stack. CPython's own limits end earlier, unless a program lifts them. */
const mostFrames = 1_000_000;

/** Walks the stack of one thread. */
export class DataStackWalker {
  /** The frames of the last sample, outermost first; `depth` of them are valid until the next sample. */
  readonly frames: FrameView[] = [];
  depth = 0;
  readonly stack: DataStack;
  readonly #layout: Layout;
  readonly #decoder: FrameDecoder;
  readonly #heap: HeapFrames;
  readonly #witness: VersionWitness;
  readonly #reader: ObjectReader;
  readonly #codes: CodeCache;
  readonly #memory: ProcessMemory;
  readonly #callees: CCallees | undefined;
  readonly #walked = new WalkedChunks(this.frames);
  #functionType = 0;

  constructor(
    reader: ObjectReader,
    instructions: Instructions,
    codes: CodeCache,
    threadState: number,
    callees?: CCallees,
  ) {
    const { memory, layout } = reader;
    this.#callees = callees;
    this.#memory = memory;
    this.#layout = layout;
    this.#reader = reader;
    this.#codes = codes;
    this.stack = new DataStack(memory, layout, threadState);
    this.#decoder = new FrameDecoder(reader, codes);
    this.#heap = new HeapFrames(memory, layout, this.#decoder, reader);
    this.#witness = new VersionWitness(memory, layout, instructions);
  }

  get moment(): SampledMoment | undefined {
    return this.stack.moment;
  }

  set moment(moment: SampledMoment | undefined) {
    this.stack.moment = moment;
  }

  /** The object in slot `index` of a sampled frame; 0 where it is not known. */
  slot(frame: FrameView, index: number): number {
    return this.#decoder.slot(frame, index);
  }

  /**
   * Takes one sample into {@link frames}.
   * @param isAsleep the thread is known to stand still
   * @returns false where the stack could not be read whole; depth 0 where the thread runs no Python function
   */
  sample(isAsleep = false): boolean {
    this.depth = 0;
    this.#heap.isAsleep = isAsleep;
    if (!this.stack.read()) return this.#abandon();
    this.#codes.beginCopy();
    if (this.stack.wasReread) this.#walked.forget(0);
    const bottom = this.stack.chunks[0];
    if (bottom === undefined || this.stack.currentFrame === 0) return this.#idle();
    const first = this.#next();
    const at = chunkHeader + 8;
    if (!this.#decoder.decodeCopied(first, bottom.copy, at >> 2, bottom.address + at, true)) return this.#abandon();
    if (this.#decoder.isDead(first)) return this.#idle();
    this.depth = 1;
    return this.#walk(bottom.address + at + (first.code as Code).frameSize);
  }

  /** From the bottom frame, which ends at `start`, up to the leaf. False: more of a chunk is needed than was copied. */
  #walk(start: number): boolean {
    let top = start;
    let index = 0;
    let from = 0;
    let mayReuse = this.stack.chunks.length > 1;
    let resumed = 0;
    let mark = 0;
    while (this.depth < mostFrames) {
      const chunk = this.stack.chunks[index] as Chunk;
      const next = this.stack.chunks[index + 1];
      if (mayReuse && next) {
        const reused = this.#walked.reuse(index, chunk, from, this.depth);
        if (reused >= 0) {
          this.depth = reused;
          top = chunk.address + chunk.size;
        }
      }
      mayReuse = false;
      const caller = this.frames[this.depth - 1] as FrameView;
      const step = this.#step(caller, chunk, top, next);
      if (step === 'resumed') {
        // A generator cannot resume one that it runs in; what says so is garbage.
        const { address } = this.#top();
        if (address === mark) return this.#abandon();
        if ((++resumed & (resumed - 1)) === 0) mark = address;
        continue;
      }
      if (step === 'called') {
        top += (this.#top().code as Code).frameSize;
        continue;
      }
      if (step === 'cut') return this.#abandon();
      if (step === 'leaf') {
        this.#walked.forget(index);
        return true;
      }
      this.#walked.remember(index, chunk, from, this.depth - 1);
      from = this.depth - 1;
      index++;
      mayReuse = true;
      top = (next as Chunk).address + chunkHeader + (this.#top().code as Code).frameSize;
    }
    return true;
  }

  /** One frame further up, pushed where there is one: on the stack, in the next chunk, in the heap, or none. */
  #step(
    caller: FrameView,
    chunk: Chunk,
    top: number,
    next: Chunk | undefined,
  ): 'called' | 'resumed' | 'crossed' | 'leaf' | 'cut' {
    const across = next ? this.#decoder.previousAt(next.copy, chunkHeader >> 2) : 0;
    if (next && across === caller.address && this.#crossInto(next, caller)) return 'crossed';
    if (this.#resume(caller, chunk, top)) return 'resumed';
    const offset = top - chunk.address;
    let callee: FrameView | undefined;
    if (offset + this.#decoder.headerSize <= chunk.length) {
      callee = this.#next();
      if (!this.#decoder.decodeCopied(callee, chunk.copy, offset >> 2, top)) callee = undefined;
      else if (this.#isCall(caller, callee)) return 'called';
    } else if (offset + this.#decoder.headerSize <= chunk.size) return 'cut';
    if (next && this.#isOutside(across) && this.#crossInto(next, caller)) return 'crossed';
    if (this.#claim(caller, callee)) return 'leaf';
    return this.#findResumed(caller) ? 'resumed' : 'leaf';
  }

  /** Rule 2: a FOR_ITER or SEND with a stack pointer set is inside the generator on top of the value stack. */
  #resume(caller: FrameView, chunk: Chunk, top: number): boolean {
    if (caller.stackTop <= 0 || (caller.traits & trait.resumes) === 0 || caller.isInferred) return false;
    if (caller.inHeap && this.#isCalledFrom(caller, chunk, top)) return false;
    const { minor } = this.#layout;
    const view = this.#next();
    const found =
      this.#heap.resumedBy(caller, caller.stackTop - (minor >= 15 ? 2 : 1), view) ||
      (minor === 14 && caller.stackTop > 1 && this.#heap.resumedBy(caller, caller.stackTop - 2, view));
    if (found) this.depth++;
    return found;
  }

  /** 3.11: whether the frame at `top` is alive and was called, by way of C, by `caller`, a frame in the heap. */
  #isCalledFrom(caller: FrameView, chunk: Chunk, top: number): boolean {
    const offset = top - chunk.address;
    if (offset + this.#decoder.headerSize > chunk.length) return false;
    const view = this.#next();
    return (
      this.#decoder.decodeCopied(view, chunk.copy, offset >> 2, top) &&
      view.previous === caller.address &&
      view.isEntry &&
      !this.#decoder.isDead(view)
    );
  }

  /** Rule 3: the callee may be the first frame of the next chunk. */
  #crossInto(next: Chunk, caller: FrameView): boolean {
    const callee = this.#next();
    const address = next.address + chunkHeader;
    return this.#decoder.decodeCopied(callee, next.copy, chunkHeader >> 2, address) && this.#isCall(caller, callee);
  }

  /**
   * Rules 3–6 and 12: whether the frame after the last one is really its callee. If so it is pushed, with the frames of
   * generators between them.
   */
  #isCall(caller: FrameView, callee: FrameView): boolean {
    if (this.#decoder.isDead(callee)) return false;
    if (callee.previous !== caller.address) return this.#isCallback(caller, callee);
    // Rule 2, from the other side: FOR_ITER and SEND enter frames in the heap only. This one is still being made.
    if (!callee.isEntry && (caller.traits & trait.resumes) !== 0) return false;
    if (!caller.inHeap && !caller.isInferred) {
      const isInlined = !callee.isEntry;
      if ((isInlined && caller.stackTop < 0) || this.#decoder.isDead(caller)) return false;
      if (isInlined && (caller.traits & (trait.namesCallee | trait.versioned)) !== 0) {
        if (!this.#decoder.mayCall(caller, callee) || !this.#witness.agrees(caller, callee)) return false;
      }
    }
    this.depth++;
    return true;
  }

  /** Rule 3b: called from C, or by a generator that C resumed: shims and generator frames lie between. */
  #isCallback(caller: FrameView, callee: FrameView): boolean {
    if (!this.#isOutside(callee.previous)) return false;
    const { previous } = callee;
    const isDirect = this.#passes(caller, previous) && this.#heap.isDirect(caller, previous);
    if (!isDirect && !this.#heap.chainTo(caller, previous, callee, this.stack)) return false;
    this.#pushChain();
    // The callee sits where the first frame of the chain now is: put it on top.
    this.depth++;
    return true;
  }

  /** Whether `caller` is at an instruction that hands the generator whose frame is `frame` to C. */
  #passes(caller: FrameView, frame: Address): boolean {
    const generator = frame - this.#layout.generator.frame;
    if ((caller.traits & trait.call) !== 0)
      return (this.#callees?.passedBy(caller, this, (object) => object === generator) ?? 0) !== 0;
    return (caller.traits & trait.resumes) !== 0 && this.#heap.iteratedBy(caller) === generator;
  }

  /** Puts the chain found by {@link HeapFrames} between the last frame and the one after it. */
  #pushChain(): void {
    const { chain, chainLength } = this.#heap;
    if (chainLength === 0) return;
    const callee = this.frames[this.depth] as FrameView;
    for (let at = 0; at < chainLength; at++) {
      const free = this.frames[this.depth + at + 1] ?? new FrameView();
      this.frames[this.depth + at] = chain[at] as FrameView;
      chain[at] = free;
      this.frames[this.depth + at + 1] = callee;
    }
    this.depth += chainLength;
  }

  /**
   * Rules 9 and 11: the leaf says that it is inside a call, but what lies above it was copied later and fits no more. When
   * that is the callee just ended, or (up to 3.13) the value stack names a function, that was running.
   */
  #claim(leaf: FrameView, callee: FrameView | undefined): boolean {
    if (leaf.stackTop < 0 || leaf.inHeap || leaf.isInferred || (leaf.traits & trait.namesCallee) === 0) return false;
    if (this.#decoder.isDead(leaf)) return false;
    if (callee && callee.previous === leaf.address && this.#decoder.namesFunction(leaf, callee.function)) {
      if (!this.#witness.agrees(leaf, callee)) return true;
      this.depth++;
      return true;
    }
    if (this.#layout.minor > 13) return false;
    for (const slot of [leaf.stackTop, leaf.stackTop + 1]) {
      const code = this.#codeOfFunction(this.#decoder.slot(leaf, slot));
      if (!code || code.isGenerator) continue;
      this.#next().infer(code, 0, leaf.address, false);
      this.depth++;
      return true;
    }
    return false;
  }

  /**
   * Rule 8: a generator or coroutine that C resumed, and that calls nothing, leaves no trace in the copy. It is pushed where
   * the instruction that the leaf is at says that it runs, or the thread's current frame does.
   * @returns whether there may be more on top of it
   */
  #findResumed(leaf: FrameView): boolean {
    const isCall = (leaf.traits & trait.call) !== 0;
    // Up to 3.13 an iteration that is not specialised for generators resumes them through C.
    const iterates = !isCall && this.#layout.minor <= 13 && (leaf.traits & trait.resumes) !== 0;
    if (!(isCall || iterates) || leaf.isInferred || !leaf.copy) return false;
    const current = this.stack.currentFrame;
    const isOutside = this.#isOutside(current);
    if (iterates && isOutside) this.#heap.learnIterated(leaf, current);
    const resumed = iterates ? this.#heap.iteratedBy(leaf) : this.#resumedByCall(leaf, isOutside ? current : 0);
    if (this.#heap.resumedThroughC(leaf, resumed, this.#next())) {
      this.depth++;
      return true;
    }
    if (!isOutside || current === leaf.address) return false;
    if (this.stack.rereadCurrentFrame() !== current || !this.#heap.chainTo(leaf, current, undefined, this.stack))
      return false;
    const { chain, chainLength } = this.#heap;
    for (let at = 0; at < chainLength; at++) {
      const free = this.frames[this.depth] ?? new FrameView();
      this.frames[this.depth++] = chain[at] as FrameView;
      chain[at] = free;
    }
    return false;
  }

  /** The generator that a call resumes, as `next` does, or that it is passed while the frame of one runs, as by `sum`. */
  #resumedByCall(leaf: FrameView, outside: Address): Address {
    const resumed = this.#callees?.resumedBy(leaf, this) ?? 0;
    if (resumed !== 0 || !this.#heap.isGenerator(outside - this.#layout.generator.frame)) return resumed;
    return this.#callees?.passedBy(leaf, this, (object) => this.#heap.isGenerator(object)) ?? 0;
  }

  #isOutside(address: number): boolean {
    return address > 0 && !this.stack.contains(address);
  }

  #codeOfFunction(object: number): Code | undefined {
    const type = this.#reader.typeOf(object);
    if (type === 0) return undefined;
    if (this.#functionType === 0 && this.#reader.typeName(type) === 'function') this.#functionType = type;
    if (type !== this.#functionType) return undefined;
    return this.#codes.get(this.#memory.pointer(object + this.#layout.object.functionCode));
  }

  #idle(): true {
    this.#walked.forget(0);
    return true;
  }

  /** What is remembered of chunks fits only the copy right before this one. */
  #abandon(): false {
    this.#walked.forget(0);
    this.depth = 0;
    return false;
  }

  #top(): FrameView {
    return this.frames[this.depth - 1] as FrameView;
  }

  /** The view after the last frame: free for trying. */
  #next(): FrameView {
    let view = this.frames[this.depth];
    if (view === undefined) this.frames[this.depth] = view = new FrameView();
    return view;
  }
}
