/** Which function of one recording is which of another, when lines have moved or the files lie elsewhere? */
import type { CallNode } from './call-node.ts';
import type { ShortPath } from './short-path.ts';

/** The same function before and after; null where it is only in the other. */
export interface CallPair {
  readonly before: CallNode | null;
  readonly after: CallNode | null;
}

/** How each recording names its files. */
export interface FileNames {
  readonly before: ShortPath;
  readonly after: ShortPath;
}

/** What two nodes must have in common. */
type Trait = (node: CallNode, shortPath: ShortPath) => string;

/** From the surest to the least sure. The first line of a function moves when code above it is edited. */
const traits: readonly Trait[] = [
  (node) => node.frame.identifier,
  ({ frame, className }) => JSON.stringify([frame.kind, frame.functionName, className, frame.file]),
  ({ frame, className }, shortPath) =>
    JSON.stringify([frame.kind, frame.functionName, className, frame.file === null ? null : shortPath(frame.file)]),
];

/**
 * Pairs the calls of one function, before and after. Two calls are the same where function, file and first line are; what is
 * left over, where function, class and file are; then where these are and the files have the same short path, such as those
 * of two checkouts. Several of the same name, such as lambdas, are paired in the order of their lines, the nearest first
 * where there are more on one side. Each is in one pair. Those that are in `after` come first, in its order.
 *
 * Costs O(n log n).
 */
export function alignCalls(
  before: readonly CallNode[],
  after: readonly CallNode[],
  names: FileNames,
): readonly CallPair[] {
  const [first, second] = [before[0], after[0]];
  if (first === undefined) return after.map((node) => ({ before: null, after: node }));
  if (second === undefined) return before.map((node) => ({ before: node, after: null }));
  // Most calls have one callee.
  if (before.length === 1 && after.length === 1 && first.frame.identifier === second.frame.identifier) {
    return [{ before: first, after: second }];
  }
  const partners = new Map<CallNode, CallNode>();
  const taken = new Set<CallNode>();
  let [openBefore, openAfter] = [before, after];
  for (const trait of traits) {
    if (openBefore.length === 0 || openAfter.length === 0) break;
    const candidates = groupBy(openBefore, (node) => trait(node, names.before));
    for (const [key, those] of groupBy(openAfter, (node) => trait(node, names.after))) {
      for (const [earlier, later] of pairByLine(candidates.get(key) ?? [], those)) {
        partners.set(later, earlier);
        taken.add(earlier);
      }
    }
    openBefore = openBefore.filter((node) => !taken.has(node));
    openAfter = openAfter.filter((node) => !partners.has(node));
  }
  return [
    ...after.map((node) => ({ before: partners.get(node) ?? null, after: node })),
    ...openBefore.map((node) => ({ before: node, after: null })),
  ];
}

function groupBy(nodes: readonly CallNode[], keyOf: (node: CallNode) => string): ReadonlyMap<string, CallNode[]> {
  const groups = new Map<string, CallNode[]>();
  for (const node of nodes) {
    const key = keyOf(node);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  return groups;
}

function pairByLine(
  before: readonly CallNode[],
  after: readonly CallNode[],
): readonly (readonly [before: CallNode, after: CallNode])[] {
  const [earlier, later] = [byLine(before), byLine(after)];
  if (earlier.length <= later.length) return pairNearest(earlier, later);
  return pairNearest(later, earlier).map(([few, many]) => [many, few]);
}

function byLine(nodes: readonly CallNode[]): readonly CallNode[] {
  return nodes.length < 2 ? nodes : [...nodes].sort((a, b) => a.frame.firstLine - b.frame.firstLine);
}

/** Pairs all of `few`, in order, each with the nearest of `many` that leaves one for each of the others. */
function pairNearest(
  few: readonly CallNode[],
  many: readonly CallNode[],
): readonly (readonly [few: CallNode, many: CallNode])[] {
  let next = 0;
  return few.map((node, index) => {
    const distance = (other: number): number =>
      Math.abs((many[other] as CallNode).frame.firstLine - node.frame.firstLine);
    const last = many.length - (few.length - index);
    while (next < last && distance(next + 1) < distance(next)) next++;
    return [node, many[next++] as CallNode];
  });
}
