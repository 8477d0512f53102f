/** From the frames of a sample to a stack of the session: every place numbered once, then looked up by unit. */

import type { SessionBuilder } from '../../session/builder.ts';
import { type FrameIndex, noStack, type StackIndex } from '../../session/ids.ts';
import type { FrameKind } from '../../session/session.ts';
import type { CCallees, SlotReader } from './code/c-callee.ts';
import type { Code } from './code/code.ts';
import { definingClass } from './code/defining-class.ts';
import type { ObjectReader } from './objects/objects.ts';
import type { FrameView } from './walk/frame-view.ts';
import type { SampledMoment } from './walk/sampled-moment.ts';

/** Frames of a stack, outermost first; `depth` of them are valid. */
export interface FrameStack extends SlotReader {
  readonly frames: readonly FrameView[];
  readonly depth: number;
}

/** What walks a thread's stack. */
export interface Walker extends FrameStack {
  moment: SampledMoment | undefined;
  /** @param isAsleep the thread is known to stand still, so that a close look is worth its time everywhere */
  sample(isAsleep?: boolean): boolean;
}

type Mark = Extract<FrameKind, 'await' | 'out-of-context' | 'not-sampled'>;

const markNames: Readonly<Record<Mark, string>> = {
  await: '[await]',
  'out-of-context': '[out-of-context]',
  'not-sampled': '[not sampled]',
};

/** Names the stacks of one process. */
export class StackNamer {
  readonly #builder: SessionBuilder;
  readonly #reader: ObjectReader;
  readonly #callees: CCallees;
  readonly #calleeLocations = new Map<string, number>();
  readonly #marks = new Map<Mark, number>();

  constructor(builder: SessionBuilder, reader: ObjectReader, callees: CCallees) {
    this.#builder = builder;
    this.#reader = reader;
    this.#callees = callees;
  }

  /**
   * The session's stack for these frames, on top of `below`, from its frame `from` on and up to frame `to`, which is not part
   * of it. Allocates nothing for a stack met before.
   */
  stackOf(frames: FrameStack, below: StackIndex = noStack, from = 0, to: number = frames.depth): StackIndex {
    let stack = below;
    for (let at = from; at < to; at++) {
      const frame = frames.frames[at] as FrameView;
      if ((frame.code as Code).isTrampoline) continue;
      stack = this.#builder.child(stack, this.#location(frame, frames));
    }
    const leaf = to < frames.depth ? undefined : frames.frames[to - 1];
    const callee = leaf && this.#callees.calledBy(leaf, frames);
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
    return this.mark('not-sampled', below);
  }

  /** An entry that stands for time rather than for code, on top of `below`. */
  mark(kind: Mark, below: StackIndex): StackIndex {
    let location = this.#marks.get(kind);
    if (location === undefined) {
      const frame = this.#builder.frame({
        kind,
        functionName: markNames[kind],
        file: null,
        firstLine: 0,
        className: null,
        hidden: false,
      });
      location = this.#builder.location(frame, -1);
      this.#marks.set(kind, location);
    }
    return this.#builder.child(below, location);
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
