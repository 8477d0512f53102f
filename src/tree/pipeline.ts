/** What does a report show of a thread? Samples to tree to what is left of it, step by step. */
import type { Session, ThreadSamples } from '../session/session.ts';
import type { CallNode } from './call-node.ts';
import { buildCallTree } from './call-tree.ts';
import { foldRecursion } from './fold-recursion.ts';
import { applicationNodes, originRule } from './library-rule.ts';
import { type FrameGroups, groupLibraryFrames } from './processors/group-library-frames.ts';
import { removeIrrelevantNodes } from './processors/remove-irrelevant-nodes.ts';
import { removeIrrelevantPaths } from './processors/remove-irrelevant-paths.ts';
import { removeLauncherFrames } from './processors/remove-launcher-frames.ts';
import { removeUnnecessarySelfTime } from './processors/remove-unnecessary-self-time.ts';
import type { ReplacedFrames } from './processors/replaced-frames.ts';
import { unwrapLoneRoot } from './processors/unwrap-lone-root.ts';
import { givenTree, type ReportTree } from './report-tree.ts';
import { buildShownTimeline } from './shown-timeline.ts';

/** Frames to keep of those that are left out or folded otherwise. */
export interface KeptFrames {
  /** Frames of Python's import machinery. */
  readonly importMachinery?: boolean;
  /** Frames that ask to be hidden, by `__tracebackhide__`. */
  readonly tracebackhide?: boolean;
  /** Frames of libraries, ungrouped. */
  readonly libraries?: boolean;
}

/** How a tree is made from a thread. */
export interface TreeOptions {
  /** Keep every frame, however little its share. */
  readonly showAll: boolean;
  /** Some of them only; none unless given. */
  readonly keep?: KeptFrames;
  /** Keep the order of time instead of adding repeated calls together. */
  readonly timeline: boolean;
  /** Whether a function that calls itself over many levels becomes one node; not unless given. */
  readonly foldRecursion?: boolean;
  /** Least share of the whole that a frame must have, 0 to 1; in the order of time, all calls of the same path together. */
  readonly filterThreshold: number;
  /** See `GroupingOptions`. */
  readonly hide: RegExp | undefined;
  readonly show: RegExp | undefined;
}

export type { ReportTree };

type Step = (root: CallNode) => CallNode;

/** The tree that text and json show of one thread; null where it has no samples. */
export function buildReportTree(session: Session, thread: ThreadSamples, options: TreeOptions): ReportTree | null {
  const given = givenTree(thread);
  if (given !== undefined) return given;
  const root = buildShownTree(session, thread, options);
  if (root === null) return null;
  const application = applicationNodes(root, originRule(session.processes[thread.process]));
  const groups: FrameGroups = kept(options).libraries ? new Map() : groupLibraryFrames(root, application, options);
  return { root, application, groups };
}

/**
 * The same without what is known of its nodes, for formats that do not tell libraries from applications.
 * @throws TimesinkError `UNWRITABLE_OUTPUT` for too many calls in the order of time
 */
export function buildShownTree(
  session: Session,
  thread: ThreadSamples,
  options: Omit<TreeOptions, 'hide' | 'show'>,
): CallNode | null {
  const given = givenTree(thread);
  if (given !== undefined) return given.root;
  const replaced = replacedFrames(kept(options));
  const built = options.timeline
    ? inTimeOrder(session, thread, replaced, options)
    : buildCallTree(session, thread, replaced);
  const isForeign = session.meta.engine === 'file';
  return applySteps(built, [
    ...(options.foldRecursion ? [folding(options)] : []),
    ...(options.showAll ? [] : [filtering(options)]),
    removeUnnecessarySelfTime,
    removeLauncherFrames,
    ...(isForeign ? [] : [unwrapLoneRoot]),
  ]);
}

/** Those that stand for nothing in the tree, so that their callers take their place. */
export function replacedFrames({ importMachinery = false, tracebackhide = false }: KeptFrames): ReplacedFrames {
  return { importMachinery: !importMachinery, hidden: !tracebackhide };
}

const everyFrame: KeptFrames = { importMachinery: true, tracebackhide: true, libraries: true };

function kept({ showAll, keep }: Pick<TreeOptions, 'showAll' | 'keep'>): KeptFrames {
  return showAll ? everyFrame : (keep ?? {});
}

function folding({ timeline }: Pick<TreeOptions, 'timeline'>): Step {
  return (tree) => foldRecursion(tree, timeline ? 'in time order' : 'largest first');
}

function filtering({ timeline, filterThreshold }: Pick<TreeOptions, 'timeline' | 'filterThreshold'>): Step {
  return (tree) => (timeline ? removeIrrelevantPaths : removeIrrelevantNodes)(tree, filterThreshold);
}

/** Without what `filtering` would take away in any case. */
function inTimeOrder(
  session: Session,
  thread: ThreadSamples,
  replaced: ReplacedFrames,
  { showAll, filterThreshold, foldRecursion: folds = false }: Omit<TreeOptions, 'hide' | 'show'>,
): CallNode | null {
  return buildShownTimeline(session, thread, {
    replaced,
    threshold: showAll ? null : filterThreshold,
    joinsRecursion: folds,
    leftOut: 'absorbed',
  });
}

function applySteps<Tree extends CallNode | null>(tree: Tree, steps: readonly Step[]): Tree | CallNode {
  return steps.reduce<Tree | CallNode>((current, step) => (current === null ? current : step(current)), tree);
}
