/** Who waits while an event loop is idle? Its main task: the stack of a thread that sleeps in a loop ends in awaits. */
import type { Address } from '../../memory/process-memory.ts';
import type { Code } from '../code/code.ts';
import type { CodeCache } from '../code/code-cache.ts';
import type { Instructions } from '../code/instructions.ts';
import type { ObjectReader } from '../objects/objects.ts';
import type { FrameStack } from '../stack-namer.ts';
import type { FrameView } from '../walk/frame-view.ts';
import { AwaitChain } from './await-chain.ts';
import { LoopFrames, type LoopFunction } from './loop-frames.ts';
import { Tasks } from './tasks.ts';
import { TrioRunner } from './trio-runner.ts';

/** Frames between a round of a loop and the call that runs it for a main task. */
const mostBetween = 8;

/** Finds the waiting main tasks of one process. What it gives is valid until it is asked again. */
export class IdleLoops {
  readonly #loops: LoopFrames;
  readonly #tasks: Tasks;
  readonly #trio: TrioRunner;
  readonly #chain: AwaitChain;
  readonly #waiting: WaitingStack;

  constructor(reader: ObjectReader, instructions: Instructions, codes: CodeCache) {
    this.#loops = new LoopFrames(reader, codes);
    this.#tasks = new Tasks(reader);
    this.#trio = new TrioRunner(reader, instructions, codes);
    this.#chain = new AwaitChain(reader, instructions, codes);
    this.#waiting = new WaitingStack(this.#chain);
  }

  /**
   * The stack that a sleeping thread's main task would have, did it run where it waits.
   * @param sampled the thread's own stack, just read
   * @returns undefined where the thread does not sleep in a loop that runs for a task, or that task does not wait
   */
  waiting(sampled: FrameStack): FrameStack | undefined {
    const leaf = sampled.depth - 1;
    if (leaf < 0) return undefined;
    const { role } = this.#at(sampled, leaf);
    switch (role) {
      case 'runner':
        return this.#inTask(sampled, leaf, leaf);
      case 'turn':
        return this.#inTurn(sampled, leaf);
      case 'select':
        return this.#inTurn(sampled, leaf - 1);
      case 'trio-select':
        return this.#inTrio(sampled, leaf - 1);
      default:
        return undefined;
    }
  }

  /** Whether what these frames do is done for an event loop. */
  isInLoop(sampled: FrameStack): boolean {
    for (let at = 0; at < sampled.depth; at++) if (this.#at(sampled, at).role !== undefined) return true;
    return false;
  }

  /** asyncio's own loop. */
  #inTurn(sampled: FrameStack, turn: number): FrameStack | undefined {
    if (turn < 0 || this.#at(sampled, turn).role !== 'turn') return undefined;
    for (let at = turn - 1; at >= 0 && at >= turn - mostBetween; at--) {
      if (this.#at(sampled, at).role === 'until') return this.#inTask(sampled, at, turn);
    }
    return undefined;
  }

  /**
   * @param at position of the frame that has the main task, or its coroutine
   * @param turn position of the last frame of the loop
   */
  #inTask(sampled: FrameStack, at: number, turn: number): FrameStack | undefined {
    const [slot = -1] = this.#at(sampled, at).slots;
    const object = sampled.slot(sampled.frames[at] as FrameView, slot);
    const coroutine = this.#tasks.coroutineOf(object) || object;
    if (this.#chain.follow(coroutine) !== 'awaiting') return undefined;
    const callback = at === turn ? undefined : this.#loops.callback(sampled.frames[turn] as FrameView);
    return this.#waiting.fill(sampled, turn + 1, callback);
  }

  #inTrio(sampled: FrameStack, at: number): FrameStack | undefined {
    if (at < 0) return undefined;
    const { role, slots } = this.#at(sampled, at);
    if (role !== 'trio') return undefined;
    const [runner = 0, generator = 0] = slots.map((slot) => sampled.slot(sampled.frames[at] as FrameView, slot));
    if (this.#chain.follow(this.#trio.mainCoroutine(runner)) !== 'awaiting') return undefined;
    return this.#waiting.fill(sampled, at + 1, this.#trio.turn(generator));
  }

  #at(sampled: FrameStack, at: number): LoopFunction {
    return this.#loops.of((sampled.frames[at] as FrameView).code as Code);
  }
}

/** Frames of a stack, and those of a chain of awaits on top of them. */
class WaitingStack implements FrameStack {
  readonly frames: FrameView[] = [];
  depth = 0;
  readonly #chain: AwaitChain;
  #sampled: FrameStack | undefined;
  #below = 0;

  constructor(chain: AwaitChain) {
    this.#chain = chain;
  }

  slot(frame: FrameView, index: number): Address {
    const isBelow = this.#sampled !== undefined && this.frames.indexOf(frame) < this.#below;
    return isBelow ? (this.#sampled as FrameStack).slot(frame, index) : this.#chain.slot(frame, index);
  }

  /** @param between a frame of the loop that stands there while a task runs */
  fill(sampled: FrameStack, below: number, between: FrameView | undefined): this {
    this.#sampled = sampled;
    this.#below = below;
    this.depth = 0;
    for (let at = 0; at < below; at++) this.frames[this.depth++] = sampled.frames[at] as FrameView;
    if (between !== undefined) this.frames[this.depth++] = between;
    for (let at = 0; at < this.#chain.depth; at++) this.frames[this.depth++] = this.#chain.frames[at] as FrameView;
    return this;
  }
}
