/** What happened when in a thread, and what of it is worth drawing? For formats that draw time from left to right. */
import type { Session, ThreadSamples } from '../session/session.ts';
import type { CallNode } from './call-node.ts';
import { leftOutFrame } from './node-table.ts';
import type { TreeOptions } from './pipeline.ts';
import { removeLauncherFrames } from './processors/remove-launcher-frames.ts';
import { buildShownTimeline } from './shown-timeline.ts';

/** A tree in which every moment has its place. */
export interface TimeOrder {
  readonly root: CallNode;
  /** Whether a node stands for time that is too little to be drawn. It stays in the tree: what comes after it is later. */
  isLeftOut(node: CallNode): boolean;
}

/**
 * The calls of a thread in the order of time: each is a node of its own as long as it lasts. As the timeline of
 * `buildShownTree`, but a joining root always stays. Null where there are no samples.
 * @throws TimesinkError as {@link buildShownTimeline} does
 */
export function buildTimeOrder(
  session: Session,
  thread: ThreadSamples,
  { showAll, filterThreshold }: Pick<TreeOptions, 'showAll' | 'filterThreshold'>,
): TimeOrder | null {
  const tree = buildShownTimeline(session, thread, {
    replaced: { importMachinery: !showAll, hidden: !showAll },
    threshold: showAll ? null : filterThreshold,
    joinsRecursion: false,
    leftOut: 'in its place',
  });
  if (tree === null) return null;
  return { root: removeLauncherFrames(tree), isLeftOut: ({ frame }) => frame === leftOutFrame };
}
