/** What is the call tree of a thread, as the options of the page ask for it? The pipeline of the text report, step by step. */
import type { Session, ThreadSamples } from '../../src/session/session.ts';
import type { CallNode } from '../../src/tree/call-node.ts';
import { type HiddenFrames, hiddenFrames } from '../../src/tree/hidden-frames.ts';
import { originRule } from '../../src/tree/library-rule.ts';
import { buildReportTree, type KeptFrames, replacedFrames } from '../../src/tree/pipeline.ts';
import type { FrameGroup, FrameGroups, groupLibraryFrames } from '../../src/tree/processors/group-library-frames.ts';
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
  const tree = buildReportTree(session, thread, {
    showAll: false,
    timeline: false,
    foldRecursion: options.foldRecursion,
    filterThreshold: leastShare(options),
    keep: { ...keptFrames(options), libraries: options.collapse === 'disabled' },
    ...collapsePatterns(options),
  });
  if (tree === null) return null;
  const { root, application, groups } = tree;
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
    replaced: replacedFrames(keptFrames(options)),
    threshold: leastShare(options),
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

/** Of the whole, 0 to 1. */
export function leastShare({ removeSmall, smallPercent }: ViewOptions): number {
  return removeSmall ? smallPercent / 100 : 0;
}

function keptFrames({ removeImportlib, removeTracebackhide }: ViewOptions): KeptFrames {
  return { importMachinery: !removeImportlib, tracebackhide: !removeTracebackhide };
}

/** Which files the options hide and show, beside the rule about libraries. */
export function collapsePatterns({ collapse, show, hide }: ViewOptions): Parameters<typeof groupLibraryFrames>[2] {
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
