import { expect, test } from 'vitest';
import { SessionBuilder } from '../../src/session/builder.ts';
import { threadState } from '../../src/session/session.ts';
import { mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { deepSession, sessionFromText, type WrittenSession } from '../../test/support/session-from-text.ts';
import { frameInfo } from '../../test/support/sessions.ts';
import { Model } from '../model/model.ts';
import { initialState, type Selection } from '../state/state.ts';
import { findMatch, findSelected, mostLookedAt, openHotPath, setSubtree } from './open-rows.ts';
import { RowKeys } from './row-keys.ts';
import { layOutRows, type NodeRow, type Openness, type Row } from './rows.ts';

const defaults = {
  ...{ timeline: false, showAll: false, filterThreshold: 0.001, hide: null, show: null },
  ...{ threads: false, subprocesses: false, time: 'seconds' as const },
};
const state = initialState(defaults);
const keys = new RowKeys();

const treesOf = (written: string | WrittenSession) =>
  new Model(sessionFromText(written), { defaults, sources: [] }).trees(state);

function drawn(rows: readonly Row[]): string[] {
  return rows.map((row) => {
    const mark = row.hasChildren ? (row.isOpen ? '-' : '+') : ' ';
    const text =
      row.kind === 'node'
        ? row.node.frame.functionName
        : row.kind === 'group'
          ? `(${row.hidden.count} hidden)`
          : row.owner.thread.name;
    return `${'  '.repeat(row.level - 1)}${mark} ${text} ${row.position}/${row.setSize}`;
  });
}

const program = `
  1000                       5     600
  main                       main  main
  a@/usr/lib/python3.13/x.py tiny  other
  b@/usr/lib/python3.13/x.py leaf
  c@/usr/lib/python3.13/x.py
  d@/usr/lib/python3.13/x.py
  callback
`;

test('open where it is worth it, libraries folded', () => {
  expect(drawn(layOutRows(treesOf(program), new Map(), keys))).toMatchInlineSnapshot(`
    [
      "- main 1/1",
      "  - a 1/3",
      "    + (2 hidden) 1/2",
      "    - d 2/2",
      "        callback 1/1",
      "    other 2/3",
      "  + tiny 3/3",
    ]
  `);
});

test('a bar opens its group', () => {
  const rows = layOutRows(treesOf(program), new Map(), keys);
  const bar = rows.find(({ kind }) => kind === 'group');
  if (bar === undefined) throw new Error('no bar');
  expect(drawn(layOutRows(treesOf(program), new Map([[bar.key, true]]), keys))).toMatchInlineSnapshot(`
    [
      "- main 1/1",
      "  - a 1/3",
      "    - (2 hidden) 1/2",
      "    - b 2/2",
      "      - c 1/1",
      "        - d 1/1",
      "            callback 1/1",
      "    other 2/3",
      "  + tiny 3/3",
    ]
  `);
});

test('rows are the same rows in a tree made anew', () => {
  const keysOf = (): number[] => layOutRows(treesOf(program), new Map(), keys).map(({ key }) => key);
  expect(keysOf()).toEqual(keysOf());
  expect(new Set(keysOf()).size).toBe(keysOf().length);
});

test('several threads have a row each', () => {
  const threads = [{ samples: '1\nmain' }, { samples: '2\nwork\njob', name: 'worker' }];
  expect(drawn(layOutRows(treesOf({ threads }), new Map(), keys))).toMatchInlineSnapshot(`
    [
      "- worker 1/2",
      "  - work 1/1",
      "      job 1/1",
      "- MainThread 2/2",
      "    main 1/1",
    ]
  `);
});

test('everything below a row opens and closes at once', () => {
  const trees = treesOf(program);
  const [top] = layOutRows(trees, new Map(), keys);
  if (top === undefined) throw new Error('no row');
  const closed = setSubtree(top, false, new Map(), keys);
  expect(drawn(layOutRows(trees, closed, keys))).toEqual(['+ main 1/1']);
  const open = setSubtree(top, true, closed, keys);
  expect(drawn(layOutRows(trees, open, keys))).toContain('  - tiny 3/3');
});

test('the hot path ends where no call has half of the time', () => {
  const trees = treesOf(`
    3     1     1
    main  main  main
    f     f     g
    x     y
  `);
  const start = layOutRows(trees, new Map([[-5, true]]), keys)[0] as NodeRow;
  const path = openHotPath(start, new Map(), keys);
  const rows = layOutRows(trees, path.openness, keys);
  expect(drawn(rows.filter(({ key }) => key === path.key))).toEqual(['      x 1/2']);
});

test('matches are found in order, also those within folded groups', () => {
  const trees = treesOf(program);
  const identifiers = trees.flatMap(({ tree }) =>
    tree === null ? [] : [...tree.groups.keys()].map(({ frame }) => frame.identifier),
  );
  const found = new Set(identifiers);
  const visit = (number: number): string | undefined => {
    const result = findMatch(trees, found, number, keys);
    if (result === null) return undefined;
    const openness: Openness = new Map(result.match.openKeys.map((key) => [key, true]));
    const row = layOutRows(trees, openness, keys).find(({ key }) => key === result.match.key);
    return row?.kind === 'node' ? `${row.node.frame.functionName} of ${result.count}` : 'no row';
  };
  expect([0, 1, 2, 4, -1].map(visit)).toEqual(['a of 4', 'b of 4', 'c of 4', 'a of 4', 'd of 4']);
  expect(findMatch(trees, new Set(['nosuch']), 0, keys)).toBeNull();
});

test('upside down, matches are found below rows that were never opened', () => {
  const model = new Model(sessionFromText('3     2     1\nmain  main  other\nf     g     main\nleaf  leaf  leaf'), {
    ...{ defaults, sources: [] },
  });
  const trees = model.trees({ ...state, inverted: true });
  const found = new Set(['main\0/app/main.py\x001']);
  const pathTo = (number: number): string => {
    const result = findMatch(trees, found, number, keys);
    const openness: Openness = new Map(result?.match.openKeys.map((key) => [key, true]));
    const rows = layOutRows(trees, openness, keys);
    const at = rows.findIndex(({ key }) => key === result?.match.key);
    const above = rows
      .slice(0, at + 1)
      .filter(({ level }, index, all) => all.slice(index + 1).every((row) => row.level > level));
    const names = above.map((row) => (row.kind === 'node' ? row.node.frame.functionName : row.kind));
    return `${names.join(' ')}, ${result?.count}, ${result?.isWhole}`;
  };
  expect([0, 1, 2, 3].map(pathTo)).toEqual([
    'MainThread leaf f main, 3, true',
    'MainThread leaf g main, 3, true',
    'MainThread leaf main, 3, true',
    'MainThread leaf f main, 3, true',
  ]);
});

test('upside down, not more is looked at than can be', () => {
  const builder = new SessionBuilder();
  const template = sessionFromText('1\nmain');
  for (const process of template.processes) builder.addProcess(process);
  const thread = builder.addThread(mainThreadOf(template));
  const chain = Array.from({ length: 300 }, (_, level) => builder.frame(frameInfo(level === 0 ? 'main' : `f${level}`)));
  for (let leaf = 0; leaf < 400; leaf++) {
    const path = [...chain, builder.frame(frameInfo(`leaf${leaf}`))];
    thread.add(builder.stack(path.map((frame) => [frame, 1])), 1, threadState.onCpu);
  }
  const trees = new Model(builder.finish(template.meta), { defaults, sources: [] }).trees({ ...state, inverted: true });
  const result = findMatch(trees, new Set(['main\0/srv/app.py\x001']), -1, keys);
  expect(result).toMatchObject({ count: Math.floor(mostLookedAt / 301), isWhole: false });
});

test('recursion of any depth', () => {
  const model = new Model(deepSession(50_000), { defaults, sources: [] });
  const deep = { ...state, options: { ...state.options, foldRecursion: false } };
  expect(layOutRows(model.trees(deep), new Map(), keys).length).toBe(50_000);
  expect(findMatch(model.trees(deep), new Set(['f\0/app/main.py\x001']), 49_999, keys)?.count).toBe(50_000);
});

test('what is selected in another view is found: its path, else its function', () => {
  const model = new Model(sessionFromText(program), { defaults, sources: [] });
  const trees = model.trees(state);
  const numberOf = (name: string): number => {
    for (let number = 0; ; number++) {
      const frame = model.functionOf(number);
      if (frame === undefined || frame.functionName === name) return frame === undefined ? -1 : number;
    }
  };
  const rowFor = (selection: Selection): string => {
    const match = findSelected(trees, selection, (frame) => model.functionNumber(frame), keys);
    const openness: Openness = new Map(match?.openKeys.map((key) => [key, true]));
    const row = layOutRows(trees, openness, keys).find(({ key }) => key === match?.key);
    return row?.kind === 'node' ? `${row.node.frame.functionName} at level ${row.level}` : 'none';
  };
  expect(rowFor({ function: numberOf('tiny'), path: [numberOf('main'), numberOf('tiny')] })).toBe('tiny at level 2');
  expect(rowFor({ function: numberOf('callback'), path: [numberOf('other')] })).toBe('callback at level 6');
  expect(rowFor({ function: numberOf('b') })).toBe('b at level 3');
  expect(rowFor({ function: 1000 })).toBe('none');
});
