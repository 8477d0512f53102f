/** How does a report without a tree look: one line for each function? */
import { type CallNode, isSynthetic, totalSelfTime, visitNodes } from '../tree/call-node.ts';
import { shareOf } from '../tree/heat.ts';
import type { ReportTree } from '../tree/pipeline.ts';
import { nameAndPosition, type TreeDrawing } from './text-tree.ts';

/** `self`: without what other functions did; `total`: with it. */
export type FlatTime = 'self' | 'total';

interface Row {
  readonly node: CallNode;
  readonly caller: CallNode | null;
  readonly seconds: number;
}

/** Of rows with no more than this share only `showAll` speaks. */
const leastShare = 0.001;

/**
 * One line for each function, largest time first. A function's own time holds what it awaited and what was filtered out
 * below it, so there are no rows for `[self]` and the like, and all own times add up to the total. A recursive call counts
 * once in the total of its function.
 */
export function drawFlat(tree: ReportTree, drawing: TreeDrawing, time: FlatTime, showAll: boolean): string[] {
  const total = tree.root.time;
  const rows = [...(time === 'self' ? selfRows(tree.root) : totalRows(tree.root))].sort(
    (a, b) => b.seconds - a.seconds,
  );
  return rows
    .filter((row) => showAll || shareOf(row.seconds, total) > leastShare)
    .map(({ node, caller, seconds }) => {
      const time = drawing.style.palette.time(drawing.formatTime(seconds), shareOf(seconds, total));
      return `${time} ${nameAndPosition(node, caller, tree, drawing)}`;
    });
}

/** In the order in which functions first appear. */
function selfRows(root: CallNode): Iterable<Row> {
  const rows = new Map<string, Row>();
  visitNodes(root, (node, caller) => {
    if (hasRow(node)) addTo(rows, node, caller, ownTime(node));
  });
  return rows.values();
}

/** The same, with the time of calls that happen within a call of the same function counted once. */
function totalRows(root: CallNode): Iterable<Row> {
  const rows = new Map<string, Row>();
  const callsOpen = new Map<string, number>();
  const open: { readonly node: CallNode; readonly caller: CallNode | null; readonly isEnd: boolean }[] = [];
  open.push({ node: root, caller: null, isEnd: false });
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const { node, caller, isEnd } = entry;
    const { identifier } = node.frame;
    const outer = callsOpen.get(identifier) ?? 0;
    callsOpen.set(identifier, isEnd ? outer - 1 : outer + 1);
    if (isEnd) continue;
    if (hasRow(node)) addTo(rows, node, caller, outer === 0 ? node.time : 0);
    open.push({ node, caller, isEnd: true });
    for (const child of node.children.toReversed()) open.push({ node: child, caller: node, isEnd: false });
  }
  return rows.values();
}

function hasRow(node: CallNode): boolean {
  return !isSynthetic(node) || node.frame.kind === 'root' || node.frame.kind === 'not-sampled';
}

/** What is left of a node's time for its own row. */
function ownTime(node: CallNode): number {
  const notSampled = node.children.filter((child) => child.frame.kind === 'not-sampled');
  return notSampled.reduce((time, child) => time - child.time, totalSelfTime(node));
}

/** Of several calls, the last is what the row names (pyinstrument 5.1.3 behaviour): their classes may differ. */
function addTo(rows: Map<string, Row>, node: CallNode, caller: CallNode | null, seconds: number): void {
  const before = rows.get(node.frame.identifier)?.seconds ?? 0;
  rows.set(node.frame.identifier, { node, caller, seconds: before + seconds });
}
