/** Where did a thread's time go? The tree of its samples with repeated calls added together. */
import type { Session, ThreadSamples } from '../session/session.ts';
import { PairIndex } from '../util/pair-index.ts';
import type { CallNode } from './call-node.ts';
import { type CallMarks, type CallVisitor, walkCalls } from './call-walk.ts';
import { NodeTable } from './node-table.ts';
import { isImportMachinery, type ReplacedFrames } from './processors/replaced-frames.ts';
import { rootDepth, type StackIndex, selfIdentity, stackIndex } from './stack-index.ts';
import { joiningRoot, rootFrame } from './timeline.ts';

const none = -1;

/**
 * Builds the tree of added-up calls, largest time first. Gives, to the last bit, what {@link buildTimeline} followed by
 * the processors removeImportlib and removeTracebackhide (as far as `replaced` asks for them), mergeConsecutiveSelfTime
 * and aggregateRepeatedCalls gives, but holds a node for each distinct call path only. Null without samples.
 */
export function buildCallTree(session: Session, thread: ThreadSamples, replaced: ReplacedFrames): CallNode | null {
  if (thread.stack.length === 0) return null;
  const index = stackIndex(session);
  const hiddenCalls = replaced.hidden ? findHiddenCalls(session, thread, index) : [];
  const builder = new CallTreeBuilder(index, rootDepth(index, thread), replaced, hiddenCalls);
  walkCalls(session, thread, builder);
  return builder.nodes.finish(index, rootFrame(session, thread), 'largest first');
}

/**
 * Whether each call of a function whose frames do not agree on the mark was seen with it, in the order in which such
 * calls begin: a mark belongs to a call as a whole, and is known only when the call ends.
 */
function findHiddenCalls(session: Session, thread: ThreadSamples, { agreed }: StackIndex): readonly boolean[] {
  const found: boolean[] = [];
  if (!session.frames.some((frame) => frame.hidden)) return found;
  const current: number[] = [];
  walkCalls(session, thread, {
    enter(depth, identity) {
      if (agreed[identity] === null) current[depth] = found.push(false) - 1;
    },
    leave(depth, _seconds, marks) {
      if (marks?.hidden) found[current[depth] as number] = true;
    },
    self() {},
  });
  return found;
}

class CallTreeBuilder implements CallVisitor {
  readonly nodes = new NodeTable();
  readonly #paths = new PairIndex();
  readonly #index: StackIndex;
  readonly #rootDepth: number;
  readonly #hiddenCalls: readonly boolean[];
  readonly #checksHidden: boolean;
  /** By identity. */
  readonly #isMachinery: readonly boolean[];
  readonly #stackNode: Int32Array;
  /** By node: its `[self]` leaf, or none. */
  readonly #selfNode: number[] = [];
  #disagreeing = 0;
  /** By depth: the call that stands in the tree for the current call there: itself, or where it is replaced a caller. */
  readonly #standIn: number[] = [];
  /** By depth: the node of that call. */
  readonly #node: number[] = [];
  /** By depth, of calls that stand for themselves: the `[self]` leaf that further time of its own joins, and its sum. */
  readonly #runNode: number[] = [];
  readonly #runSeconds: number[] = [];

  constructor(index: StackIndex, depth: number, replaced: ReplacedFrames, hiddenCalls: readonly boolean[]) {
    this.#index = index;
    this.#rootDepth = depth;
    this.#hiddenCalls = hiddenCalls;
    this.#checksHidden = replaced.hidden;
    this.#isMachinery = index.identities.map((frame) => replaced.importMachinery && isImportMachinery(frame));
    this.#stackNode = new Int32Array(index.identity.length).fill(none);
    if (depth === 0) this.#stand(0, this.#child(-1, joiningRoot));
  }

  enter(depth: number, identity: number, stack: number): void {
    const isHidden = this.#isHidden(identity);
    if (depth < this.#rootDepth) return;
    if (depth === this.#rootDepth) {
      this.#stand(depth, this.#nodeOf(stack, -1, identity));
    } else if (this.#isMachinery[identity] || isHidden) {
      this.#standIn[depth] = this.#standIn[depth - 1] as number;
      this.#node[depth] = this.#node[depth - 1] as number;
    } else {
      this.#endRun(this.#standIn[depth - 1] as number);
      this.#stand(depth, this.#nodeOf(stack, this.#node[depth - 1] as number, identity));
    }
  }

  leave(depth: number, seconds: number, marks: CallMarks | null): void {
    if (depth < this.#rootDepth || this.#standIn[depth] !== depth) return;
    const node = this.#node[depth] as number;
    this.#endRun(depth);
    this.nodes.addTime(node, seconds);
    if (marks !== null) this.nodes.addMarks(node, marks);
  }

  self(depth: number, seconds: number): void {
    const own = this.#standIn[depth] as number;
    if (this.#runNode[own] === none) {
      this.#runNode[own] = this.#selfOf(this.#node[own] as number);
      this.#runSeconds[own] = 0;
    }
    (this.#runSeconds[own] as number) += seconds;
  }

  /** Must be asked once for every call, in order. */
  #isHidden(identity: number): boolean {
    const agreed = this.#index.agreed[identity];
    const isMarked = agreed === null ? this.#hiddenCalls[this.#disagreeing++] : agreed?.hidden;
    return this.#checksHidden && (isMarked ?? false);
  }

  #stand(depth: number, node: number): void {
    this.#standIn[depth] = depth;
    this.#node[depth] = node;
    this.#runNode[depth] = none;
  }

  #endRun(depth: number): void {
    const node = this.#runNode[depth] as number;
    if (node === none) return;
    this.nodes.addTime(node, this.#runSeconds[depth] as number);
    this.#runNode[depth] = none;
  }

  /** As `#child`, but remembers the node of each stack: it can change only with the hide marks of callers. */
  #nodeOf(stack: number, parent: number, identity: number): number {
    const known = this.#stackNode[stack] as number;
    if (known !== none && this.nodes.parentOf(known) === parent) return known;
    const node = this.#child(parent, identity);
    this.#stackNode[stack] = node;
    return node;
  }

  #selfOf(node: number): number {
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
