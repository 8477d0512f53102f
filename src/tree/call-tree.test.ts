import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySession, mainThreadOf, nodeList } from '../../test/support/arbitrary-session.ts';
import { sessionFromText, treeToText } from '../../test/support/session-from-text.ts';
import { SessionBuilder } from '../session/builder.ts';
import type { FrameIndex } from '../session/ids.ts';
import type { Session } from '../session/session.ts';
import { isSynthetic, totalSelfTime, visitNodes } from './call-node.ts';
import { buildCallTree } from './call-tree.ts';
import { aggregateRepeatedCalls } from './processors/aggregate-repeated-calls.ts';
import { mergeConsecutiveSelfTime } from './processors/merge-consecutive-self-time.ts';
import { removeImportlib } from './processors/remove-importlib.ts';
import { removeTracebackhide } from './processors/remove-tracebackhide.ts';
import { buildTimeline } from './timeline.ts';

const nothing = { importMachinery: false, hidden: false };

function timelineOf(text: string): string {
  const session = sessionFromText(text);
  return treeToText(buildTimeline(session, mainThreadOf(session)));
}

function callTreeOf(text: string): string {
  const session = sessionFromText(text);
  return treeToText(buildCallTree(session, mainThreadOf(session), nothing));
}

const calls = `
  1     2     4        8     16
  main  main  main     main  main
  load  load  price    load
  read()      [await]
`;

describe('in the order of time', () => {
  test('a call lasts while it and its callers stay the same', () => {
    expect(timelineOf(calls)).toMatchInlineSnapshot(`
      "31 main
        3 load
          1 read
            1 [self]
          2 [self]
        4 price
          4 [await]
        8 load
          8 [self]
        16 [self]"
    `);
  });

  test('another line or class is the same call, and the class seen longest is shown', () => {
    const text = `
  1       2         3
  main:1  main:2    main:2
  A.run   B.run:7   B.run:8
  go      go        go
`;
    expect(timelineOf(text)).toMatchInlineSnapshot(`
      "6 main
        6 B.run
          6 go
            1 [self]
            2 [self]
            3 [self]"
    `);
  });

  test('several outermost frames hang below the thread', () => {
    expect(timelineOf('1 2 3 4\nf g f')).toMatchInlineSnapshot(`
      "10 MainThread
        1 f
          1 [self]
        2 g
          2 [self]
        3 f
          3 [self]
        4 [self]"
    `);
  });
});

describe('the stack that started the recording', () => {
  const text = `
  1     2
  main  main
  run   run
  f     g
`;

  function treeFrom(...names: readonly string[]): string {
    const session = sessionFromText(text);
    const frameNumber = (name: string): number => session.frames.findIndex((frame) => frame.functionName === name);
    const startCallStack = names.map((name) => frameNumber(name) as FrameIndex);
    const started = { ...session, meta: { ...session.meta, startCallStack } };
    const tree = treeToText(buildTimeline(started, mainThreadOf(started)));
    expect(treeToText(buildCallTree(started, mainThreadOf(started), nothing)).split('\n')[0]).toBe(tree.split('\n')[0]);
    return tree.split('\n')[0] ?? '';
  }

  test('is left out as far as nothing else happened in it', () => {
    expect(treeFrom()).toBe('3 main');
    expect(treeFrom('main', 'run')).toBe('3 run');
    expect(treeFrom('main', 'run', 'f')).toBe('3 run');
    expect(treeFrom('run')).toBe('3 main');
    expect(treeFrom('main', 'g')).toBe('3 main');
  });
});

