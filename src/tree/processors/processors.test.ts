import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySession, mainThreadOf } from '../../../test/support/arbitrary-session.ts';
import { sessionFromText, treeToText } from '../../../test/support/session-from-text.ts';
import { type CallNode, visitNodes } from '../call-node.ts';
import { buildCallTree } from '../call-tree.ts';
import { foldRecursion } from '../fold-recursion.ts';
import { buildTimeline } from '../timeline.ts';
import { aggregateRepeatedCalls } from './aggregate-repeated-calls.ts';
import { mergeConsecutiveSelfTime } from './merge-consecutive-self-time.ts';
import { removeImportlib } from './remove-importlib.ts';
import { removeIrrelevantNodes } from './remove-irrelevant-nodes.ts';
import { removeIrrelevantPaths } from './remove-irrelevant-paths.ts';
import { removeLauncherFrames } from './remove-launcher-frames.ts';
import { removeTracebackhide } from './remove-tracebackhide.ts';
import { removeUnnecessarySelfTime } from './remove-unnecessary-self-time.ts';
import { unwrapLoneRoot } from './unwrap-lone-root.ts';

function timeline(text: string): CallNode {
  const session = sessionFromText(text);
  const tree = buildTimeline(session, mainThreadOf(session));
  if (tree === null) throw new Error('no samples');
  return tree;
}

test('import machinery gives way, also when nested, but not as the root', () => {
  const text = `
  1                                  2
  _load@<frozen importlib._bootstrap>  _load@<frozen importlib._bootstrap>
  _exec@<frozen importlib._bootstrap_external>
  module
`;
  expect(treeToText(removeImportlib(timeline(text)))).toMatchInlineSnapshot(`
    "3 _load
      1 module
        1 [self]
      2 [self]"
  `);
});

test('calls that hide themselves give way', () => {
  const text = `
  1      2
  main!  main!
  wrap!  wrap!
  job
`;
  expect(treeToText(removeTracebackhide(timeline(text)))).toMatchInlineSnapshot(`
    "3 main
      1 job
        1 [self]
      2 [self]"
  `);
});

test('only adjacent own time is merged', () => {
  const text = `
  1     2     4     8
  main  main  main  main
              f
`;
  expect(treeToText(mergeConsecutiveSelfTime(timeline(text)))).toMatchInlineSnapshot(`
    "15 main
      3 [self]
      4 f
        4 [self]
      8 [self]"
  `);
});

test('what is too small is absorbed by its parent', () => {
  const text = `
  1     2     97
  main  main  main
  a     b     b
  x     y     z
`;
  const tree = aggregateRepeatedCalls(timeline(text));
  expect(treeToText(removeIrrelevantNodes(tree, 0.02))).toMatchInlineSnapshot(`
    "100 main (absorbed 1)
      99 b
        97 z
          97 [self]
        2 y
          2 [self]"
  `);
});

test('of nothing, everything is too small', () => {
  expect(treeToText(removeIrrelevantNodes(timeline('0\nf\ng'), 0.01))).toBe('0 f');
});

test('in the order of time, all calls of one path are judged together', () => {
  const often = `
  1     1     1     1     1     90    1     1     1     1     1
  main  main  main  main  main  main  main  main  main  main  main
  f     g     f     g     f     work  f     g     h     f     g
  x     f     x     f                       f
`;
  expect(treeToText(removeIrrelevantPaths(mergeConsecutiveSelfTime(timeline(often)), 0.03))).toMatchInlineSnapshot(`
    "100 main (absorbed 1)
      1 f (absorbed 1)
      1 g
        1 f
          1 [self]
      1 f (absorbed 1)
      1 g
        1 f
          1 [self]
      1 f
        1 [self]
      90 work
        90 [self]
      1 f
        1 [self]
      1 g
        1 f
          1 [self]
      1 f
        1 [self]
      1 g (absorbed 1)"
  `);
});

/** Functions from the root down, for each node. */
function pathsOf(root: CallNode): ReadonlySet<string> {
  const paths = new Map<CallNode | null, string>([[null, '']]);
  visitNodes(root, (node, caller) => paths.set(node, `${paths.get(caller)} ${node.frame.identifier}`));
  return new Set(paths.values());
}

