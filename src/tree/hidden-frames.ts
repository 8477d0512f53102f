/** Which frames of library groups does a report leave out, and what does it say in their place? */
import { type CallNode, levelsOf, totalSelfTime, visitNodes } from './call-node.ts';
import { packageOfShortPath } from './javascript-library.ts';
import type { ReportTree } from './pipeline.ts';
import type { FrameGroup } from './processors/group-library-frames.ts';
import { nodeShortPath, type ShortPath } from './short-path.ts';

/** A member of a group with more than this share of the tree's own time is shown. */
const ownTimeThatShows = 0.2;

/** With fewer lines to save, a group is shown like everything else. */
const fewestHidden = 2;

/** What is left out of one group. */
export interface HiddenFrames {
  /** The members that are not shown, each with its caller, callers first. At least two. */
  readonly members: ReadonlyMap<CallNode, CallNode | null>;
  /** How many frames they are: each level of a folded recursion counts. */
  readonly count: number;
}

/**
 * Of each group that hides enough, the members that are neither its root, nor call back out of the library, nor have much
 * time of their own (pyinstrument 5.1.3's text).
 */
export function hiddenFrames({
  root,
  groups,
}: Pick<ReportTree, 'root' | 'groups'>): ReadonlyMap<FrameGroup, HiddenFrames> {
  const limit = ownTimeThatShows * root.time;
  const membersOf = new Map<FrameGroup, Map<CallNode, CallNode | null>>();
  visitNodes(root, (node, caller) => {
    const group = groups.get(node);
    if (group === undefined || group.root === node || group.exits.has(node) || totalSelfTime(node) > limit) return;
    const members = membersOf.get(group);
    if (members === undefined) membersOf.set(group, new Map([[node, caller]]));
    else members.set(node, caller);
  });
  const hidden = new Map<FrameGroup, HiddenFrames>();
  for (const [group, members] of membersOf) {
    if (members.size < fewestHidden) continue;
    let count = 0;
    for (const node of members.keys()) count += levelsOf(node);
    hidden.set(group, { members, count });
  }
  return hidden;
}

/** The libraries that hidden frames are of, each once, callers first. */
export function hiddenLibraries({ members }: HiddenFrames, shortPath: ShortPath): readonly string[] {
  const libraries = new Set<string>();
  for (const [node, caller] of members) libraries.add(libraryName(nodeShortPath(node, caller, shortPath)));
  libraries.delete('');
  return [...libraries];
}

/**
 * The name of the library that a short path leads to: a package of JavaScript, or the path's first part without an ending.
 * Empty for `../x`.
 */
export function libraryName(shortPath: string): string {
  return packageOfShortPath(shortPath) ?? shortPath.split(/[/\\.]/, 1)[0] ?? '';
}
