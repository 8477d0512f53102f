import { describe, expect, test } from 'vitest';
import { stackIndex } from '../../src/tree/stack-index.ts';
import { sessionFromText, treeToText } from '../../test/support/session-from-text.ts';
import { plainOptions } from '../dev/plain-options.ts';
import { applyTransform } from './apply-transform.ts';
import { buildPageTree } from './page-tree.ts';
import type { Transform } from './transform.ts';

const session = sessionFromText(`
  1     2     4     8           16
  main  main  main  main        main
  a     a     b     b@lib/x.py  b@lib/x.py
  f     f     f     c@lib/y.py  c@lib/y.py
  f     g           f           d
  f
`);

const numberOf = (name: string, file = '/app/main.py'): number =>
  stackIndex(session).identities.findIndex((frame) => frame.functionName === name && frame.file === file);

function treeAfter(...transforms: Transform[]): string {
  const libraryOf = session.frames.map(({ file }) => (file?.startsWith('/app/lib') ? 'lib' : ''));
  const changed = transforms.reduce((current, transform) => applyTransform(current, transform, { libraryOf }), session);
  const [thread] = changed.threads;
  return treeToText(thread === undefined ? null : (buildPageTree(changed, thread, plainOptions)?.root ?? null));
}

describe('of a function', () => {
  test('focus: what its outermost calls did', () => {
    expect(treeAfter({ kind: 'focus-function', function: numberOf('f') })).toMatchInlineSnapshot(`
      "15 f
        12 [self]
        2 g (absorbed 2)
        1 f
          1 f (absorbed 1)"
    `);
    expect(treeAfter({ kind: 'focus-function', function: numberOf('a') })).toMatchInlineSnapshot(`
      "3 a
        3 f
          2 g (absorbed 2)
          1 f
            1 f (absorbed 1)"
    `);
  });

  test('merge: its time becomes its callers’ own', () => {
    expect(treeAfter({ kind: 'merge-function', function: numberOf('f') })).toMatchInlineSnapshot(`
      "31 main
        24 b
          24 c
            16 d (absorbed 16)
            8 [self]
        4 b (absorbed 4)
        3 a
          2 g (absorbed 2)
          1 [self]"
    `);
  });

  test('collapse: what it calls becomes its own time', () => {
    expect(treeAfter({ kind: 'collapse-function', function: numberOf('a') })).toMatchInlineSnapshot(`
      "31 main
        24 b
          24 c
            16 d (absorbed 16)
            8 f (absorbed 8)
        4 b
          4 f (absorbed 4)
        3 a (absorbed 3)"
    `);
  });

  test('collapse direct recursion', () => {
    expect(treeAfter({ kind: 'collapse-direct-recursion', function: numberOf('f') })).toMatchInlineSnapshot(`
      "31 main
        24 b
          24 c
            16 d (absorbed 16)
            8 f (absorbed 8)
        4 b
          4 f (absorbed 4)
        3 a
          3 f
            2 g (absorbed 2)
            1 [self]"
    `);
  });

  test('drop: samples with it are gone', () => {
    expect(treeAfter({ kind: 'drop-function', function: numberOf('f') })).toMatchInlineSnapshot(`
      "16 main
        16 b
          16 c
            16 d (absorbed 16)"
    `);
  });

  test('one that is not there changes nothing', () => {
    expect(treeAfter({ kind: 'drop-function', function: 1000 })).toBe(treeAfter());
  });
});

test('collapse all recursion: what is between the outermost and the innermost call goes', () => {
  const recursive = sessionFromText(`
    1     2
    main  main
    f     f
    g     g
    f     f
    h     x
  `);
  const number = stackIndex(recursive).identities.findIndex(({ functionName }) => functionName === 'f');
  const changed = applyTransform(recursive, { kind: 'collapse-recursion', function: number }, { libraryOf: [] });
  const [thread] = changed.threads;
  const tree = thread === undefined ? null : buildPageTree(changed, thread, plainOptions);
  expect(treeToText(tree?.root ?? null)).toMatchInlineSnapshot(`
    "3 main
      3 f
        2 x (absorbed 2)
        1 h (absorbed 1)"
  `);
});

test('collapse a library: its frames that call each other become the first one, callbacks stay', () => {
  expect(treeAfter({ kind: 'collapse-library', library: 'lib' })).toMatchInlineSnapshot(`
    "31 main
      24 b
        16 d (absorbed 16)
        8 f (absorbed 8)
      4 b
        4 f (absorbed 4)
      3 a
        3 f
          2 g (absorbed 2)
          1 f
            1 f (absorbed 1)"
  `);
});

describe('of a path', () => {
  const path = [numberOf('main'), numberOf('a'), numberOf('f')];

  test('focus: only the calls on it', () => {
    expect(treeAfter({ kind: 'focus-subtree', path })).toMatchInlineSnapshot(`
      "3 f
        2 g (absorbed 2)
        1 f
          1 f (absorbed 1)"
    `);
  });

  test('merge: other calls of the function stay', () => {
    expect(treeAfter({ kind: 'merge-node', path: path.slice(0, 2) })).toMatchInlineSnapshot(`
      "31 main
        24 b
          24 c
            16 d (absorbed 16)
            8 f (absorbed 8)
        4 b
          4 f (absorbed 4)
        3 f
          2 g (absorbed 2)
          1 f
            1 f (absorbed 1)"
    `);
  });

  test('may leave out frames that trees do not show', () => {
    const hiding = sessionFromText(`
      1      2
      main   main
      wrap!  job
      job
    `);
    const names = stackIndex(hiding).identities.map(({ functionName }) => functionName);
    const way = [names.indexOf('main'), names.indexOf('job')];
    const changed = applyTransform(hiding, { kind: 'focus-subtree', path: way }, { libraryOf: [] });
    expect(changed.threads[0]?.weight).toEqual(Float64Array.of(1, 2));
    expect(changed.stacks.parent).toEqual(Int32Array.of(-1));
  });
});

test('steps follow each other', () => {
  const steps: Transform[] = [
    { kind: 'focus-function', function: numberOf('a') },
    { kind: 'merge-function', function: numberOf('f') },
  ];
  expect(treeAfter(...steps)).toMatchInlineSnapshot(`
    "3 a
      2 g (absorbed 2)
      1 [self]"
  `);
});

test('samples without any frame are left out by a focus only', () => {
  const empty = {
    ...session,
    threads: session.threads.map((thread) => ({ ...thread, stack: thread.stack.slice().fill(-1, 0, 1) })),
  };
  const after = (transform: Transform): number | undefined =>
    applyTransform(empty, transform, { libraryOf: [] }).threads[0]?.stack.length;
  expect(after({ kind: 'merge-function', function: numberOf('a') })).toBe(5);
  expect(after({ kind: 'focus-function', function: numberOf('main') })).toBe(4);
});
