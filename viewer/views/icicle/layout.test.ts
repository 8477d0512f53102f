import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../../src/session/session.ts';
import { visitNodes } from '../../../src/tree/call-node.ts';
import { stackIndex } from '../../../src/tree/stack-index.ts';
import { arbitrarySession } from '../../../test/support/arbitrary-session.ts';
import { deepSession, sessionFromText } from '../../../test/support/session-from-text.ts';
import { plainOptions } from '../../dev/plain-options.ts';
import { buildPageTree } from '../../model/page-tree.ts';
import { layOutFlame } from './flame-layout.ts';
import { type Icicle, pathOf, spanOf, timesOf } from './icicle.ts';
import { shownStacks } from './shown-stacks.ts';
import { finish } from './sliced.ts';
import { layOutTimeline } from './timeline-layout.ts';

const everything = { removeImportlib: false, removeTracebackhide: false, foldRecursion: false };
const asUsual = { removeImportlib: true, removeTracebackhide: true, foldRecursion: true };

function timelineOf(
  session: Session,
  leftOut = everything,
  isCounted: (state: number) => boolean = () => true,
): Icicle {
  const [thread] = session.threads;
  if (thread === undefined) throw new Error('no thread');
  return finish(layOutTimeline(thread, shownStacks(session, leftOut, 0), isCounted));
}

function flameOf(session: Session, isInverted = false): Icicle {
  const stacks = shownStacks(session, everything, 0);
  return finish(
    layOutFlame(
      session.threads.map((thread) => ({ name: thread.name, thread, stacks })),
      isInverted,
    ),
  );
}

/** One line for each depth: `name begin–end`. */
function toText(session: Session, icicle: Icicle): string {
  const { identities } = stackIndex(session);
  return icicle.levels
    .map(({ of }, depth) =>
      [...of]
        .map((number, box) => {
          const [begin, end] = spanOf(icicle, { depth, box });
          const name = number < 0 ? icicle.names[-1 - number] : identities[number]?.functionName;
          return `${name} ${Number(begin.toFixed(6))}–${Number(end.toFixed(6))}`;
        })
        .join(' | '),
    )
    .join('\n');
}

const calls = sessionFromText(`
  1     1w    2     4       8       1
  main  main  main  main    main    other
  a:1   a:2   b     a       b
  f     f     g     f
`);

describe('the timeline', () => {
  test('a call is a box as long as it lasts, whatever its line', () => {
    expect(toText(calls, timelineOf(calls))).toMatchInlineSnapshot(`
      "main 0–16 | other 16–17
      a 0–2 | b 2–4 | a 4–8 | b 8–16
      f 0–2 | g 2–4 | f 4–8"
    `);
  });

  test('rows that do not count are gaps', () => {
    expect(
      toText(
        calls,
        timelineOf(calls, everything, (state) => state !== 0),
      ),
    ).toMatchInlineSnapshot(`
      "main 0–1 | main 2–16 | other 16–17
      a 0–1 | b 2–4 | a 4–8 | b 8–16
      f 0–1 | g 2–4 | f 4–8"
    `);
  });

  test('frames that are left out make way for what they called', () => {
    const session = sessionFromText(`
      1     1                               2
      main  main                            main
      a!    load@<frozen importlib._bootstrap>  b
      f     f                               f
    `);
    expect(toText(session, timelineOf(session, asUsual))).toMatchInlineSnapshot(`
      "main 0–4
      f 0–2 | b 2–4
      f 2–4"
    `);
  });

  test('deep recursion is one box, with what all levels called below it', () => {
    const session = sessionFromText(`
      1     1     2     1
      main  main  main  main
      walk  walk  walk  walk
      walk  walk  leaf  walk
      walk  walk
      walk  walk
      walk  leaf
    `);
    const icicle = timelineOf(session, asUsual);
    expect(toText(session, icicle)).toMatchInlineSnapshot(`
      "main 0–5
      walk 0–5
      leaf 1–4"
    `);
    expect([...icicle.recursion.values()]).toEqual([5]);
  });

  test('stacks of any depth', () => {
    const deep = deepSession(10_000);
    expect(timelineOf(deep).levels).toHaveLength(10_000);
    expect(flameOf(deep).levels).toHaveLength(10_000);
    expect(flameOf(deep, true).levels).toHaveLength(10_000);
  });
});

describe('the flame graph', () => {
  test('calls of a path are one box, the largest to the left', () => {
    expect(toText(calls, flameOf(calls))).toMatchInlineSnapshot(`
      "main 0–16 | other 16–17
      b 0–10 | a 10–16
      g 0–2 | f 10–16"
    `);
  });

  test('upside down: what took the time itself on top, its callers below', () => {
    expect(toText(calls, flameOf(calls, true))).toMatchInlineSnapshot(`
      "b 0–8 | f 8–14 | g 14–16 | other 16–17
      main 0–8 | a 8–14 | b 14–16
      main 8–14 | main 14–16"
    `);
  });

  test('several threads stand side by side, each below its name', () => {
    const session = sessionFromText({
      threads: [{ samples: '1\nmain' }, { samples: '2 1\nrun run\nf', name: 'worker' }],
    });
    expect(toText(session, flameOf(session))).toMatchInlineSnapshot(`
      "worker 0–3 | MainThread 3–4
      run 0–3 | main 3–4
      f 0–2"
    `);
  });

  test('no samples, no boxes', () => {
    const empty = sessionFromText({ threads: [{ samples: '' }] });
    expect(flameOf(empty).levels).toHaveLength(0);
    expect(timelineOf(empty).levels).toHaveLength(0);
  });
});

/** Seconds by path of functions. */
function secondsByPath(icicle: Icicle): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [depth, { of }] of icicle.levels.entries()) {
    for (let box = 0; box < of.length; box++) {
      const path = pathOf(icicle, { depth, box }).join(' ');
      sums.set(path, (sums.get(path) ?? 0) + timesOf(icicle, { depth, box }).total);
    }
  }
  return sums;
}

/** The same of the call tree. */
function treeSecondsByPath(session: Session): Map<string, number> {
  const sums = new Map<string, number>();
  const [thread] = session.threads;
  const tree = thread === undefined ? null : buildPageTree(session, thread, plainOptions);
  if (tree === null) return sums;
  const numbers = new Map(stackIndex(session).identities.map(({ identifier }, number) => [identifier, number]));
  const paths = new Map<unknown, string>();
  visitNodes(tree.root, (node, caller) => {
    const above = caller === null ? '' : (paths.get(caller) ?? '');
    const own = node.frame.kind === 'root' ? '' : String(numbers.get(node.frame.identifier));
    const path = [above, own].filter((part) => part !== '').join(' ');
    paths.set(node, path);
    if (node.frame.kind !== 'root' && node.frame.kind !== 'self') sums.set(path, (sums.get(path) ?? 0) + node.time);
  });
  return sums;
}

test('times are those of the call tree', () => {
  fc.assert(
    fc.property(arbitrarySession, (any) => {
      const session = {
        ...any,
        meta: { ...any.meta, startCallStack: [], engine: 'file' as const },
        threads: any.threads.slice(0, 1),
      };
      const expected = treeSecondsByPath(session);
      for (const icicle of [timelineOf(session), flameOf(session)]) {
        const found = secondsByPath(icicle);
        for (const [path, seconds] of found) expect(seconds).toBeCloseTo(expected.get(path) ?? Number.NaN, 9);
        for (const [path, seconds] of expected) {
          if (seconds > 0) expect(found.get(path) ?? 0).toBeCloseTo(seconds, 9);
        }
      }
    }),
  );
});
