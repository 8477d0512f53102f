/** Where did the time go, all calls of the same path together? Boxes with the largest to the left. */
import type { ThreadSamples } from '../../../src/session/session.ts';
import { Growable } from '../../../src/util/growable.ts';
import { PairIndex } from '../../../src/util/pair-index.ts';
import { emptyIcicle, type Icicle } from './icicle.ts';
import { LevelBuilder } from './level-builder.ts';
import type { ShownStacks } from './shown-stacks.ts';

const none = -1;

/** Steps between two looks at the clock. */
const stepsAtOnce = 4096;

/** A thread, and its stacks as they are drawn. */
export interface FlameThread {
  readonly name: string;
  readonly thread: Pick<ThreadSamples, 'stack' | 'weight'>;
  readonly stacks: ShownStacks;
}

/**
 * The added-up boxes of some threads. Where there are several, each has a box of its own above. A generator that yields
 * the part that is done, 0 to 1.
 * @param isInverted innermost frames on top, their callers below
 */
export function* layOutFlame(threads: readonly FlameThread[], isInverted: boolean): Generator<number, Icicle> {
  const tree = new PathTree();
  let sum = 0;
  for (const [position, { thread, stacks }] of threads.entries()) {
    const root = threads.length > 1 ? tree.child(none, -1 - position) : none;
    const own = yield* ownSeconds(thread, stacks, (seconds) => {
      sum += seconds;
      if (root !== none) tree.add(root, seconds);
    });
    yield* isInverted ? addInverted(tree, root, own, stacks) : addPaths(tree, root, own, stacks);
  }
  if (tree.length === 0 && sum === 0) return emptyIcicle;
  const names = threads.length > 1 ? threads.map(({ name }) => name) : [];
  const recursion = new Map(threads.flatMap(({ stacks }) => [...stacks.recursion]));
  return { ...(yield* layOutTree(tree, sum)), names, recursion };
}

/** Seconds by drawn stack. */
function* ownSeconds(
  { stack, weight }: FlameThread['thread'],
  stacks: ShownStacks,
  count: (seconds: number) => void,
): Generator<number, Float64Array> {
  const own = new Float64Array(stacks.shown.length);
  for (let row = 0; row < stack.length; row++) {
    const number = stack[row] as number;
    const seconds = weight[row] as number;
    count(seconds);
    const shown = number < 0 ? none : (stacks.shown[number] as number);
    if (shown >= 0) (own[shown] as number) += seconds;
    if (row % (stepsAtOnce * 4) === 0) yield (row / stack.length) * 0.3;
  }
  return own;
}

/** Callers have lower numbers than what they call, so one pass makes the paths and one adds up their times. */
function* addPaths(tree: PathTree, root: number, own: Float64Array, stacks: ShownStacks): Generator<number, void> {
  const { caller, shown, identity } = stacks;
  const total = own.slice();
  for (let stack = total.length - 1; stack >= 0; stack--) {
    const above = caller[stack] as number;
    if (above >= 0 && shown[stack] === stack) (total[above] as number) += total[stack] as number;
  }
  const node = new Int32Array(total.length);
  for (let stack = 0; stack < total.length; stack++) {
    if (stack % stepsAtOnce === 0) yield 0.3 + (stack / total.length) * 0.3;
    const seconds = total[stack] as number;
    if (seconds <= 0 || shown[stack] !== stack) continue;
    const above = caller[stack] as number;
    node[stack] = tree.child(above < 0 ? root : (node[above] as number), identity[stack] as number);
    tree.add(node[stack] as number, seconds);
  }
}

function* addInverted(tree: PathTree, root: number, own: Float64Array, stacks: ShownStacks): Generator<number, void> {
  const { caller, identity } = stacks;
  let steps = 0;
  for (let stack = 0; stack < own.length; stack++) {
    const seconds = own[stack] as number;
    if (seconds <= 0) continue;
    let node = root;
    for (let at = stack; at >= 0; at = caller[at] as number) {
      node = tree.child(node, identity[at] as number);
      tree.add(node, seconds);
      if (++steps % stepsAtOnce === 0) yield 0.3 + (stack / own.length) * 0.3;
    }
  }
}

/** Distinct paths, as columns; a path has a higher number than those it goes on from. */
class PathTree {
  readonly parent = new Growable(new Int32Array(256));
  readonly of = new Growable(new Int32Array(256));
  #seconds = new Float64Array(256);
  readonly #numbers = new PairIndex();

