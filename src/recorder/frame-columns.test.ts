import { expect, test } from 'vitest';
import { recordedSession } from '../../test/support/sessions.ts';
import { columnsFromTree, treeAnswer, treeFromColumns } from './frame-columns.ts';
import { processTree } from './processors.ts';
import type { FrameTree } from './protocol.ts';
import { render } from './reports.ts';

const main = 'main\0/app/main.py\x001';
const load = 'load\0/usr/lib/python3.13/json/x.py\x002';
const read = 'read\0/usr/lib/python3.13/json/y.py\x003';

/** `main` calls `load` twice, which calls `read`. */
const tree: FrameTree = {
  identifiers: [main, load, read, '[self]'],
  identifier: [0, 1, 2, 3, 1, 3],
  parent: [-1, 0, 1, 0, 0, 4],
  time: [10, 4, 3, 1, 5, 5],
  absorbedTime: [0, 0, 0, 0, 0.5, 0],
  attributes: [{ l5: 10 }, { l1: 4, cA: 4 }, {}, {}, { l2: 5, cA: 1 }, {}],
  group: [-1, -1, -1, -1, -1, -1],
  groups: [],
};

test('come back as they were', () => {
  expect(columnsFromTree(treeFromColumns(tree))).toEqual({ ...tree, source: [0, 1, 2, 3, 4, 5] });
});

test('add up attributes when calls are added up, and tell where nodes came from', () => {
  const processed = processTree(tree, [{ name: 'aggregate_repeated_calls', options: {} }], []);
  expect(processed.identifier.map((number) => processed.identifiers[number])).toEqual([
    main,
    load,
    '[self]',
    read,
    '[self]',
  ]);
  expect(processed.source).toEqual([0, 1, 5, 2, 3]);
  expect(processed.time).toEqual([10, 9, 5, 3, 1]);
  expect(processed.absorbedTime[1]).toBe(0.5);
  expect(processed.attributes[1]).toEqual({ l1: 4, cA: 5, l2: 5 });
});

test('keep their groups in later steps', () => {
  const steps = [
    { name: 'group_library_frames_processor', options: {} },
    { name: 'remove_unnecessary_self_time_nodes', options: {} },
  ];
  const processed = processTree(tree, steps, []);
  expect(processed.group).toEqual([-1, 0, 0, -1, 1]);
  expect(processed.groups).toEqual([1, 4]);
  // They can be sent in again.
  expect(columnsFromTree(treeFromColumns(processed)).groups).toEqual([1, 4]);
});

test('are told with short paths and with what is the program’s own', () => {
  const answer = treeAnswer(tree, { sysPath: ['/app', '/usr/lib/python3.13'], sysPrefixes: ['/usr'] });
  expect(answer.shortPaths).toEqual(['main.py', 'json/x.py', 'json/y.py', '']);
  expect(answer.application).toEqual([true, false, false, false, false, false]);
});

test('may be deeper than any call stack', () => {
  const depth = 30_000;
  const each = <Value>(value: (index: number) => Value): Value[] =>
    Array.from({ length: depth }, (_, index) => value(index));
  const deep: FrameTree = {
    identifiers: ['f\0/app/f.py\x001'],
    identifier: each(() => 0),
    parent: each((index) => index - 1),
    time: each(() => 1),
    absorbedTime: each(() => 0),
    attributes: each(() => ({})),
    group: each(() => -1),
    groups: [],
  };
  const steps = ['aggregate_repeated_calls', 'remove_importlib', 'group_library_frames_processor'];
  const processed = processTree(
    deep,
    steps.map((name) => ({ name, options: {} })),
    [],
  );
  expect(processed.parent).toEqual(deep.parent);
});

test('are not processed by what there is not', () => {
  expect(() => processTree(tree, [{ name: 'toString', options: {} }], [])).toThrow(/no processor "toString"/);
  expect(() => processTree(tree, [{ name: 'remove_irrelevant_nodes', options: { threshold: 1 } }], [])).toThrow(
    /remove_irrelevant_nodes report has no option threshold/,
  );
});

test('are shown by reports as they are, with classes and groups', () => {
  const session = recordedSession();
  const request = { kind: 'render', session: 1, renderer: 'text', options: {} } as const;
  const grouped = processTree(tree, [{ name: 'group_library_frames_processor', options: {} }], []);
  const answer = render(session, { ...request, tree: grouped }, '/');
  const lines = ('text' in answer ? answer.text : '').split('\n');
  const from = lines.findIndex((line) => line.includes('main'));
  expect(lines.slice(from, from + 8).map((line) => line.trimEnd())).toMatchInlineSnapshot(`
    [
      "10.000 main  /app/main.py:1",
      "|- 4.000 A.load  json/x.py:2",
      "|  \`- 3.000 read  json/y.py:3",
      "|- 1.000 [self]  /app/main.py",
      "\`- 5.000 A.load  json/x.py:2",
      "   \`- 5.000 [self]  json/x.py",
      "",
      "Hottest lines",
    ]
  `);
  expect(() => render(session, { ...request, renderer: 'html', tree }, '/')).toThrow(/html report/);
});
