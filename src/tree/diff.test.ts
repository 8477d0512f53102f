import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySession, mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { deepSession, sessionFromText } from '../../test/support/session-from-text.ts';
import type { Session } from '../session/session.ts';
import { type CallNode, displayName, totalSelfTime, visitNodes } from './call-node.ts';
import { buildCallTree } from './call-tree.ts';
import { type DiffNode, type DiffOptions, diffTrees } from './diff.ts';
import { callersFirst, dropLoneRoot, keepChanges } from './diff-filter.ts';
import { functionChanges } from './diff-functions.ts';
import { shortPaths } from './short-path.ts';

const names = { before: shortPaths(['/app']), after: shortPaths(['/app']) };
const plain: DiffOptions = { normalize: false, names, intervals: { before: 0, after: 0 } };

function tree(session: Session | string): CallNode | null {
  const recorded = typeof session === 'string' ? sessionFromText(session) : session;
  return buildCallTree(recorded, mainThreadOf(recorded), { importMachinery: false, hidden: false });
}

function diff(before: Session | string, after: Session | string, options: Partial<DiffOptions> = {}): DiffNode {
  const root = diffTrees(tree(before), tree(after), { ...plain, ...options });
  if (root === null) throw new Error('no tree');
  return root;
}

const short = (value: number): number => Number(value.toFixed(6));

/** One line for each call: before, after, change, name, and what else is to be said. */
function lines(root: DiffNode): readonly string[] {
  const depths = new Map<CallNode | null, number>([[null, -1]]);
  const text: string[] = [];
  visitNodes(root, (node, caller) => {
    const depth = (depths.get(caller) ?? 0) + 1;
    depths.set(node, depth);
    const { before, after, change, status, isWithinNoise } = node as DiffNode;
    const marks = [...(status === 'both' ? [] : [status]), ...(isWithinNoise ? ['noise'] : [])];
    const numbers = [before, after, change].map(short).join(' ');
    text.push([`${'  '.repeat(depth)}${numbers} ${displayName(node)}`, ...marks].join(' '));
  });
  return text;
}

const before = `
1      2      0.5   0.25
main   main   main  main
       load   old   same
`;
const after = `
1      3.5    0.75  0.25
main   main   main  main
       load   fresh same
`;

describe('two trees', () => {
  test('each call has its times before and after, the largest change comes first', () => {
    expect(lines(diff(before, after))).toEqual([
      '3.75 5.5 1.75 [root]',
      '  3.75 5.5 1.75 main',
      '    2 3.5 1.5 load',
      '      2 3.5 1.5 [self]',
      '    0 0.75 0.75 fresh new',
      '      0 0.75 0.75 [self] new',
      '    0.5 0 -0.5 old gone',
      '      0.5 0 -0.5 [self] gone',
      '    1 1 0 [self]',
      '    0.25 0.25 0 same',
      '      0.25 0.25 0 [self]',
    ]);
  });

  test('shares of each total can be compared instead', () => {
    expect(lines(diff('1   1\nmain main\n    load', '3   1\nmain main\n    load', { normalize: true }))).toEqual([
      '1 1 0 [root]',
      '  1 1 0 main',
      '    0.5 0.75 0.25 [self]',
      '    0.5 0.25 -0.25 load',
      '      0.5 0.25 -0.25 [self]',
    ]);
  });

  test('what changed is added up whatever its sign', () => {
    const [, main] = callersFirst(diff(before, after));
    expect(main?.time).toBe(1.5 + 0.75 + 0.5);
    expect(main === undefined ? null : totalSelfTime(main)).toBe(0);
  });

  test('one of them may be missing', () => {
    expect(diffTrees(null, null, plain)).toBeNull();
    expect(lines(diffTrees(null, tree('1\nmain'), plain) as DiffNode)).toEqual([
      '0 1 1 [root] new',
      '  0 1 1 main new',
      '    0 1 1 [self] new',
    ]);
  });

  test('different outermost functions stand side by side', () => {
    expect(lines(diff('1\nf', '2\ng')).filter((line) => !line.includes('[self]'))).toEqual([
      '1 2 1 [root]',
      '  0 2 2 g new',
      '  1 0 -1 f gone',
    ]);
  });

  test('a thread that stands above one of the trees is not compared with a function', () => {
    const foreign = tree('1\nmain');
    if (foreign === null) throw new Error('no tree');
    const frame = {
      ...foreign.frame,
      identifier: 'MainThread\0<thread>\x007',
      kind: 'thread',
      file: '<thread>',
    } as const;
    const entry: CallNode = { ...foreign, frame: { ...frame, functionName: 'MainThread' }, children: [foreign] };
    expect(lines(diffTrees(entry, tree('1\nmain'), plain) as DiffNode)).toEqual([
      '1 1 0 MainThread',
      '  1 1 0 main',
      '    1 1 0 [self]',
    ]);
    expect(lines(diffTrees(entry, { ...entry, time: 2 }, plain) as DiffNode)[1]).toBe('  1 2 1 MainThread');
  });

  test('a small change may be chance, where samples are few', () => {
    const intervals = { before: 0.001, after: 0.001 };
    const [few, more] = ['1    0.04\nmain main\n     f', '1    0.05\nmain main\n     f'];
    const marked = lines(diff(few, more, { intervals })).filter((line) => line.includes('noise'));
    expect(marked).toEqual(['    0.04 0.05 0.01 f noise', '      0.04 0.05 0.01 [self] noise']);
    expect(lines(diff(few, more)).join()).not.toContain('noise');
    expect(lines(diff(few, '1    0.09\nmain main\n     f', { intervals })).join()).not.toContain('noise');
  });
});

