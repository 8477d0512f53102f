/** What is the call tree of a thread, as the options of the page ask for it? The steps of the text report, chosen one by one. */
import type { Session, ThreadSamples } from '../../src/session/session.ts';
import type { CallNode } from '../../src/tree/call-node.ts';
import { buildCallTree } from '../../src/tree/call-tree.ts';
import { foldRecursion } from '../../src/tree/fold-recursion.ts';
import { type HiddenFrames, hiddenFrames } from '../../src/tree/hidden-frames.ts';
import { applicationNodes, originRule } from '../../src/tree/library-rule.ts';
import {
  type FrameGroup,
  type FrameGroups,
  groupLibraryFrames,
} from '../../src/tree/processors/group-library-frames.ts';
import { removeIrrelevantNodes } from '../../src/tree/processors/remove-irrelevant-nodes.ts';
import { removeLauncherFrames } from '../../src/tree/processors/remove-launcher-frames.ts';
import { removeUnnecessarySelfTime } from '../../src/tree/processors/remove-unnecessary-self-time.ts';
import { unwrapLoneRoot } from '../../src/tree/processors/unwrap-lone-root.ts';
import type { ViewOptions } from '../state/state.ts';
import { buildInvertedTree } from './inverted-tree.ts';

/** A tree with what views ask about its nodes. */
export interface PageTree {
  readonly root: CallNode;
  /** Whether leaves are on top: a node's children are its callers. */
  readonly isInverted: boolean;
  readonly isApplication: (node: CallNode) => boolean;
  readonly groups: FrameGroups;
  /** What a folded group leaves out. */
  readonly hidden: ReadonlyMap<FrameGroup, HiddenFrames>;
}

/** The added-up tree, largest times first; null without samples. */
export function buildPageTree(session: Session, thread: ThreadSamples, options: ViewOptions): PageTree | null {
  const root = buildTree(session, thread, options);
  if (root === null) return null;
  const application = applicationNodes(root, originRule(session.processes[thread.process]));
  const groups: FrameGroups =
    options.collapse === 'disabled' ? new Map() : groupLibraryFrames(root, application, collapsePatterns(options));
  return {
    root,
    isInverted: false,
    isApplication: (node) => application.has(node),
    groups,
    hidden: hiddenFrames({ root, groups }),
  };
}

/** Leaves on top. Its nodes find their children when they are asked for, so nothing is folded or counted ahead. */
export function buildInvertedPageTree(session: Session, thread: ThreadSamples, options: ViewOptions): PageTree | null {
  const root = buildInvertedTree(session, thread, {
    replaced: replacedFrames(options),
    threshold: options.removeSmall ? options.smallPercent / 100 : 0,
  });
  if (root === null) return null;
  const originOf = originRule(session.processes[thread.process]);
  return {
    root,
    isInverted: true,
    isApplication: (node) => originOf(node.frame.file) === 'application',
    groups: new Map(),
    hidden: new Map(),
  };
}

function buildTree(session: Session, thread: ThreadSamples, options: ViewOptions): CallNode | null {
  let root = buildCallTree(session, thread, replacedFrames(options));
  if (root === null) return null;
  if (options.foldRecursion) root = foldRecursion(root, 'largest first');
  if (options.removeSmall) root = removeIrrelevantNodes(root, options.smallPercent / 100);
  root = removeLauncherFrames(removeUnnecessarySelfTime(root));
  return session.meta.engine === 'file' ? root : unwrapLoneRoot(root);
}

function replacedFrames({ removeImportlib, removeTracebackhide }: ViewOptions): {
  readonly importMachinery: boolean;
  readonly hidden: boolean;
} {
  return { importMachinery: removeImportlib, hidden: removeTracebackhide };
}

function collapsePatterns({ collapse, show, hide }: ViewOptions): Parameters<typeof groupLibraryFrames>[2] {
  const isCustom = collapse === 'custom';
  return { hide: isCustom ? pattern(hide) : undefined, show: isCustom ? pattern(show) : undefined };
}

/** What is typed is often not a regular expression yet: then it counts for nothing. */
function pattern(text: string): RegExp | undefined {
  if (text === '') return undefined;
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
}
