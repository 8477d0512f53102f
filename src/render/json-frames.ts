/** How does a call tree look as JSON? Written without recursion: trees may be deeper than `JSON.stringify` can go. */
import { type CallNode, isSynthetic, visitNodes } from '../tree/call-node.ts';
import type { ReportTree } from '../tree/pipeline.ts';
import type { FrameGroup } from '../tree/processors/group-library-frames.ts';
import { nodeShortPath, type ShortPath } from '../tree/short-path.ts';
import { formatFixed } from './fixed-point.ts';

type Pending =
  | { readonly kind: 'frame'; readonly node: CallNode; readonly caller: CallNode | null }
  | { readonly kind: 'end'; readonly node: CallNode }
  | { readonly kind: 'comma' };

/** Writes the trees of one document. */
export class FrameWriter {
  /** Ids are unique within the document. */
  readonly #groupIds = new Map<FrameGroup, string>();

  /** The tree as one JSON object (pyinstrument 5.1.3 layout). */
  write(tree: ReportTree, shortPath: ShortPath): string {
    const awaited = awaitTimes(tree.root);
    const parts: string[] = [];
    const pending: Pending[] = [{ kind: 'frame', node: tree.root, caller: null }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (next.kind === 'comma') {
        parts.push(',');
      } else if (next.kind === 'end') {
        parts.push(`]${this.#frameEnd(next.node, tree.groups.get(next.node))}}`);
      } else {
        const { node, caller } = next;
        const isApplication = tree.application.has(node);
        parts.push(frameStart(node, nodeShortPath(node, caller, shortPath), awaited.get(node) ?? 0, isApplication));
        pending.push({ kind: 'end', node });
        pushChildren(pending, node);
      }
    }
    return parts.join('');
  }

  #frameEnd(node: CallNode, group: FrameGroup | undefined): string {
    const groupId = group === undefined ? '' : `,"group_id": "${this.#groupId(group)}"`;
    const className = node.className === null ? '' : `,"class_name": ${JSON.stringify(node.className)}`;
    return groupId + className;
  }

  #groupId(group: FrameGroup): string {
    let id = this.#groupIds.get(group);
    if (id === undefined) {
      id = `GROUP${this.#groupIds.size + 1}`;
      this.#groupIds.set(group, id);
    }
    return id;
  }
}

function pushChildren(pending: Pending[], caller: CallNode): void {
  for (let index = caller.children.length - 1; index >= 0; index--) {
    pending.push({ kind: 'frame', node: caller.children[index] as CallNode, caller });
    if (index > 0) pending.push({ kind: 'comma' });
  }
}

function frameStart(node: CallNode, shortPath: string, awaitTime: number, isApplication: boolean): string {
  const { functionName, file, firstLine } = node.frame;
  const members = [
    `"function": ${JSON.stringify(functionName)}`,
    `"file_path_short": ${JSON.stringify(shortPath)}`,
    `"file_path": ${JSON.stringify(isSynthetic(node) ? '' : (file ?? ''))}`,
    `"line_no": ${firstLine}`,
    `"time": ${formatFixed(node.time, 6)}`,
    `"await_time": ${formatFixed(awaitTime, 6)}`,
    `"is_application_code": ${isApplication}`,
  ];
  return `{${members.join(',')},"children": [`;
}

/** Seconds of the `[await]` leaves at and below each node. */
function awaitTimes(root: CallNode): ReadonlyMap<CallNode, number> {
  const nodes: CallNode[] = [];
  visitNodes(root, (node) => nodes.push(node));
  const times = new Map<CallNode, number>();
  for (const node of nodes.reverse()) {
    const below = node.children.reduce((sum, child) => sum + (times.get(child) ?? 0), 0);
    times.set(node, node.frame.kind === 'await' ? node.time : below);
  }
  return times;
}
