/** How does a call tree travel? As columns with an entry for each node: no depth is too great, and Python can read it. */
import type { Place } from '../session/check.ts';
import { parseFrame } from '../session/frame-text.ts';
import type { ProcessInfo } from '../session/session.ts';
import {
  type CallNode,
  type FrameIdentity,
  mostSeconds,
  type NodeKind,
  selfFrame,
  visitNodes,
} from '../tree/call-node.ts';
import { applicationNodes, originRule } from '../tree/library-rule.ts';
import type { ReportTree } from '../tree/pipeline.ts';
import type { FrameGroup } from '../tree/processors/group-library-frames.ts';
import { rewriteTree } from '../tree/rewrite.ts';
import { shortPaths } from '../tree/short-path.ts';
import type { FrameTree, TreeAnswer } from './protocol.ts';

/** Nodes of one tree: more than a person or a Python program can look at. */
const mostNodes = 2 ** 22;

/**
 * A node that remembers where it came from. The seconds of all its attributes (`l12`, `cSession`) stand where other trees
 * keep those of classes, so that they are added up when nodes are.
 */
export interface ColumnNode extends CallNode {
  /** Position in the tree it was read from. */
  readonly source: number;
  /** Number of its group, −1: none. */
  readonly group: number;
}

/** The same rules hold for every tree: columns of equal length, parents before children. */
export function readTree(place: Place): FrameTree {
  const identifiers = place.at('identifiers').strings();
  const parent = place.at('parent').list();
  const nodes = parent.length;
  if (nodes === 0 || nodes > mostNodes) throw place.at('parent').invalid(`expected 1 to ${mostNodes} nodes`);
  const column = (name: string, isRight: (value: unknown, node: number) => boolean): readonly number[] => {
    const values = place.at(name).list();
    const wrong = values.length === nodes ? values.findIndex((value, node) => !isRight(value, node)) : -1;
    if (values.length !== nodes) throw place.at(name).invalid(`expected ${nodes} entries, found ${values.length}`);
    if (wrong >= 0) throw place.at(name).entry(wrong).invalid('not a value that may stand here');
    return values as readonly number[];
  };
  const isBelow = (value: unknown, least: number, end: number): boolean =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) < end;
  const attributes = place.at('attributes').list();
  if (attributes.length !== nodes) throw place.at('attributes').invalid(`expected ${nodes} entries`);
  const groups = place.at('groups').value ?? [];
  const groupCount = Array.isArray(groups) ? groups.length : 0;
  return {
    identifiers,
    parent: column('parent', (value, node) => (node === 0 ? value === -1 : isBelow(value, 0, node))),
    identifier: column('identifier', (value) => isBelow(value, 0, identifiers.length)),
    time: column('time', Number.isFinite),
    absorbedTime: column('absorbedTime', Number.isFinite),
    attributes: attributes.map((_, node) => readAttributes(place.at('attributes').entry(node))),
    group: place.at('group').value === undefined ? [] : column('group', (value) => isBelow(value, -1, groupCount)),
    groups: (groups as unknown[]).map(Number),
  };
}

function readAttributes(place: Place): Readonly<Record<string, number>> {
  place.at('');
  const attributes = place.value as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw place.at(name).unexpected('a number');
  }
  return attributes as Readonly<Record<string, number>>;
}

/** The tree as nodes. */
export function treeFromColumns(tree: FrameTree): ColumnNode {
  const identities = tree.identifiers.map(identityOf);
  const children: ColumnNode[][] = tree.parent.map(() => []);
  let root: ColumnNode | undefined;
  for (let source = tree.parent.length - 1; source >= 0; source--) {
    const attributes = new Map(Object.entries(tree.attributes[source] ?? {}));
    root = {
      frame: identities[tree.identifier[source] as number] as FrameIdentity,
      className: null,
      classSeconds: attributes,
      hidden: attributes.has('h1'),
      time: tree.time[source] as number,
      absorbedTime: tree.absorbedTime[source] as number,
      children: (children[source] as ColumnNode[]).reverse(),
      source,
      group: tree.group[source] ?? -1,
    };
    children[tree.parent[source] as number]?.push(root);
  }
  return root as ColumnNode;
}