test('in the order of time, the same is left as of calls that are added together', () => {
  fc.assert(
    fc.property(arbitrarySession, fc.constantFrom(0.0123, 0.0937, 0.2871), (session, threshold) => {
      const tree = buildTimeline(session, mainThreadOf(session));
      if (tree === null) return;
      const expected = removeIrrelevantNodes(aggregateRepeatedCalls(tree), threshold);
      expect(pathsOf(removeIrrelevantPaths(tree, threshold))).toEqual(pathsOf(expected));
    }),
  );
});

test('in the order of time, nothing may be too small', () => {
  const tree = timeline('1     99\nf     g');
  expect(removeIrrelevantPaths(tree, 0.01)).toBe(tree);
  expect(removeIrrelevantPaths(tree, 0)).toBe(tree);
  expect(treeToText(removeIrrelevantPaths(timeline('0\nf\ng'), 0.01))).toBe('0 f');
});

test('own time that is an only child is absorbed', () => {
  const text = `
  1     2
  main  main
  f
`;
  expect(treeToText(removeUnnecessarySelfTime(timeline(text)))).toMatchInlineSnapshot(`
    "3 main
      1 f (absorbed 1)
      2 [self]"
  `);
});

describe("pyinstrument's launcher", () => {
  test('is stepped over, down the longest child', () => {
    const text = `
  0.1                               9
  main@/x/pyinstrument/__main__.py  main@/x/pyinstrument/__main__.py
  <module>@<string>                 <module>@<string>
  run_path@<frozen runpy>           run_path@<frozen runpy>
  compile()                         <module>
`;
    expect(treeToText(removeLauncherFrames(timeline(text)))).toMatchInlineSnapshot(`
      "9 <module>
        9 [self]"
    `);
  });

  test('stays where it is something else', () => {
    for (const text of ['1\nmain', '1\nmain@/x/pyinstrument/__main__.py\nf']) {
      const tree = timeline(text);
      expect(removeLauncherFrames(tree)).toBe(tree);
    }
  });
});

describe('a joining root', () => {
  test('gives way to the one child that is left, which takes all time', () => {
    const tree = removeIrrelevantNodes(timeline('0.5 99.5\nf   g'), 0.01);
    expect(treeToText(tree)).toContain('100 MainThread (absorbed 0.5)\n  99.5 g');
    expect(treeToText(unwrapLoneRoot(tree)).split('\n')[0]).toBe('100 g (absorbed 0.5)');
  });

  test('stays above several children, and above time that is not code', () => {
    for (const text of ['1 2\nf g', '1 2\n']) {
      const tree = timeline(text);
      expect(unwrapLoneRoot(tree)).toBe(tree);
    }
  });
});

describe('any tree', () => {
  const steps: Readonly<Record<string, (tree: CallNode) => CallNode>> = {
    removeImportlib,
    removeTracebackhide,
    mergeConsecutiveSelfTime,
    aggregateRepeatedCalls,
    removeIrrelevantNodes: (tree) => removeIrrelevantNodes(tree, 0.1),
    removeIrrelevantPaths: (tree) => removeIrrelevantPaths(tree, 0.1),
    foldRecursion: (tree) => foldRecursion(tree, 'in time order'),
    removeUnnecessarySelfTime,
    unwrapLoneRoot,
  };

  /** Each node's time is that of its children and what it says it has absorbed. */
  function isWhole(tree: CallNode): boolean {
    let whole = true;
    visitNodes(tree, ({ time, absorbedTime, children, frame }) => {
      const isLeaf = children.length === 0 && absorbedTime === 0;
      const sum = children.reduce((below, child) => below + child.time, absorbedTime);
      const told = isLeaf && frame.kind !== 'python' ? time : sum;
      whole &&= Math.abs(told - time) < 1e-9;
    });
    return whole;
  }

  test.each(Object.keys(steps))('%s neither makes nor loses time', (name) => {
    fc.assert(
      fc.property(arbitrarySession, (session) => {
        const thread = mainThreadOf(session);
        const trees = [
          buildTimeline(session, thread),
          buildCallTree(session, thread, { importMachinery: false, hidden: false }),
        ];
        for (const tree of trees) {
          if (tree === null) continue;
          const result = steps[name]?.(tree) ?? tree;
          expect(result.time).toBe(tree.time);
          expect(isWhole(tree)).toBe(true);
          expect(isWhole(result)).toBe(true);
        }
      }),
    );
  });
});
