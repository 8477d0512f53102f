import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { deepSession, sessionFromText, treeToText } from '../../test/support/session-from-text.ts';
import { recursiveSession, sessionOfStacks } from '../../test/support/stacks.ts';
import type { Session } from '../session/session.ts';
import { type CallNode, isSynthetic, levelsOf, totalSelfTime, visitNodes } from './call-node.ts';
import { buildCallTree } from './call-tree.ts';
import { fewestLevelsToFold, foldRecursion, type SiblingOrder } from './fold-recursion.ts';
import { mergeConsecutiveSelfTime } from './processors/merge-consecutive-self-time.ts';
import { buildTimeline } from './timeline.ts';

function treeOf(session: Session, order: SiblingOrder): CallNode {
  const thread = mainThreadOf(session);
  const tree =
    order === 'largest first'
      ? buildCallTree(session, thread, { importMachinery: false, hidden: false })
      : buildTimeline(session, thread);
  if (tree === null) throw new Error('no samples');
  return order === 'largest first' ? tree : mergeConsecutiveSelfTime(tree);
}

const climbing = `
  1     2     4     8     16    32
  main  main  main  main  main  main
  f     f     f     f     f     g
  f     f     f     f     f
  f     f     f     f     f
  g     f     f     f     f
        g     f     f     h
              g     f
                    g
`;

function folded(text: string, order: SiblingOrder): CallNode {
  return foldRecursion(treeOf(sessionFromText(text), order), order);
}

const times = (name: string, count: number): readonly string[] => Array<string>(count).fill(name);

/** Name and levels of each node that is folded. */
function recursions(tree: CallNode): readonly string[] {
  const found: string[] = [];
  visitNodes(tree, ({ frame, recursionLevels }) => {
    if (recursionLevels !== undefined) found.push(`${frame.functionName} ${recursionLevels}`);
  });
  return found;
}

describe('folded', () => {
  test('all levels are one node, and what they called is added together', () => {
    const tree = folded(climbing, 'largest first');
    expect(recursions(tree)).toEqual(['f 6']);
    expect(treeToText(tree)).toMatchInlineSnapshot(`
      "63 main
        32 g
          32 [self]
        31 f
          16 h
            16 [self]
          15 g
            15 [self]"
    `);
  });

  test('in the order of time, calls follow each other', () => {
    const tree = folded(climbing, 'in time order');
    expect(recursions(tree)).toEqual(['f 6']);
    expect(treeToText(tree)).toMatchInlineSnapshot(`
      "63 main
        31 f
          1 g
            1 [self]
          2 g
            2 [self]
          4 g
            4 [self]
          8 g
            8 [self]
          16 h
            16 [self]
        32 g
          32 [self]"
    `);
  });

  test('own time of all levels is one leaf', () => {
    const text = `
  1  2  4  8  16  32  64
  f  f  f  f  f   f   f
     f  f  f  f   f
        f  f  f
           f  f
              f
              g
`;
    for (const order of ['largest first', 'in time order'] as const) {
      const tree = folded(text, order);
      expect(recursions(tree)).toEqual(['f 5']);
      expect(totalSelfTime(tree)).toBe(111);
    }
    expect(treeToText(folded(text, 'largest first'))).toMatchInlineSnapshot(`
      "127 f
        111 [self]
        16 g
          16 [self]"
    `);
    expect(treeToText(folded(text, 'in time order'))).toMatchInlineSnapshot(`
      "127 f
        15 [self]
        16 g
          16 [self]
        96 [self]"
    `);
  });

  test('a recursion below another function of the recursion is one of its own', () => {
    const inner = times('f', 5).join('\n');
    const tree = folded(`1\nmain\n${inner}\ng\n${inner}\nf`, 'largest first');
    expect(recursions(tree)).toEqual(['f 5', 'f 6']);
  });

  test('recursions that several levels call are one', () => {
    const session = sessionOfStacks([
      [[...times('f', 5), ...times('g', 5)], 1],
      [[...times('f', 6), ...times('g', 6)], 2],
    ]);
    const tree = foldRecursion(treeOf(session, 'largest first'), 'largest first');
    expect(recursions(tree)).toEqual(['f 6', 'g 6']);
    const timeline = foldRecursion(treeOf(session, 'in time order'), 'in time order');
    expect(recursions(timeline)).toEqual(['f 6', 'g 5', 'g 6']);
  });

  test('four levels are not folded', () => {
    const tree = treeOf(sessionFromText('1\nf\nf\nf\nf\ng'), 'largest first');
    expect(foldRecursion(tree, 'largest first')).toBe(tree);
  });

  test('functions that call each other in turn are not folded', () => {
    const tree = treeOf(sessionFromText(`1\n${'f\ng\n'.repeat(9)}`), 'largest first');
    expect(foldRecursion(tree, 'largest first')).toBe(tree);
  });

  test('100,000 levels', () => {
    for (const order of ['largest first', 'in time order'] as const) {
      const tree = foldRecursion(treeOf(deepSession(100_000), order), order);
      expect(tree).toMatchObject({ time: 1, recursionLevels: 100_000 });
      expect(tree.children.map((child) => child.frame.kind)).toEqual(['self']);
    }
  });
});