/** The tree as reports show it: with names of classes, and with its groups. */
export function reportTree(tree: FrameTree, program: Pick<ProcessInfo, 'sysPrefixes'> | undefined): ReportTree {
  const root = rewriteTree(treeFromColumns(tree), {
    rebuild: (node, children) => ({ ...node, children, className: classOf(node), classSeconds: null }),
  });
  const members = new Map<number, CallNode[]>();
  visitNodes(root, (node) => {
    const { group } = node as ColumnNode;
    if (group < 0) return;
    const others = members.get(group);
    if (others === undefined) members.set(group, [node]);
    else others.push(node);
  });
  const groups = new Map<CallNode, FrameGroup>();
  for (const nodes of members.values()) {
    const isMember = new Set(nodes);
    const exits = new Set(nodes.filter(({ children }) => children.some((child) => !isMember.has(child))));
    const group = { root: nodes[0] as CallNode, members: nodes, exits };
    for (const node of nodes) groups.set(node, group);
  }
  return { root, application: applicationNodes(root, originRule(program)), groups };
}

/** The class with the most seconds among a node's attributes. */
function classOf({ classSeconds }: CallNode): string | null {
  const classes = [...(classSeconds ?? [])].filter(([attribute]) => attribute.startsWith('c'));
  return mostSeconds(new Map(classes))?.slice(1) ?? null;
}

/** The columns of a tree. */
export function columnsFromTree(root: ColumnNode): FrameTree {
  const identifiers = new Map<string, number>();
  const positions = new Map<CallNode, number>();
  const groups = new Map<number, number>();
  const roots: number[] = [];
  const columns = { identifier: [], parent: [], time: [], absorbedTime: [], group: [], source: [] } as Record<
    'identifier' | 'parent' | 'time' | 'absorbedTime' | 'group' | 'source',
    number[]
  >;
  const attributes: Readonly<Record<string, number>>[] = [];
  visitNodes(root, (visited, parent) => {
    const node = visited as ColumnNode;
    const { identifier } = node.frame;
    const position = positions.size;
    positions.set(node, position);
    if (!identifiers.has(identifier)) identifiers.set(identifier, identifiers.size);
    if (node.group >= 0 && !groups.has(node.group)) {
      groups.set(node.group, groups.size);
      roots.push(position);
    }
    columns.identifier.push(identifiers.get(identifier) as number);
    columns.parent.push(parent === null ? -1 : (positions.get(parent) as number));
    columns.time.push(node.time);
    columns.absorbedTime.push(node.absorbedTime);
    columns.group.push(groups.get(node.group) ?? -1);
    columns.source.push(node.source);
    attributes.push(Object.fromEntries(node.classSeconds ?? []));
  });
  return { ...columns, identifiers: [...identifiers.keys()], attributes, groups: roots };
}

/** The answer for a tree: with what the places of its files say. */
export function treeAnswer(
  tree: FrameTree | null,
  program: { readonly sysPath: readonly string[]; readonly sysPrefixes: readonly string[] },
): TreeAnswer {
  if (tree === null) return { tree, shortPaths: [], application: [] };
  const shortPath = shortPaths(program.sysPath);
  const application: boolean[] = [];
  const root = treeFromColumns(tree);
  const own = applicationNodes(root, originRule(program));
  visitNodes(root, (node) => {
    application[(node as ColumnNode).source] = own.has(node);
  });
  const short = tree.identifiers.map((identifier) => {
    const { file } = identityOf(identifier);
    return file === null || file === '' ? '' : shortPath(file);
  });
  return { tree, shortPaths: short, application };
}

const kindOfName: ReadonlyMap<string, NodeKind> = new Map<string, NodeKind>([
  [selfFrame.identifier, 'self'],
  ['[root]', 'root'],
]);

/** What a frame's identifier says. Names that cannot be taken apart stand for themselves. */
export function identityOf(identifier: string): FrameIdentity {
  const parsed = parseFrame(identifier);
  const unknown = { kind: 'python', functionName: identifier, file: null, firstLine: 0 } as const;
  const { kind, functionName, file, firstLine } = typeof parsed === 'string' ? unknown : parsed.frame;
  return { identifier, kind: kindOfName.get(identifier) ?? kind, functionName, file, firstLine };
}
