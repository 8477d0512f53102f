/** Has someone made a thread's tree already, so that a report shows that one instead of what it would make itself? */
import type { ThreadSamples } from '../session/session.ts';
import type { ReportTree } from './pipeline.ts';

const given = new WeakMap<ThreadSamples, ReportTree>();

/** Reports of this very value show the tree from now on: give a copy of a thread, not one that others use. */
export function giveTree(thread: ThreadSamples, tree: ReportTree): void {
  given.set(thread, tree);
}

/** The tree that was given for a thread. */
export function givenTree(thread: ThreadSamples): ReportTree | undefined {
  return given.get(thread);
}
