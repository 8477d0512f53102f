/** Which calls stand in a tree, once some frames have given way to what they call? Between the walk and the nodes. */
import type { Session, ThreadSamples } from '../session/session.ts';
import { type CallMarks, type CallVisitor, walkCalls } from './call-walk.ts';
import type { NodeTable } from './node-table.ts';
import { isImportMachinery, type ReplacedFrames } from './processors/replaced-frames.ts';
import { rootDepth, type StackIndex, stackIndex } from './stack-index.ts';

/** Identity of a root that joins several outermost frames. */
export const joiningRoot = -1;

/** In place of a node: the call has none, and nor has anything below it. */
export const leftOut = -2;

const none = -1;

/** Says which node a call is. */
export interface NodeChooser {
  readonly nodes: NodeTable;
  /**
   * The node of a call that begins, or {@link leftOut}.
   * @param parent its caller's, −1 for the root, which is never left out
   * @param stack where it was first seen, −1 for a joining root
   */
  nodeOf(parent: number, identity: number, stack: number): number;
  /** The `[self]` leaf for time of the call's own that nothing comes between, or {@link leftOut}. */
  selfOf(node: number): number;
  /** Is told of the time of what is left out, when it is over. Needed where something is. */
  leaveOut?(parent: number, seconds: number): void;
}

/**
 * Feeds a thread's calls to `chooser`, and the nodes with their times. Frames in `replaced` give way to what they call, and
 * their own time is that of their callers; neighbouring time of a call's own is one sum.
 */
export function placeCalls(
  session: Session,
  thread: ThreadSamples,
  replaced: ReplacedFrames,
  chooser: NodeChooser,
): void {
  const index = stackIndex(session);
  const hiddenCalls = replaced.hidden ? findHiddenCalls(session, thread, index) : [];
  walkCalls(session, thread, new CallPlacer(index, rootDepth(index, thread), replaced, hiddenCalls, chooser));
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

class CallPlacer implements CallVisitor {
  readonly #chooser: NodeChooser;
  readonly #nodes: NodeTable;
  readonly #index: StackIndex;
  readonly #rootDepth: number;
  readonly #hiddenCalls: readonly boolean[];
  readonly #checksHidden: boolean;
  /** By identity. */
  readonly #isMachinery: readonly boolean[];
  #disagreeing = 0;
  /** By depth: the call that stands in the tree for the current call there: itself, or where it is replaced a caller. */
  readonly #standIn: number[] = [];
  /** By depth: the node of that call, or `leftOut`. */
  readonly #node: number[] = [];
  /** By depth, of calls that stand for themselves: the `[self]` leaf that further time of its own joins, and its sum. */
  readonly #runNode: number[] = [];
  readonly #runSeconds: number[] = [];

  constructor(
    index: StackIndex,
    depth: number,
    replaced: ReplacedFrames,
    hiddenCalls: readonly boolean[],
    chooser: NodeChooser,
  ) {
    this.#chooser = chooser;
    this.#nodes = chooser.nodes;
    this.#index = index;
    this.#rootDepth = depth;
    this.#hiddenCalls = hiddenCalls;
    this.#checksHidden = replaced.hidden;
    this.#isMachinery = index.identities.map((frame) => replaced.importMachinery && isImportMachinery(frame));
    if (depth === 0) this.#stand(0, chooser.nodeOf(-1, joiningRoot, -1));
  }

  enter(depth: number, identity: number, stack: number): void {
    const isHidden = this.#isHidden(identity);
    if (depth < this.#rootDepth) return;
    if (depth === this.#rootDepth) {
      this.#stand(depth, this.#chooser.nodeOf(-1, identity, stack));
      return;
    }
    const parent = this.#node[depth - 1] as number;
    if (this.#isMachinery[identity] || isHidden) {
      this.#standIn[depth] = this.#standIn[depth - 1] as number;
      this.#node[depth] = parent;
    } else if (parent === leftOut) {
      this.#stand(depth, leftOut);
    } else {
      this.#endRun(this.#standIn[depth - 1] as number);
      this.#stand(depth, this.#chooser.nodeOf(parent, identity, stack));
    }
  }

  leave(depth: number, seconds: number, marks: CallMarks | null): void {
    if (depth < this.#rootDepth || this.#standIn[depth] !== depth) return;
    const node = this.#node[depth] as number;
    if (node === leftOut) {
      const parent = this.#node[depth - 1] as number;
      if (parent !== leftOut) this.#chooser.leaveOut?.(parent, seconds);
      return;
    }
    this.#endRun(depth);
    this.#nodes.addTime(node, seconds);
    if (marks !== null) this.#nodes.addMarks(node, marks);
  }

  self(depth: number, seconds: number): void {
    const own = this.#standIn[depth] as number;
    if (this.#runNode[own] === none) {
      const node = this.#node[own] as number;
      if (node === leftOut) return;
      this.#runNode[own] = this.#chooser.selfOf(node);
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
    const seconds = this.#runSeconds[depth] as number;
    if (node === leftOut) this.#chooser.leaveOut?.(this.#node[depth] as number, seconds);
    else this.#nodes.addTime(node, seconds);
    this.#runNode[depth] = none;
  }
}
