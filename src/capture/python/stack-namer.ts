/** From the frames of a sample to a stack of the session: every place numbered once, then looked up by unit. */

import type { SessionBuilder } from '../../session/builder.ts';
import { type FrameIndex, noStack, type StackIndex } from '../../session/ids.ts';
import type { CCallees, SlotReader } from './code/c-callee.ts';
import type { Code } from './code/code.ts';
import { definingClass } from './code/defining-class.ts';
import type { ObjectReader } from './objects/objects.ts';
import type { FrameView } from './walk/frame-view.ts';

/** What walks a thread's stack. */
export interface Walker extends SlotReader {
  readonly frames: readonly FrameView[];
  readonly depth: number;
  /** @param isAsleep the thread is known to stand still, so that a close look is worth its time everywhere */
  sample(isAsleep?: boolean): boolean;
}

/** Names the stacks of one process. */
export class StackNamer {
  readonly #builder: SessionBuilder;
  readonly #reader: ObjectReader;
  readonly #callees: CCallees;
  readonly #calleeLocations = new Map<string, number>();

  constructor(builder: SessionBuilder, reader: ObjectReader, callees: CCallees) {
    this.#builder = builder;
    this.#reader = reader;
    this.#callees = callees;
  }

  /**
   * The session's stack for the walker's last sample, on top of `below`, from its frame `from` on. Allocates nothing for
   * a stack met before.
   */
  stackOf(walker: Walker, below: StackIndex = noStack, from = 0): StackIndex {
    let stack = below;
    for (let at = from; at < walker.depth; at++) {
      const frame = walker.frames[at] as FrameView;
      if ((frame.code as Code).isTrampoline) continue;
      stack = this.#builder.child(stack, this.#location(frame, walker));
    }
    const leaf = walker.frames[walker.depth - 1];
    const callee = leaf && this.#callees.calledBy(leaf, walker);
    return callee === undefined ? stack : this.#builder.child(stack, this.#calleeLocation(callee));
  }

  /** The outermost entry of `stack`, alone. */
  outermost(stack: StackIndex): StackIndex {
    let at = stack;
    while (at !== noStack) {
      const parent = this.#builder.parentOf(at);
      if (parent === noStack) break;
      at = parent;
    }
    return at;
  }

  /** The entry for time in which nobody looked, on top of `below`. */
  notSampled(below: StackIndex): StackIndex {
    const frame = this.#builder.frame({
      kind: 'not-sampled',
      functionName: '[not sampled]',
      file: null,
      firstLine: 0,
      className: null,
      hidden: false,
    });
    return this.#builder.child(below, this.#builder.location(frame, -1));
  }

  #location(frame: FrameView, slots: SlotReader): number {
    const code = frame.code as Code;
    const isHidden = code.hiddenLocal >= 0 && slots.slot(frame, code.hiddenLocal) !== 0;
    const locations = isHidden ? (code.hiddenLocations as Int32Array) : code.locations;
    const known = locations[frame.rawUnit + 1] as number;
    if (known >= 0) return known;
    const line = frame.rawUnit < 0 ? -1 : (code.lines[frame.rawUnit] as number);
    const location = this.#builder.location(
      this.#frame(code, frame, slots, isHidden),
      line < 0 ? code.firstLine : line,
    );
    if (code.className !== undefined) locations[frame.rawUnit + 1] = location;
    return location;
  }

  #frame(code: Code, frame: FrameView, slots: SlotReader, hidden: boolean): FrameIndex {
    if (code.className === undefined) code.className = definingClass(this.#reader, code, frame, slots);
    return this.#builder.frame({
      kind: 'python',
      functionName: code.name,
      file: code.file,
      firstLine: code.firstLine,
      className: code.className ?? null,
      hidden,
    });
  }

  #calleeLocation(name: string): number {
    let location = this.#calleeLocations.get(name);
    if (location === undefined) {
      const frame = this.#builder.frame({
        kind: 'builtin',
        functionName: name,
        file: '<built-in>',
        firstLine: 0,
        className: null,
        hidden: false,
      });
      location = this.#builder.location(frame, -1);
      this.#calleeLocations.set(name, location);
    }
    return location;
  }
}
