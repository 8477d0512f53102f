/** When does each call of a thread begin and end, as events of a speedscope profile? */
import { type CallNode, isTimeLeaf } from '../tree/call-node.ts';
import type { TimeOrder } from '../tree/time-order.ts';
import type { BoundedText } from './bounded-text.ts';
import type { SpeedscopeFrameTable } from './speedscope-frames.ts';

/** What the events do not say themselves. */
export interface EventClock {
  /** Seconds at which the tree begins. */
  readonly start: number;
  /** Whether a root that joins several outermost frames is a frame too, and not just the time around them. */
  readonly drawsRoot: boolean;
}

/** A call that has begun. */
interface OpenCall {
  readonly node: CallNode;
  /** Whether there are events for it. */
  readonly isDrawn: boolean;
  /** Whether its own time is drawn as `[self]`, beside what it called. */
  readonly drawsSelf: boolean;
  /** Position of the next child. */
  next: number;
}

/**
 * Writes the events of a tree, in order. Time that is not drawn passes where it was spent, so that what follows is at the
 * time at which it happened.
 * @returns the seconds at which the last call ends
 */
export function writeEvents(
  order: TimeOrder,
  clock: EventClock,
  frames: SpeedscopeFrameTable,
  text: BoundedText,
): number {
  const writer = new EventWriter(order, clock, frames, text);
  writer.writeTree();
  return writer.now;
}

class EventWriter {
  now: number;
  readonly #order: TimeOrder;
  readonly #drawsRoot: boolean;
  readonly #frames: SpeedscopeFrameTable;
  readonly #text: BoundedText;
  readonly #open: OpenCall[] = [];
  #separator = '';

  constructor(order: TimeOrder, clock: EventClock, frames: SpeedscopeFrameTable, text: BoundedText) {
    this.now = clock.start;
    this.#order = order;
    this.#drawsRoot = clock.drawsRoot;
    this.#frames = frames;
    this.#text = text;
  }

  writeTree(): void {
    this.#begin(this.#order.root);
    for (let call = this.#open.at(-1); call !== undefined; call = this.#open.at(-1)) {
      const child = call.node.children[call.next++];
      if (child === undefined) this.#end(call);
      else if (this.#isLeftOut(child, call)) this.#pass(child.time);
      else this.#begin(child);
    }
  }

  #begin(node: CallNode): void {
    const isDrawn = node.frame.kind !== 'root' || this.#drawsRoot;
    if (isDrawn) this.#write('O', node);
    const drawsSelf =
      isDrawn && node.children.some((child) => child.frame.kind !== 'self' && !this.#order.isLeftOut(child));
    this.#open.push({ node, isDrawn, drawsSelf, next: 0 });
  }

  #end({ node, isDrawn }: OpenCall): void {
    this.#pass(node.absorbedTime);
    if (node.frame.kind === 'self' || isTimeLeaf(node.frame.kind)) this.#pass(ownTime(node));
    if (isDrawn) this.#write('C', node);
    this.#open.pop();
  }

  #isLeftOut(child: CallNode, caller: OpenCall): boolean {
    return this.#order.isLeftOut(child) || (child.frame.kind === 'self' && !caller.drawsSelf);
  }

  /** Files from elsewhere may hold times whose sum is infinite. */
  #pass(seconds: number): void {
    this.now = Math.min(this.now + seconds, Number.MAX_VALUE);
  }

  #write(type: 'O' | 'C', node: CallNode): void {
    this.#text.add(`${this.#separator}{"type":"${type}","at":${this.now},"frame":${this.#frames.positionOf(node)}}`);
    this.#separator = ',';
  }
}

/** What is told neither by children nor as absorbed. */
function ownTime(node: CallNode): number {
  return Math.max(
    0,
    node.children.reduce((rest, child) => rest - child.time, node.time - node.absorbedTime),
  );
}
