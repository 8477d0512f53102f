/** What does a report show of a thread? Samples to tree to what is left of it, step by step. */
import type { Session, ThreadSamples } from '../session/session.ts';
import type { CallNode } from './call-node.ts';
import { buildCallTree } from './call-tree.ts';
import { applicationNodes, originRule } from './library-rule.ts';
import { type FrameGroups, groupLibraryFrames } from './processors/group-library-frames.ts';
import { mergeConsecutiveSelfTime } from './processors/merge-consecutive-self-time.ts';
import { removeImportlib } from './processors/remove-importlib.ts';
import { removeIrrelevantNodes } from './processors/remove-irrelevant-nodes.ts';
import { removeLauncherFrames } from './processors/remove-launcher-frames.ts';
import { removeTracebackhide } from './processors/remove-tracebackhide.ts';
import { removeUnnecessarySelfTime } from './processors/remove-unnecessary-self-time.ts';
import { unwrapLoneRoot } from './processors/unwrap-lone-root.ts';
import { buildTimeline } from './timeline.ts';

/** How a tree is made from a thread. */
export interface TreeOptions {
  /** Keep every frame. */
  readonly showAll: boolean;
  /** Keep the order of time instead of adding repeated calls together. */
  readonly timeline: boolean;
  /** Least share of the whole that a frame must have, 0 to 1. */
  readonly filterThreshold: number;
  /** See `GroupingOptions`. */
  readonly hide: RegExp | undefined;
  readonly show: RegExp | undefined;
}

/** A tree ready to be written, with what writers ask about its nodes. */
export interface ReportTree {
  readonly root: CallNode;
  readonly application: ReadonlySet<CallNode>;
  readonly groups: FrameGroups;
}

type Step = (root: CallNode) => CallNode;

/** The tree that text and json show of one thread; null where it has no samples. */
export function buildReportTree(session: Session, thread: ThreadSamples, options: TreeOptions): ReportTree | null {
  const built = options.timeline ? timelineOf(session, thread, options) : addedUp(session, thread, options);
  if (built === null) return null;
  const isForeign = session.meta.engine === 'file';
  const root = applySteps(built, [
    ...(options.showAll ? [] : [(tree: CallNode) => removeIrrelevantNodes(tree, options.filterThreshold)]),
    removeUnnecessarySelfTime,
    removeLauncherFrames,
    ...(isForeign ? [] : [unwrapLoneRoot]),
  ]);
  const application = applicationNodes(root, originRule(session.processes[thread.process]));
  const groups: FrameGroups = options.showAll ? new Map() : groupLibraryFrames(root, application, options);
  return { root, application, groups };
}

/** In the order of time. */
function timelineOf(session: Session, thread: ThreadSamples, { showAll }: TreeOptions): CallNode | null {
  const steps = [...(showAll ? [] : [removeImportlib, removeTracebackhide]), mergeConsecutiveSelfTime];
  return applySteps(buildTimeline(session, thread), steps);
}

/** As `timelineOf` and then `aggregateRepeatedCalls`, at once. */
function addedUp(session: Session, thread: ThreadSamples, { showAll }: TreeOptions): CallNode | null {
  return buildCallTree(session, thread, { importMachinery: !showAll, hidden: !showAll });
}

function applySteps<Tree extends CallNode | null>(tree: Tree, steps: readonly Step[]): Tree | CallNode {
  return steps.reduce<Tree | CallNode>((current, step) => (current === null ? current : step(current)), tree);
}
