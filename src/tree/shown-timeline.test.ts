import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitrarySession, mainThreadOf, nodeList } from '../../test/support/arbitrary-session.ts';
import { sessionFromText, treeToText } from '../../test/support/session-from-text.ts';
import { SessionBuilder } from '../session/builder.ts';
import type { Session } from '../session/session.ts';
import { type CallNode, visitNodes } from './call-node.ts';
import { foldRecursion } from './fold-recursion.ts';
import { buildShownTree } from './pipeline.ts';
import { mergeConsecutiveSelfTime } from './processors/merge-consecutive-self-time.ts';
import { removeImportlib } from './processors/remove-importlib.ts';
import { removeIrrelevantPaths } from './processors/remove-irrelevant-paths.ts';
import { removeTracebackhide } from './processors/remove-tracebackhide.ts';
import { buildShownTimeline, mostShownCalls, type TimelineOptions } from './shown-timeline.ts';
import { buildTimeline } from './timeline.ts';

const plain = {
  replaced: { importMachinery: false, hidden: false },
  threshold: 0.03,
  joinsRecursion: false,
  leftOut: 'absorbed',
} as const satisfies TimelineOptions;

function shown(session: Session, options: Partial<TimelineOptions> = {}): CallNode | null {
  return buildShownTimeline(session, mainThreadOf(session), { ...plain, ...options });
}

/** The same step by step, with a node for every call. */
function stepByStep(session: Session, { replaced, threshold }: TimelineOptions): CallNode | null {
  let tree = buildTimeline(session, mainThreadOf(session));
  if (tree === null) return null;
  if (replaced.importMachinery) tree = removeImportlib(tree);
  if (replaced.hidden) tree = removeTracebackhide(tree);
  tree = mergeConsecutiveSelfTime(tree);
  return threshold === null ? tree : removeIrrelevantPaths(tree, threshold);
}

const arbitraryOptions = fc.record({
  replaced: fc.record({ importMachinery: fc.boolean(), hidden: fc.boolean() }),
  threshold: fc.constantFrom(null, 0, 0.0123, 0.0937, 0.2871),
  joinsRecursion: fc.constant(false),
  leftOut: fc.constant('absorbed' as const),
});

const often = sessionFromText(`
  1     1     1     94    1     1     1
  main  main  main  main  main  main  main
  f     g     h     work        g     f
        f
`);

test('time that is left out belongs to the caller, or has its place', () => {
  expect(treeToText(shown(often, { threshold: 0.02 }))).toMatchInlineSnapshot(`
    "100 main (absorbed 2)
      1 f
        1 [self]
      1 g (absorbed 1)
      94 work
        94 [self]
      1 g (absorbed 1)
      1 f
        1 [self]"
  `);
  expect(treeToText(shown(often, { threshold: 0.02, leftOut: 'in its place' }))).toMatchInlineSnapshot(`
    "100 main
      1 f
        1 [self]
      1 g
        1 [left out]
      1 [left out]
      94 work
        94 [self]
      1 [left out]
      1 g
        1 [left out]
      1 f
        1 [self]"
  `);
});

test('what there is step by step, to the last bit', () => {
  fc.assert(
    fc.property(arbitrarySession, arbitraryOptions, (session, options) => {
      expect(nodeList(shown(session, options))).toEqual(nodeList(stepByStep(session, options)));
    }),
    { numRuns: 500 },
  );
});

test('in its place, no time is lost', () => {
  fc.assert(
    fc.property(arbitrarySession, arbitraryOptions, (session, options) => {
      const tree = shown(session, { ...options, leftOut: 'in its place' });
      if (tree === null) return;
      visitNodes(tree, ({ time, children, absorbedTime }) => {
        expect(absorbedTime).toBe(0);
        const sum = children.reduce((below, child) => below + child.time, 0);
        if (children.length > 0) expect(sum).toBeCloseTo(time, 9);
      });
    }),
  );
});

/** Functions from the root down, for each node. */
function pathsOf(root: CallNode | null): ReadonlySet<string> {
  const paths = new Map<CallNode | null, string>([[null, '']]);
  if (root !== null)
    visitNodes(root, (node, caller) => paths.set(node, `${paths.get(caller)} ${node.frame.identifier}`));
  return new Set(paths.values());
}

test('what is enough in all levels of a recursion together stays for the folding', () => {
  const names = fc.array(fc.constantFrom('f', 'f', 'f', 'f', 'g', 'h'), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), names), { minLength: 1 }), (samples) => {
      const deepest = Math.max(...samples.map(([, stack]) => stack.length));
      const row = (cells: readonly string[]): string => cells.map((cell) => cell.padEnd(6)).join('');
      const rows = Array.from({ length: deepest }, (_, depth) => row(samples.map(([, stack]) => stack[depth] ?? '')));
      const head = [row(samples.map(([seconds]) => String(seconds))), row(samples.map(() => 'main'))];
      const session = sessionFromText([...head, ...rows].join('\n'));
      const options = { showAll: false, timeline: true, foldRecursion: true, filterThreshold: 0.0713 };
      const tree = stepByStep(session, { ...plain, threshold: null });
      const expected = tree && removeIrrelevantPaths(foldRecursion(tree, 'in time order'), options.filterThreshold);
      const without = (paths: ReadonlySet<string>): string[] => [...paths].filter((path) => !path.endsWith('[self]'));
      const actual = buildShownTree(session, mainThreadOf(session), options);
      expect(without(pathsOf(actual)).sort()).toEqual(without(pathsOf(expected)).sort());
    }),
  );
});

/** Rows that take turns on stacks with nothing in common but `main`. */
function jumping(stackCount: number, depth: number, rows: number): Session {
  const builder = new SessionBuilder();
  const template = sessionFromText('1\nmain');
  for (const process of template.processes) builder.addProcess(process);
  const [main] = template.frames;
  if (main === undefined) throw new Error('no frame');
  const stacks = Array.from({ length: stackCount }, (_, stack) =>
    builder.stack(
      Array.from({ length: depth }, (__, level) => {
        const functionName = level === 0 ? 'main' : `f${stack}_${level}`;
        return [builder.frame({ ...main, functionName }), 1] as const;
      }),
    ),
  );
  const thread = builder.addThread(mainThreadOf(template));
  for (let row = 0; row < rows; row++) thread.addRow(stacks[row % stackCount] as (typeof stacks)[0], 0.001, 1);
  return builder.finish(template.meta);
}

test('what is not shown costs no memory', () => {
  // More calls than a tree may have.
  const session = jumping(2000, 100, mostShownCalls / 90);
  for (const leftOut of ['absorbed', 'in its place'] as const) {
    const tree = shown(session, { threshold: 0.01, leftOut });
    expect(tree?.frame.functionName).toBe('main');
    expect(nodeList(tree).length).toBe(leftOut === 'absorbed' ? 1 : 2);
    expect(tree?.time).toBeCloseTo(mostShownCalls / 90 / 1000, 1);
  }
});

test('more calls than anyone can take in are refused', () => {
  const session = jumping(50, 100, mostShownCalls / 90);
  expect(() => shown(session, { threshold: null })).toThrow(
    expect.objectContaining({ code: 'UNWRITABLE_OUTPUT', message: expect.stringContaining('4,000,000') }),
  );
});
