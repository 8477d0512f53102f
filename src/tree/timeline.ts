/** Which call happened when? The tree of a thread's samples in the order of time. */
import type { Session, ThreadSamples } from '../session/session.ts';
import type { CallNode, FrameIdentity } from './call-node.ts';
import { type CallMarks, type CallVisitor, walkCalls } from './call-walk.ts';
import { NodeTable } from './node-table.ts';
import { joiningRoot } from './place-calls.ts';
import { rootDepth, selfIdentity, stackIndex } from './stack-index.ts';

/**
 * Builds the chronological tree: a call is a node for as long as it lasts, and every sample leaves a `[self]` leaf, unless
 * its innermost frame stands for time itself. The stack that started the recording is trimmed away (pyinstrument 5.1.3
 * behaviour). Null without samples. One node for each call and sample, so that it says what other builders must agree with
 * rather than what to use: {@link buildShownTimeline} holds what is shown, {@link buildCallTree} one node for each path.
 */
export function buildTimeline(session: Session, thread: ThreadSamples): CallNode | null {
  const index = stackIndex(session);
  const builder = new TimelineBuilder(rootDepth(index, thread));
  if (thread.stack.length > 0) walkCalls(session, thread, builder);
  return builder.nodes.finish(index, rootFrame(session, thread), 'as added');
}

/** What joins several outermost frames: the thread, or, in files of pyinstrument, where it may be several, `[root]`. */
export function rootFrame(session: Session, thread: ThreadSamples): FrameIdentity {
  const functionName = session.meta.engine === 'file' ? '[root]' : thread.name;
  return { identifier: '[root]', kind: 'root', functionName, file: null, firstLine: 0 };
}

class TimelineBuilder implements CallVisitor {
  readonly nodes = new NodeTable();
  readonly #rootDepth: number;
  /** Node of the current call at each depth. */
  readonly #current: number[] = [];

  constructor(depth: number) {
    this.#rootDepth = depth;
    if (depth === 0) this.#current[0] = this.nodes.add(-1, joiningRoot);
  }

  enter(depth: number, identity: number): void {
    if (depth < this.#rootDepth) return;
    const parent = depth === this.#rootDepth ? -1 : (this.#current[depth - 1] as number);
    this.#current[depth] = this.nodes.add(parent, identity);
  }

  leave(depth: number, seconds: number, marks: CallMarks | null): void {
    if (depth < this.#rootDepth) return;
    const node = this.#current[depth] as number;
    this.nodes.addTime(node, seconds);
    if (marks !== null) this.nodes.addMarks(node, marks);
  }

  self(depth: number, seconds: number): void {
    this.nodes.addTime(this.nodes.add(this.#current[depth] as number, selfIdentity), seconds);
  }
}
