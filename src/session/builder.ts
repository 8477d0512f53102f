/** Builds a session sample by sample: interns frames and stacks, merges equal neighbours. */
import { Growable } from '../util/growable.ts';
import { PairIndex } from '../util/pair-index.ts';
import { type FrameIndex, noStack, type ProcessIndex, type StackIndex } from './ids.ts';
import type { FrameInfo, ProcessInfo, Session, SessionMeta, ThreadSamples } from './session.ts';

/** What identifies a thread; its samples come later. */
export type ThreadInfo = Pick<ThreadSamples, 'process' | 'tid' | 'ident' | 'name' | 'isMain' | 'start'>;

/** Adds the samples of one thread, in time order. */
export class ThreadBuilder {
  /** May be corrected until `finish`: names and idents become known late. */
  info: ThreadInfo;
  #sampleCount = 0;
  readonly #stack = new Growable(new Int32Array(64));
  readonly #weight = new Growable(new Float64Array(64));
  readonly #state = new Growable(new Uint8Array(64));

  constructor(info: ThreadInfo) {
    this.info = info;
  }

  /**
   * Adds `weight` seconds at `stack`.
   * @param looks how many times the thread was looked at for it: 0 where time is added without a look
   */
  add(stack: StackIndex, weight: number, state: number, looks = 1): void {
    this.#sampleCount += looks;
    const last = this.#stack.length - 1;
    if (last >= 0 && this.#stack.at(last) === stack && this.#state.at(last) === state) {
      this.#weight.addToLast(weight);
      return;
    }
    this.#append(stack, weight, state);
  }

  /** Adds a sample as a row of its own: for times whose sums must come out as if added one by one. */
  addRow(stack: StackIndex, weight: number, state: number): void {
    this.#sampleCount++;
    this.#append(stack, weight, state);
  }

  #append(stack: StackIndex, weight: number, state: number): void {
    this.#stack.push(stack);
    this.#weight.push(weight);
    this.#state.push(state);
  }

  finish(): ThreadSamples {
    return {
      ...this.info,
      sampleCount: this.#sampleCount,
      stack: this.#stack.finish(),
      weight: this.#weight.finish(),
      state: this.#state.finish(),
    };
  }
}

/** Collects one session. Indices it hands out stay valid in the finished value. */
export class SessionBuilder {
  readonly #frames: FrameInfo[] = [];
  readonly #frameOf = new Map<string, FrameIndex>();
  readonly #locations = new PairIndex();
  readonly #stacks = new PairIndex();
  readonly #locationFrame = new Growable(new Int32Array(256));
  readonly #locationLine = new Growable(new Int32Array(256));
  readonly #parent = new Growable(new Int32Array(256));
  readonly #location = new Growable(new Int32Array(256));
  readonly #threads: ThreadBuilder[] = [];
  readonly #processes: ProcessInfo[] = [];

  /** The number of an equal frame, or a new one. */
  frame(info: FrameInfo): FrameIndex {
    const key = JSON.stringify([info.kind, info.functionName, info.file, info.firstLine, info.className, info.hidden]);
    let index = this.#frameOf.get(key);
    if (index === undefined) {
      index = this.#frames.length as FrameIndex;
      this.#frames.push(info);
      this.#frameOf.set(key, index);
    }
    return index;
  }

  /** The number of a frame at a line (−1: unknown), for {@link child}. */
  location(frame: FrameIndex, line: number): number {
    const number = this.#locations.numberOf(frame, line);
    if (number === this.#locationFrame.length) {
      this.#locationFrame.push(frame);
      this.#locationLine.push(line);
    }
    return number;
  }

  /** The stack that has `location` on top of `parent`. Allocates only for a stack not met before. */
  child(parent: StackIndex, location: number): StackIndex {
    const number = this.#stacks.numberOf(parent, location);
    if (number === this.#parent.length) {
      this.#parent.push(parent);
      this.#location.push(location);
    }
    return number as StackIndex;
  }

  /** Interns a whole stack, outermost frame first. */
  stack(entries: Iterable<readonly [FrameIndex, number]>): StackIndex {
    let stack = noStack;
    for (const [frame, line] of entries) stack = this.child(stack, this.location(frame, line));
    return stack;
  }

  /** The stack below `stack`. */
  parentOf(stack: StackIndex): StackIndex {
    return this.#parent.at(stack) as StackIndex;
  }

  /** The location (see {@link location}) on top of `stack`. */
  locationOf(stack: StackIndex): number {
    return this.#location.at(stack);
  }

  /** The frame of a {@link location}. */
  frameAt(location: number): FrameInfo {
    return this.#frames[this.#locationFrame.at(location)] as FrameInfo;
  }

  /** The line of a {@link location}. */
  lineAt(location: number): number {
    return this.#locationLine.at(location);
  }

  /** How many stacks there are so far. */
  get stackCount(): number {
    return this.#parent.length;
  }

  addProcess(info: ProcessInfo): ProcessIndex {
    this.#processes.push(info);
    return (this.#processes.length - 1) as ProcessIndex;
  }

  /** Replaces what is known of a process. */
  setProcess(index: ProcessIndex, info: ProcessInfo): void {
    this.#processes[index] = info;
  }

  addThread(info: ThreadInfo): ThreadBuilder {
    const thread = new ThreadBuilder(info);
    this.#threads.push(thread);
    return thread;
  }

  finish(meta: SessionMeta): Session {
    const location = this.#location.finish();
    return {
      meta,
      frames: [...this.#frames],
      stacks: {
        parent: this.#parent.finish(),
        frame: location.map((number) => this.#locationFrame.at(number)),
        line: location.map((number) => this.#locationLine.at(number)),
      },
      processes: [...this.#processes],
      threads: this.#threads.map((thread) => thread.finish()),
    };
  }
}
