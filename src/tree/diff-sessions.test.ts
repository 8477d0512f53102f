import { describe, expect, test } from 'vitest';
import { sessionFromText, type WrittenSession } from '../../test/support/session-from-text.ts';
import { displayName } from './call-node.ts';
import { type DiffSessionsOptions, diffSessions, type SessionDiff } from './diff-sessions.ts';

const options: DiffSessionsOptions = {
  normalize: false,
  showAll: false,
  filterThreshold: 0.01,
  hide: undefined,
  show: undefined,
  threads: false,
  subprocesses: false,
};

function compare(
  before: string | WrittenSession,
  after: string | WrittenSession,
  changes: Partial<DiffSessionsOptions> = {},
): SessionDiff {
  return diffSessions(sessionFromText(before), sessionFromText(after), { ...options, ...changes });
}

function threadNames(diff: SessionDiff): readonly string[] {
  return diff.shown.flatMap(({ shown }) =>
    shown.map(({ times: { before, after } }) => `${before?.thread.name ?? '-'} ${after?.thread.name ?? '-'}`),
  );
}

const pool = (...weights: readonly number[]): WrittenSession => ({
  threads: [
    { samples: '9w\nmain' },
    ...weights.map((weight, index) => ({ name: `pool-${index}`, samples: `${weight}\nwork` })),
  ],
});

describe('threads', () => {
  test('the main thread and the busy ones, on either side, are compared', () => {
    const diff = compare(pool(8, 0.1, 4), pool(0.1, 0.1, 6));
    expect(threadNames(diff)).toEqual(['pool-2 pool-2', 'pool-0 pool-0', 'MainThread MainThread']);
    expect(diff.shown[0]?.others.map(({ after }) => after?.thread.name)).toEqual(['pool-1']);
  });

  test('all are, when asked for', () => {
    const diff = compare(pool(8, 0.1), pool(8), { threads: true });
    expect(threadNames(diff)).toEqual(['pool-0 pool-0', 'pool-1 -', 'MainThread MainThread']);
    expect(diff.shown[0]?.shown[1]?.tree?.root.status).toBe('gone');
  });

  test('recordings without threads have nothing to compare', () => {
    expect(compare({ threads: [] }, { threads: [] })).toEqual({ shown: [], others: [] });
  });

  test('a thread without samples has no tree', () => {
    expect(compare({ threads: [{ samples: '' }] }, { threads: [{ samples: '' }] }).shown[0]?.shown[0]?.tree).toBeNull();
  });
});

describe('processes', () => {
  const run = (main: number, worker: number): WrittenSession => ({
    processes: [{}, { command: ['python3', 'worker.py'] }],
    threads: [{ samples: `${main}\nmain` }, { samples: `${worker}\nwork`, process: 1 }],
  });

  test('the busiest of both is compared', () => {
    const diff = compare(run(1, 4), run(2, 1));
    expect(diff.shown[0]?.process.after?.command).toEqual(['python3', 'worker.py']);
    expect(diff.others).toHaveLength(1);
  });

  test('all are, when asked for', () => {
    expect(compare(run(1, 4), run(2, 1), { subprocesses: true })).toMatchObject({ shown: [{}, {}], others: [] });
  });
});

describe('trees', () => {
  test('begin at the program, and leave out what changed little', () => {
    const diff = compare('1    2    0.5\nmain main main\n     f    g', '1    3    0.5\nmain main main\n     f    g');
    const tree = diff.shown[0]?.shown[0]?.tree;
    expect(tree?.root).toMatchObject({ before: 3.5, after: 4.5, frame: { functionName: 'main' } });
    expect(tree?.root.children.map(displayName)).toEqual(['f']);
    expect(tree?.omitted).toBe(1);
  });

  test('hold everything, when asked for', () => {
    const diff = compare('1    2\nmain main\n     f', '1    2\nmain main\n     f', { showAll: true });
    expect(diff.shown[0]?.shown[0]).toMatchObject({ least: 0, tree: { omitted: 0 } });
    expect(diff.shown[0]?.shown[0]?.tree?.root.children.map(displayName)).toEqual(['f', '[self]']);
  });

  test('group what libraries call among themselves', () => {
    const library = (file: string): string => `${file}@/usr/lib/python3.13/${file}.py`;
    const run = (weight: number): string =>
      `1    ${weight}\nmain main\n     ${library('a')}\n     ${library('b')}\n     ${library('c')}`;
    const tree = compare(run(1), run(3)).shown[0]?.shown[0]?.tree;
    expect(new Set(tree?.groups.values()).size).toBe(1);
    expect([...(tree?.application ?? [])].map(displayName)).toEqual(['main']);
  });

  test('fold recursion, when asked for', () => {
    const run = (weight: number): string => `${weight}\nmain\n${'f\n'.repeat(8)}`;
    const folded = compare(run(1), run(2), { foldRecursion: true }).shown[0]?.shown[0]?.tree;
    expect(folded?.root.children).toMatchObject([{ recursionLevels: 8, change: 1, children: [] }]);
  });

  test('of a checkout elsewhere are the same', () => {
    const run = (folder: string, line: number): WrittenSession => ({
      processes: [{ sysPath: [folder, '/usr/lib/python3.13'] }],
      threads: [{ samples: `1 ${line}\nmain@${folder}/app.py main@${folder}/app.py` }],
    });
    const tree = compare(run('/old/checkout', 1), run('/new/checkout', 2)).shown[0]?.shown[0]?.tree;
    expect(tree?.root).toMatchObject({ status: 'both', change: 1, frame: { file: '/new/checkout/app.py' } });
  });
});

test("functions are told as the application's or a library's", () => {
  const run = (weight: number): string => `1    ${weight}\nmain main\n     dumps@/usr/lib/python3.13/json/__init__.py`;
  const functions = compare(run(1), run(3)).shown[0]?.shown[0]?.functions;
  expect(functions?.map(({ calls, isApplication }) => [calls.after?.frame.functionName, isApplication])).toEqual([
    ['dumps', false],
    ['main', true],
  ]);
});