describe('what is worth a line', () => {
  test('small changes go, with all below that is no larger', () => {
    const { root, omitted } = keepChanges(diff(before, after), 0.6);
    expect(lines(root)).toEqual([
      '3.75 5.5 1.75 [root]',
      '  3.75 5.5 1.75 main',
      '    2 3.5 1.5 load',
      '    0 0.75 0.75 fresh new',
    ]);
    expect(omitted).toBe(2);
  });

  test('a call without a change of its own stays above calls that have one', () => {
    const [first, second] = ['1    2\nmain main\nf    g', '2    1\nmain main\nf    g'];
    expect(lines(keepChanges(diff(first, second), 0.5).root)).toEqual([
      '3 3 0 [root]',
      '  3 3 0 main',
      '    1 2 1 f',
      '    2 1 -1 g',
    ]);
  });

  test('the root gives way to the program where next to nothing is beside it', () => {
    const session = '4    0.01\nmain end';
    expect(dropLoneRoot(diff(session, session), 0.04)).toMatchObject({
      before: 4.01,
      after: 4.01,
      frame: { functionName: 'main' },
    });
    expect(dropLoneRoot(diff(session, session), 0.001).frame.kind).toBe('root');
    expect(dropLoneRoot(diff('1\nf', '1\ng'), 0.01).frame.kind).toBe('root');
  });
});

describe('functions', () => {
  const changes = (first: string, second: string): readonly unknown[] =>
    functionChanges(tree(first), tree(second), plain).map(({ calls, before, after, change, status }) => [
      (calls.after ?? calls.before)?.frame.functionName,
      ...[before, after, change].map(short),
      status,
    ]);

  test('own times are added up over all callers', () => {
    expect(
      changes(
        '1    1    1\nmain main main\n     f    g\n          f',
        '1    1    3\nmain main main\n     f    g\n          f',
      ),
    ).toEqual([
      ['f', 2, 4, 2, 'both'],
      ['main', 1, 1, 0, 'both'],
      ['g', 0, 0, 0, 'both'],
    ]);
  });

  test('a function that is called from elsewhere is still the same', () => {
    expect(changes('1 1\nf f\n  work', '1 2\nf f\n  g\n  work')).toContainEqual(['work', 1, 2, 1, 'both']);
  });

  test('waiting belongs to the function that waits, time without samples to nobody', () => {
    const [first, second] = [
      '1    1\nmain main\n     [await]',
      '1    3       2\nmain main    main\n     [await] [not sampled]',
    ];
    expect(changes(first, second)).toEqual([
      ['main', 2, 4, 2, 'both'],
      ['[not sampled]', 0, 2, 2, 'new'],
    ]);
  });
});

describe('any two recordings', () => {
  const close = (value: number, scale: number): boolean => Math.abs(value) <= 1e-9 * Math.max(1, scale);

  test('of equal ones nothing changed', () => {
    fc.assert(
      fc.property(arbitrarySession, (session) => {
        for (const node of callersFirst(diff(session, session))) {
          expect(node).toMatchObject({ status: 'both', change: 0, isWithinNoise: false });
        }
        for (const entry of functionChanges(tree(session), tree(session), plain)) expect(entry.change).toBe(0);
      }),
    );
  });

  test('changes of parts add up to the change of the whole', () => {
    fc.assert(
      fc.property(arbitrarySession, arbitrarySession, fc.boolean(), (first, second, normalize) => {
        const root = diff(first, second, { normalize });
        const scale = root.before + root.after;
        for (const node of callersFirst(root)) {
          expect(close(node.after - node.before - node.change, scale)).toBe(true);
          if (node.children.length === 0) continue;
          const below = node.children.reduce((sum, child) => sum + child.change, 0);
          expect(close(node.change - below, scale)).toBe(true);
        }
        const functions = functionChanges(tree(first), tree(second), { ...plain, normalize });
        expect(close(functions.reduce((sum, { change }) => sum + change, 0) - root.change, scale)).toBe(true);
      }),
    );
  });

  test('every call of both is there, once', () => {
    const nodesOf = (root: CallNode | null): Set<CallNode> => {
      const nodes = new Set<CallNode>();
      if (root !== null) visitNodes(root, (node) => nodes.add(node));
      return nodes;
    };
    fc.assert(
      fc.property(arbitrarySession, arbitrarySession, (first, second) => {
        const [earlier, later] = [tree(first), tree(second)];
        const pairs = callersFirst(diffTrees(earlier, later, plain) as DiffNode).map(({ calls }) => calls);
        for (const [side, root] of [
          ['before', earlier],
          ['after', later],
        ] as const) {
          const met = pairs.flatMap((pair) => pair[side] ?? []);
          expect(new Set(met).size).toBe(met.length);
          // The root may be described anew.
          for (const node of nodesOf(root)) if (node !== root) expect(met).toContain(node);
        }
      }),
    );
  });

  test('the other way round, signs turn', () => {
    fc.assert(
      fc.property(arbitrarySession, arbitrarySession, (first, second) => {
        const changes = (root: DiffNode): number[] =>
          callersFirst(root)
            .map(({ change }) => Math.abs(change))
            .sort();
        expect(changes(diff(second, first))).toEqual(changes(diff(first, second)));
      }),
    );
  });
});

test('very deep trees are compared', () => {
  const root = diff(deepSession(100_000), deepSession(100_000));
  expect(callersFirst(keepChanges(root, 0).root)).toHaveLength(100_001);
});
