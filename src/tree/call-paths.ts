/** Which node is each call of a tree in which repeated calls are one? */
import { PairIndex } from '../util/pair-index.ts';
import { NodeTable } from './node-table.ts';
import type { NodeChooser } from './place-calls.ts';
import { type StackIndex, selfIdentity } from './stack-index.ts';

const none = -1;

/** A node for each path: the functions from the root down to a call. */
export class CallPaths implements NodeChooser {
  readonly nodes: NodeTable = new NodeTable();
  readonly #paths = new PairIndex();
  readonly #joinsRecursion: boolean;
  readonly #stackNode: Int32Array;
  /** By node: its `[self]` leaf, or none. */
  readonly #selfNode: number[] = [];

  /** @param joinsRecursion whether a function that calls itself directly is one node, which has the time of each level */
  constructor(index: StackIndex, joinsRecursion: boolean) {
    this.#joinsRecursion = joinsRecursion;
    this.#stackNode = new Int32Array(index.identity.length).fill(none);
  }

  /** Remembers the node of each stack: it can change only with the hide marks of callers. */
  nodeOf(parent: number, identity: number, stack: number): number {
    if (this.#joinsRecursion && parent >= 0 && this.nodes.identityOf(parent) === identity) return parent;
    if (stack < 0) return this.#child(parent, identity);
    const known = this.#stackNode[stack] as number;
    if (known !== none && this.nodes.parentOf(known) === parent) return known;
    const node = this.#child(parent, identity);
    this.#stackNode[stack] = node;
    return node;
  }

  selfOf(node: number): number {
    const known = this.#selfNode[node] as number;
    if (known !== none) return known;
    const leaf = this.#child(node, selfIdentity);
    this.#selfNode[node] = leaf;
    return leaf;
  }

  #child(parent: number, identity: number): number {
    const node = this.#paths.numberOf(parent, identity);
    if (node < this.nodes.length) return node;
    this.#selfNode.push(none);
    return this.nodes.add(parent, identity);
  }
}
