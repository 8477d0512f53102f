/** How do nodes under construction become a tree? */
import { type CallNode, type FrameIdentity, mostSeconds } from './call-node.ts';
import type { CallMarks } from './call-walk.ts';
import type { StackIndex } from './stack-index.ts';

/** Identity of a leaf for time that is not shown. */
export const leftOutIdentity = -3;

/** What such a leaf is. */
export const leftOutFrame: FrameIdentity = {
  identifier: '[left out]',
  kind: 'self',
  functionName: '[left out]',
  file: null,
  firstLine: 0,
};

/** Nodes under construction, as columns; parents come before children, and node 0 is the root. */
export class NodeTable {
  readonly #parent: number[] = [];
  readonly #identity: number[] = [];
  readonly #time: number[] = [];
  readonly #absorbedTime: number[] = [];
  readonly #marks = new Map<number, CallMarks>();

  get length(): number {
    return this.#parent.length;
  }

  /** Seconds by node. */
  get times(): readonly number[] {
    return this.#time;
  }

  parentOf(node: number): number {
    return this.#parent[node] as number;
  }

  identityOf(node: number): number {
    return this.#identity[node] as number;
  }

  /** Adds a node without time and returns its number. */
  add(parent: number, identity: number): number {
    this.#parent.push(parent);
    this.#identity.push(identity);
    this.#absorbedTime.push(0);
    return this.#time.push(0) - 1;
  }

  addTime(node: number, seconds: number): void {
    (this.#time[node] as number) += seconds;
  }

  /** Counts time of a child that has no node. */
  absorb(node: number, seconds: number): void {
    (this.#absorbedTime[node] as number) += seconds;
  }

  addMarks(node: number, marks: CallMarks): void {
    const known = this.#marks.get(node);
    if (known === undefined) {
      this.#marks.set(node, marks);
      return;
    }
    known.hidden ||= marks.hidden;
    addSeconds(known.classSeconds, marks.classSeconds);
  }

  /**
   * The tree. Siblings come in the order in which they were added, or largest time first.
   * @param rootFrame what the root is when it is a joining one
   */
  finish(index: StackIndex, rootFrame: FrameIdentity, order: 'as added' | 'largest first'): CallNode | null {
    const children: CallNode[][] = this.#parent.map(() => []);
    let root: CallNode | null = null;
    for (let number = this.#parent.length - 1; number >= 0; number--) {
      const below = (children[number] as CallNode[]).reverse();
      if (order === 'largest first') sortByTime(below);
      const node = this.#node(number, index, rootFrame, below);
      children[number] = [];
      children[this.#parent[number] as number]?.push(node);
      root = node;
    }
    return root;
  }

  #node(number: number, index: StackIndex, rootFrame: FrameIdentity, children: readonly CallNode[]): CallNode {
    const identity = this.#identity[number] as number;
    const agreed = index.agreed[identity] ?? null;
    const marks = this.#marks.get(number);
    const classSeconds = marks?.classSeconds ?? null;
    return {
      frame: identity === leftOutIdentity ? leftOutFrame : (index.identities[identity] ?? rootFrame),
      className: classSeconds === null ? (agreed?.className ?? null) : mostSeconds(classSeconds),
      classSeconds,
      hidden: marks?.hidden ?? agreed?.hidden ?? false,
      time: this.#time[number] as number,
      absorbedTime: this.#absorbedTime[number] as number,
      children,
    };
  }
}

/** Adds the seconds of `more` to those of `sums`, key by key. */
export function addSeconds<Key>(sums: Map<Key, number>, more: ReadonlyMap<Key, number>): void {
  for (const [key, seconds] of more) sums.set(key, (sums.get(key) ?? 0) + seconds);
}

/** Largest time first; equal ones keep their order. */
export function sortByTime(nodes: CallNode[]): void {
  nodes.sort((a, b) => b.time - a.time);
}
