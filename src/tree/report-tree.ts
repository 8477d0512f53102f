/** What does a report show: the tree that it makes itself, or one that was made before? */
import type { ThreadSamples } from '../session/session.ts';
import type { CallNode } from './call-node.ts';
import type { FrameGroups } from './processors/group-library-frames.ts';

/** A tree ready to be written, with what writers ask about its nodes. */
export interface ReportTree {
  readonly root: CallNode;
  readonly application: ReadonlySet<CallNode>;
  readonly groups: FrameGroups;
}

const given = new WeakMap<ThreadSamples, ReportTree>();

/** Reports of this very value show the tree from now on: give a copy of a thread, not one that others use. */
export function giveTree(thread: ThreadSamples, tree: ReportTree): void {
  given.set(thread, tree);
}

/** The tree that was given for a thread. */
export function givenTree(thread: ThreadSamples): ReportTree | undefined {
  return given.get(thread);
}
