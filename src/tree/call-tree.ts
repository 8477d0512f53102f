/** Where did a thread's time go? The tree of its samples with repeated calls added together. */
import type { Session, ThreadSamples } from '../session/session.ts';
import type { CallNode } from './call-node.ts';
import { CallPaths } from './call-paths.ts';
import { placeCalls } from './place-calls.ts';
import type { ReplacedFrames } from './processors/replaced-frames.ts';
import { stackIndex } from './stack-index.ts';
import { rootFrame } from './timeline.ts';

/**
 * Builds the tree of added-up calls, largest time first. Gives, to the last bit, what {@link buildTimeline} followed by
 * the processors removeImportlib and removeTracebackhide (as far as `replaced` asks for them), mergeConsecutiveSelfTime
 * and aggregateRepeatedCalls gives, but holds a node for each distinct call path only. Null without samples.
 */
export function buildCallTree(session: Session, thread: ThreadSamples, replaced: ReplacedFrames): CallNode | null {
  if (thread.stack.length === 0) return null;
  const index = stackIndex(session);
  const paths = new CallPaths(index, false);
  placeCalls(session, thread, replaced, paths);
  return paths.nodes.finish(index, rootFrame(session, thread), 'largest first');
}