describe('added up', () => {
  test('repeated calls are one node, largest first', () => {
    expect(callTreeOf(calls)).toMatchInlineSnapshot(`
      "31 main
        16 [self]
        11 load
          10 [self]
          1 read
            1 [self]
        4 price
          4 [await]"
    `);
  });

  test('frames that give way put their children in their place', () => {
    const session = sessionFromText(`
  1     2                                 4       8
  main  main                              main    main
  f     _load@<frozen importlib._bootstrap>  skip!   f
        f                                 f
`);
    const tree = buildCallTree(session, mainThreadOf(session), { importMachinery: true, hidden: true });
    expect(treeToText(tree)).toMatchInlineSnapshot(`
      "15 main
        15 f
          15 [self]"
    `);
  });

  test('a call is hidden as a whole, and only that call', () => {
    const session = sessionFromText(`
  1     2      4     8
  main  main   main  main
  h     h!     x     h
  f     f            f
`);
    expect(
      treeToText(buildCallTree(session, mainThreadOf(session), { importMachinery: false, hidden: true })),
    ).toMatchInlineSnapshot(`
      "15 main
        8 h
          8 f
            8 [self]
        4 x
          4 [self]
        3 f
          3 [self]"
    `);
  });

  test('there is no tree without samples', () => {
    const session = sessionFromText('1\nmain');
    const empty = {
      ...mainThreadOf(session),
      stack: new Int32Array(),
      weight: new Float64Array(),
      state: new Uint8Array(),
    };
    expect(buildCallTree(session, empty, nothing)).toBeNull();
    expect(buildTimeline(session, empty)).toBeNull();
  });
});

describe('any recording', () => {
  test('gives the same tree at once and step by step, to the last bit', () => {
    fc.assert(
      fc.property(arbitrarySession, fc.boolean(), fc.boolean(), (session, importMachinery, hidden) => {
        const thread = mainThreadOf(session);
        let expected = buildTimeline(session, thread);
        if (expected === null) return;
        if (importMachinery) expected = removeImportlib(expected);
        if (hidden) expected = removeTracebackhide(expected);
        expected = aggregateRepeatedCalls(mergeConsecutiveSelfTime(expected));
        expect(nodeList(buildCallTree(session, thread, { importMachinery, hidden }))).toEqual(nodeList(expected));
      }),
      { numRuns: 500 },
    );
  });

  test('has all of its time in frames of its own', () => {
    fc.assert(
      fc.property(arbitrarySession, (session) => {
        const thread = mainThreadOf(session);
        const total = thread.weight.reduce((sum, weight) => sum + weight, 0);
        for (const tree of [buildTimeline(session, thread), buildCallTree(session, thread, nothing)]) {
          let own = 0;
          if (tree === null) continue;
          visitNodes(tree, (node) => {
            if (!isSynthetic(node) || node === tree) own += totalSelfTime(node);
          });
          expect(own).toBeCloseTo(total, 9);
          expect(tree.time).toBeCloseTo(total, 9);
        }
      }),
    );
  });
});

/** Rows take turns on stacks that differ in their innermost frames only. */
function alternating(depth: number, rows: number): Session {
  const builder = new SessionBuilder();
  const template = sessionFromText('1\nmain');
  for (const process of template.processes) builder.addProcess(process);
  const frames = template.frames.map((frame) => builder.frame(frame));
  const other = builder.frame({ ...(template.frames[0] as (typeof template.frames)[0]), functionName: 'other' });
  const shared = Array.from({ length: depth }, () => [frames[0] as (typeof frames)[0], 1] as const);
  const stacks = [frames[0] as (typeof frames)[0], other].map((frame) => builder.stack([...shared, [frame, 1]]));
  const thread = builder.addThread(mainThreadOf(template));
  for (let row = 0; row < rows; row++) thread.addRow(stacks[row % 2] as (typeof stacks)[0], 0.001, 1);
  return builder.finish(template.meta);
}

describe('size', () => {
  test('stacks of 100,000 frames', () => {
    const session = alternating(100_000, 4);
    let count = 0;
    for (const build of [
      buildTimeline,
      (...args: Parameters<typeof buildTimeline>) => buildCallTree(...args, nothing),
    ]) {
      const tree = build(session, mainThreadOf(session));
      if (tree !== null) visitNodes(tree, () => count++);
    }
    expect(count).toBe(100_000 + 4 * 2 + 100_000 + 2 * 2);
  });

  test('a sample costs what changed since the one before, not its depth', () => {
    const cost = (depth: number): number => {
      const session = alternating(depth, 100_000);
      buildCallTree(session, mainThreadOf(session), nothing);
      const start = process.cpuUsage();
      buildCallTree(session, mainThreadOf(session), nothing);
      return process.cpuUsage(start).user;
    };
    const shallow = cost(10);
    // A hundred times the depth; were every level touched for every sample, it would be a hundred times the work.
    expect(cost(1000)).toBeLessThan(20 * shallow);
  });
});