/** Each function's own time. */
function ownTimes(tree: CallNode): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  visitNodes(tree, (node) => {
    if (isSynthetic(node)) return;
    times.set(node.frame.identifier, (times.get(node.frame.identifier) ?? 0) + totalSelfTime(node));
  });
  return times;
}

/** The most levels of each function that stand directly on top of each other. */
function deepestRuns(tree: CallNode): ReadonlyMap<string, number> {
  const runs = new Map<CallNode, number>();
  const deepest = new Map<string, number>();
  visitNodes(tree, (node, caller) => {
    const { identifier } = node.frame;
    const above = caller?.frame.identifier === identifier ? (runs.get(caller) ?? 0) : 0;
    const run = above + levelsOf(node);
    runs.set(node, run);
    deepest.set(identifier, Math.max(deepest.get(identifier) ?? 0, run));
  });
  return deepest;
}

describe.each(['largest first', 'in time order'] as const)('any tree, %s', (order) => {
  test('keeps its total, and the own time of every function', () => {
    fc.assert(
      fc.property(recursiveSession, (session) => {
        const tree = treeOf(session, order);
        const result = foldRecursion(tree, order);
        expect(result.time).toBe(tree.time);
        const own = ownTimes(result);
        for (const [name, seconds] of ownTimes(tree)) expect(own.get(name)).toBeCloseTo(seconds, 9);
        expect(own.size).toBe(ownTimes(tree).size);
      }),
    );
  });

  test('has the time of its parts at every node', () => {
    fc.assert(
      fc.property(recursiveSession, (session) => {
        visitNodes(foldRecursion(treeOf(session, order), order), ({ time, absorbedTime, children }) => {
          if (children.length === 0) return;
          expect(children.reduce((sum, child) => sum + child.time, absorbedTime)).toBeCloseTo(time, 9);
        });
      }),
    );
  });

  test('has no recursion left, and says how deep each was', () => {
    fc.assert(
      fc.property(recursiveSession, (session) => {
        const tree = treeOf(session, order);
        const result = foldRecursion(tree, order);
        visitNodes(result, (node, caller) => {
          if (node.recursionLevels === undefined) return;
          expect(node.recursionLevels).toBeGreaterThanOrEqual(fewestLevelsToFold);
          expect(caller?.frame.identifier).not.toBe(node.frame.identifier);
        });
        const before = deepestRuns(tree);
        const isFolded = [...before.values()].some((run) => run >= fewestLevelsToFold);
        if (isFolded) expect(result).not.toBe(tree);
        else if (order === 'in time order') expect(result).toBe(tree);
        for (const [name, run] of before) expect(deepestRuns(result).get(name)).toBeGreaterThanOrEqual(run);
      }),
    );
  });
});

test('added together, every function is there once among its siblings, largest first', () => {
  fc.assert(
    fc.property(recursiveSession, (session) => {
      visitNodes(foldRecursion(treeOf(session, 'largest first'), 'largest first'), ({ children }) => {
        expect(new Set(children.map((child) => child.frame.identifier)).size).toBe(children.length);
        const times = children.map((child) => child.time);
        expect(times).toEqual([...times].sort((a, b) => b - a));
      });
    }),
  );
});
