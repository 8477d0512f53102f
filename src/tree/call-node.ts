/** What is a node of a call tree, and what follows from its numbers? */
import type { FrameKind } from '../session/session.ts';

/** `self` is time in the parent itself, `root` joins several outermost frames; neither was recorded as a frame. */
export type NodeKind = FrameKind | 'self' | 'root';

/** What makes two frames the same node: function, file and first line, whatever the class or the current line. */
export interface FrameIdentity {
  /** `FUNCTION NUL FILE NUL FIRSTLINE`, or the name alone where `file` is null. */
  readonly identifier: string;
  readonly kind: NodeKind;
  readonly functionName: string;
  /** As in `FrameInfo`. */
  readonly file: string | null;
  /** As in `FrameInfo`. */
  readonly firstLine: number;
}

/** One call, or many calls of the same function from the same place added together. */
export interface CallNode {
  readonly frame: FrameIdentity;
  /** The class in which the most time was spent; null where none is known. */
  readonly className: string | null;
  /** Seconds by class in order of first appearance; null where all samples of the function agree on the class. */
  readonly classSeconds: ReadonlyMap<string, number> | null;
  /** Whether any sample had a local `__tracebackhide__`. */
  readonly hidden: boolean;
  /** Seconds in this frame and below. */
  readonly time: number;
  /** The part of `time` that was spent in children which a processor took away. */
  readonly absorbedTime: number;
  /** How many levels of a function that calls itself directly are folded into this node; absent where it is one call. */
  readonly recursionLevels?: number;
  readonly children: readonly CallNode[];
}

/** The identity of every `[self]` leaf. */
export const selfFrame: FrameIdentity = {
  identifier: '[self]',
  kind: 'self',
  functionName: '[self]',
  file: null,
  firstLine: 0,
};

const syntheticKinds: ReadonlySet<NodeKind> = new Set(['self', 'root', 'await', 'out-of-context', 'not-sampled']);

/** Whether the node stands for time rather than for code. */
export function isSynthetic(node: CallNode): boolean {
  return syntheticKinds.has(node.frame.kind);
}

/** Whether samples that end in such a frame are all told by it, so that no `[self]` goes below. */
export function isTimeLeaf(kind: NodeKind): boolean {
  return kind === 'await' || kind === 'out-of-context' || kind === 'not-sampled';
}

/** Seconds not spent in children that are code: includes `[self]`, `[await]` and what was taken away. */
export function totalSelfTime(node: CallNode): number {
  let time = node.time;
  for (const child of node.children) if (!isSynthetic(child)) time -= child.time;
  return time;
}

/** How many frames on top of each other the node stands for. */
export function levelsOf(node: CallNode): number {
  return node.recursionLevels ?? 1;
}

/** `Class.function`, or the function alone where no class is known. */
export function displayName({ className, frame }: Pick<CallNode, 'className' | 'frame'>): string {
  return className === null ? frame.functionName : `${className}.${frame.functionName}`;
}

/** The key with the largest value; of equal ones the first. Null for an empty map. */
export function mostSeconds<Key>(seconds: ReadonlyMap<Key, number>): Key | null {
  let best: Key | null = null;
  let most = Number.NEGATIVE_INFINITY;
  for (const [key, value] of seconds) {
    if (value > most) [best, most] = [key, value];
  }
  return best;
}

/** Calls `visit` for every node, parents before children, siblings in order. Takes trees of any depth. */
export function visitNodes(root: CallNode, visit: (node: CallNode, parent: CallNode | null) => void): void {
  const nodes: CallNode[] = [root];
  const parents: (CallNode | null)[] = [null];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    visit(node, parents.pop() ?? null);
    for (let index = node.children.length - 1; index >= 0; index--) {
      nodes.push(node.children[index] as CallNode);
      parents.push(node);
    }
  }
}
