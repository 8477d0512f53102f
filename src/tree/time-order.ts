/** What happened when in a thread, and what of it is worth drawing? For formats that draw time from left to right. */
import type { Session, ThreadSamples } from '../session/session.ts';
import type { CallNode } from './call-node.ts';
import type { TreeOptions } from './pipeline.ts';
import { mergeConsecutiveSelfTime } from './processors/merge-consecutive-self-time.ts';
import { removeImportlib } from './processors/remove-importlib.ts';
import { irrelevantPaths } from './processors/remove-irrelevant-paths.ts';
import { removeLauncherFrames } from './processors/remove-launcher-frames.ts';
import { removeTracebackhide } from './processors/remove-tracebackhide.ts';
import { buildTimeline } from './timeline.ts';

/** A tree in which every moment has its place. */
export interface TimeOrder {
  readonly root: CallNode;
  /** Whether a node and all below it are too little to be drawn. They stay in the tree: what comes after them is later. */
  isLeftOut(node: CallNode): boolean;
}

/**
 * The calls of a thread in the order of time: each is a node of its own as long as it lasts. As the timeline of
 * `buildShownTree`, but a joining root always stays. Null where there are no samples.
 */
export function buildTimeOrder(
  session: Session,
  thread: ThreadSamples,
  { showAll, filterThreshold }: Pick<TreeOptions, 'showAll' | 'filterThreshold'>,
): TimeOrder | null {
  const built = buildTimeline(session, thread);
  if (built === null) return null;
  const steps = [...(showAll ? [] : [removeImportlib, removeTracebackhide]), mergeConsecutiveSelfTime];
  const tree = steps.reduce((current, step) => step(current), built);
  const isLeftOut = showAll ? () => false : irrelevantPaths(tree, filterThreshold);
  return { root: removeLauncherFrames(tree), isLeftOut };
}