  get length(): number {
    return this.parent.length;
  }

  /** The path that goes on from `parent` with a function, or with a name where `of` is negative. */
  child(parent: number, of: number): number {
    // Numbers of pairs are not negative; names and functions must not fall together.
    const number = this.#numbers.numberOf(parent + 1, of < 0 ? -of * 2 - 1 : of * 2);
    if (number < this.parent.length) return number;
    this.parent.push(parent);
    this.of.push(of);
    if (number === this.#seconds.length) {
      const larger = new Float64Array(number * 2);
      larger.set(this.#seconds);
      this.#seconds = larger;
    }
    return number;
  }

  add(node: number, seconds: number): void {
    (this.#seconds[node] as number) += seconds;
  }

  secondsOf(node: number): number {
    return this.#seconds[node] as number;
  }
}

/** Puts the paths side by side: below each, what goes on from it, the largest first, then its own time. */
function* layOutTree(tree: PathTree, sum: number): Generator<number, Pick<Icicle, 'edges' | 'levels'>> {
  const { firstChild, nextSibling, roots } = yield* largestFirst(tree);
  const levels = new LevelBuilder();
  const edges = new Growable(new Float64Array(256));
  // Every path begins at an edge; boxes that end where it begins have no edge of their own.
  const open: { readonly node: number; readonly row: number; readonly end: number }[] = [];
  let [moment, visited, next] = [0, 0, roots];
  while (next >= 0 || open.length > 0) {
    if (next >= 0) {
      const seconds = tree.secondsOf(next);
      open.push({ node: next, row: edgeAt(edges, moment), end: moment + seconds });
      next = firstChild[next] as number;
      if (++visited % stepsAtOnce === 0) yield 0.7 + (visited / tree.length) * 0.3;
      continue;
    }
    const ended = open.pop();
    if (ended === undefined) break;
    // Sums of parts may differ from the whole in the last bits.
    const limit = open.at(-1)?.end ?? Number.POSITIVE_INFINITY;
    moment = Math.min(limit, Math.max(moment, ended.end));
    const row = edgeAt(edges, moment);
    // Too short to be told from nothing.
    if (row > ended.row) levels.add(open.length, ended.row, row, tree.of.at(ended.node));
    next = nextSibling[ended.node] as number;
  }
  edgeAt(edges, Math.max(sum, moment));
  return { edges: edges.finish(), levels: levels.finish() };
}

/** The number of the edge at a moment, which is not before the last one. */
function edgeAt(edges: Growable<Float64Array>, moment: number): number {
  const last = edges.length - 1;
  if (last >= 0 && edges.at(last) === moment) return last;
  edges.push(moment);
  return last + 1;
}

interface Order {
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** The first path that goes on from none; −1 where there are no paths. */
  readonly roots: number;
}

/** Threads siblings into chains, the largest first; of equal ones the one met first. */
function* largestFirst(tree: PathTree): Generator<number, Order> {
  const { length } = tree;
  const firstChild = new Int32Array(length).fill(none);
  const nextSibling = new Int32Array(length).fill(none);
  let roots = none;
  // Chains in the order in which paths were met.
  for (let node = length - 1; node >= 0; node--) {
    const parent = tree.parent.at(node);
    nextSibling[node] = parent < 0 ? roots : (firstChild[parent] as number);
    if (parent < 0) roots = node;
    else firstChild[parent] = node;
  }
  const sort = (first: number): number => sortChain(tree, nextSibling, first);
  roots = sort(roots);
  for (let node = 0; node < length; node++) {
    const first = firstChild[node] as number;
    if (first >= 0 && nextSibling[first] !== none) firstChild[node] = sort(first);
    if (node % stepsAtOnce === 0) yield 0.6 + (node / length) * 0.1;
  }
  return { firstChild, nextSibling, roots };
}

/** @returns the first of the chain, once it is sorted */
function sortChain(tree: PathTree, nextSibling: Int32Array, first: number): number {
  const chain: number[] = [];
  for (let node = first; node >= 0; node = nextSibling[node] as number) chain.push(node);
  chain.sort((a, b) => tree.secondsOf(b) - tree.secondsOf(a) || a - b);
  chain.forEach((node, index) => {
    nextSibling[node] = chain[index + 1] ?? none;
  });
  return chain[0] ?? none;
}
