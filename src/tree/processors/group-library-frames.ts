/** Which runs of library frames can be shown as one? */
import { type CallNode, visitNodes } from '../call-node.ts';

/** Library frames that call each other. */
export interface FrameGroup {
  readonly root: CallNode;
  /** The root and all that belongs to it, callers first. */
  readonly members: readonly CallNode[];
  /** Members with a child that is no member: where the library calls back. */
  readonly exits: ReadonlySet<CallNode>;
}

/** Groups by their members. */
export type FrameGroups = ReadonlyMap<CallNode, FrameGroup>;

/** Patterns that decide before the rule about libraries does; they must match from the start of a file's path. */
export interface GroupingOptions {
  readonly hide: RegExp | undefined;
  readonly show: RegExp | undefined;
}

/**
 * Finds the groups of a tree: each begins with a node below the root that can be hidden and has a child that can be, and
 * takes in all such descendants that hang together. Leaves the tree as it is.
 */
export function groupLibraryFrames(
  root: CallNode,
  application: ReadonlySet<CallNode>,
  options: GroupingOptions,
): FrameGroups {
  const canHide = hideRule(application, options);
  const groups = new Map<CallNode, FrameGroup>();
  visitNodes(root, (node) => {
    if (node === root || groups.has(node) || !canHide(node) || !node.children.some(canHide)) return;
    const members = collectMembers(node, canHide);
    const isMember = new Set(members);
    const exits = new Set(members.filter((member) => member.children.some((child) => !isMember.has(child))));
    const group: FrameGroup = { root: node, members, exits };
    for (const member of members) groups.set(member, group);
  });
  return groups;
}

/** Time without samples is never hidden: it says something about the recording, not about a library. */
function hideRule(application: ReadonlySet<CallNode>, { hide, show }: GroupingOptions): (node: CallNode) => boolean {
  return (node) => {
    if (node.frame.kind === 'not-sampled') return false;
    const path = node.frame.file ?? '';
    if (show?.test(path)) return false;
    if (hide?.test(path)) return true;
    return !application.has(node);
  };
}

function collectMembers(root: CallNode, canHide: (node: CallNode) => boolean): readonly CallNode[] {
  const members: CallNode[] = [];
  const open: CallNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    members.push(node);
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index] as CallNode;
      if (canHide(child)) open.push(child);
    }
  }
  return members;
}
