/** Which functions took the time themselves, and who called them? The tree upside down, made as far as it is looked at. */
import type { Session, ThreadSamples } from '../../src/session/session.ts';
import type { CallNode, FrameIdentity } from '../../src/tree/call-node.ts';
import { isImportMachinery, type ReplacedFrames } from '../../src/tree/processors/replaced-frames.ts';
import { type StackIndex, stackIndex } from '../../src/tree/stack-index.ts';
import { stackTimes } from '../../src/tree/stack-times.ts';
import { rootFrame } from '../../src/tree/timeline.ts';

const none = -1;

/** What to leave out. */
export interface InvertedOptions {
  readonly replaced: ReplacedFrames;
  /** Least share of the whole, 0 to 1. */
  readonly threshold: number;
}

/** Times of a thread by innermost frame; the children of a node are those who called it. Null without samples. */
export function buildInvertedTree(session: Session, thread: ThreadSamples, options: InvertedOptions): CallNode | null {
  if (thread.stack.length === 0) return null;
  const { own, isSeen, sum } = stackTimes(session, [thread]);
  const tree = new InvertedTree(session, sum * options.threshold, options.replaced);
  const leaves: Part[] = [];
  own.forEach((seconds, stack) => {
    if (seconds > 0 && isSeen[stack] === 1) leaves.push({ stack: tree.shown(stack), seconds });
  });
  return new InvertedNode(tree, rootFrame(session, thread), null, sum, leaves);
}

/** Samples that agree on the innermost frames, down to `stack`, which comes next; −1 where they end. */
interface Part {
  readonly stack: number;
  readonly seconds: number;
}

class InvertedTree {
  readonly index: StackIndex;
  readonly leastSeconds: number;
  readonly #session: Session;
  readonly #replaced: ReplacedFrames;

  constructor(session: Session, leastSeconds: number, replaced: ReplacedFrames) {
    this.index = stackIndex(session);
    this.leastSeconds = leastSeconds;
    this.#session = session;
    this.#replaced = replaced;
  }

  callerOf(stack: number): number {
    return this.shown(this.#session.stacks.parent[stack] as number);
  }

  /** The stack itself, or the nearest of its callers whose innermost frame is not left out. */
  shown(stack: number): number {
    let at = stack;
    while (at >= 0 && this.#isReplaced(at)) at = this.#session.stacks.parent[at] as number;
    return at;
  }

  classOf(stack: number): string | null {
    return this.#session.frames[this.#session.stacks.frame[stack] as number]?.className ?? null;
  }

  #isReplaced(stack: number): boolean {
    const { frames, stacks } = this.#session;
    const identity = this.index.identities[this.index.identity[stack] as number];
    if (this.#replaced.hidden && frames[stacks.frame[stack] as number]?.hidden) return true;
    return this.#replaced.importMachinery && identity !== undefined && isImportMachinery(identity);
  }
}

class InvertedNode implements CallNode {
  readonly frame: FrameIdentity;
  readonly className: string | null;
  readonly classSeconds = null;
  readonly hidden = false;
  readonly time: number;
  readonly absorbedTime = 0;
  readonly #tree: InvertedTree;
  readonly #parts: readonly Part[];
  #children: readonly CallNode[] | undefined;

  constructor(
    tree: InvertedTree,
    frame: FrameIdentity,
    className: string | null,
    time: number,
    parts: readonly Part[],
  ) {
    this.#tree = tree;
    this.frame = frame;
    this.className = className;
    this.time = time;
    this.#parts = parts;
  }

  get children(): readonly CallNode[] {
    this.#children ??= this.#findChildren();
    return this.#children;
  }

  #findChildren(): readonly CallNode[] {
    const { index, leastSeconds } = this.#tree;
    const byIdentity = new Map<number, { seconds: number; readonly first: number; readonly parts: Part[] }>();
    for (const { stack, seconds } of this.#parts) {
      if (stack === none) continue;
      const identity = index.identity[stack] as number;
      const group = byIdentity.get(identity) ?? { seconds: 0, first: stack, parts: [] };
      byIdentity.set(identity, group);
      group.seconds += seconds;
      group.parts.push({ stack: this.#tree.callerOf(stack), seconds });
    }
    return [...byIdentity]
      .filter(([, { seconds }]) => seconds >= leastSeconds)
      .sort(([, a], [, b]) => b.seconds - a.seconds)
      .flatMap(([identity, { seconds, first, parts }]) => {
        const frame = index.identities[identity];
        return frame === undefined
          ? []
          : [new InvertedNode(this.#tree, frame, this.#tree.classOf(first), seconds, parts)];
      });
  }
}
