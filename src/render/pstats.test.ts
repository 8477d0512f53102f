import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { describeEachPython, testWithPython } from '../../test/support/pythons.ts';
import { deepSession, sessionFromText } from '../../test/support/session-from-text.ts';
import type { Session } from '../session/session.ts';
import { pstatsRenderer } from './pstats.ts';
import type { RenderOptions } from './renderer.ts';

/** A key of `pstats` as `file:line(function)`. */
type FunctionName = string;

/** What Python found in a file. */
interface Answer {
  /** [ncalls, primitive calls, own time, time with what was called]. */
  readonly functions: Readonly<Record<FunctionName, readonly number[]>>;
  readonly callers: Readonly<Record<FunctionName, Readonly<Record<FunctionName, readonly number[]>>>>;
  readonly total: number;
  /** What the report, the callers, the callees and the report without folders look like. */
  readonly printed: readonly string[];
}

const program = `
import io, json, pstats, sys

def name(key):
    return '%s:%d(%s)' % key

def printed(report):
    stream = stats.stream = io.StringIO()
    report()
    return '\\n'.join(stream.getvalue().split('\\n')[2:])

stats = pstats.Stats(sys.argv[1])
answer = {
    'functions': {name(key): entry[:4] for key, entry in stats.stats.items()},
    'callers': {name(key): {name(caller): sums for caller, sums in entry[4].items()} for key, entry in stats.stats.items()},
    'total': stats.total_tt,
}
answer['printed'] = [
    printed(stats.print_stats),
    printed(stats.print_callers),
    printed(stats.print_callees),
    printed(stats.strip_dirs().sort_stats('cumulative').print_stats),
]
print(json.dumps(answer))
`;

function loadIn(python: string, session: Session, options: RenderOptions = {}): Answer {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-pstats-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'x.pstats');
  writeFileSync(file, pstatsRenderer.render(session, options));
  const { stdout, stderr } = spawnSync(python, ['-c', program, file], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Answer;
}

/** `walk` calls itself, through `visit` too; both are called from two places. */
const recursive = sessionFromText(`
  1     2     4      8      16     32
  main  main  main   main   main   main
  walk  walk  walk   visit  walk   [await]
        walk  visit  walk   sleep()
              walk   visit
                     walk
`);

describeEachPython('pstats', ({ path }) => {
  test('has own times and times of outermost calls', () => {
    const { functions, total } = loadIn(path, recursive);
    expect(functions).toEqual({
      '/app/main.py:1(main)': [0, 0, 32, 63],
      '/app/main.py:1(walk)': [0, 0, 15, 31],
      '/app/main.py:1(visit)': [0, 0, 0, 12],
      '<built-in>:0(sleep)': [0, 0, 16, 16],
    });
    expect(total).toBe(63);
  });

  test('has the same for the calls of each caller', () => {
    expect(loadIn(path, recursive).callers).toEqual({
      '/app/main.py:1(main)': {},
      '/app/main.py:1(walk)': {
        '/app/main.py:1(main)': [0, 0, 1, 23],
        '/app/main.py:1(walk)': [0, 0, 2, 2],
        '/app/main.py:1(visit)': [0, 0, 12, 12],
      },
      '/app/main.py:1(visit)': {
        '/app/main.py:1(main)': [0, 0, 0, 8],
        '/app/main.py:1(walk)': [0, 0, 0, 12],
      },
      '<built-in>:0(sleep)': { '/app/main.py:1(walk)': [0, 0, 16, 16] },
    });
  });

  test('prints reports', () => {
    expect(loadIn(path, sessionFromText('1    2\nmain main\n     load')).printed[3]).toMatchInlineSnapshot(`
      "         0 function calls in 3.000 seconds

         Ordered by: cumulative time

         ncalls  tottime  percall  cumtime  percall filename:lineno(function)
              0    1.000             3.000          main.py:1(main)
              0    2.000             2.000          main.py:1(load)


      "
    `);
  });

  test('takes any names and numbers', () => {
    const session = sessionFromText('1\nmain');
    const odd = { functionName: '\udc80é\0"', file: 'C:\\ü\ud800.py', firstLine: 2 ** 53 - 1, className: null };
    const changed = { ...session, frames: session.frames.map((frame) => ({ ...frame, ...odd })) };
    const key = `${odd.file}:${odd.firstLine}(${odd.functionName})`;
    expect(loadIn(path, changed).functions).toEqual({ [key]: [0, 0, 1, 1] });
  });
});

describe('several threads and processes', () => {
  const session = sessionFromText({
    threads: [
      { name: 'worker', samples: '1    8\nrun  run\nload' },
      { samples: '2    16\nmain main\nload' },
      { samples: '4    \nmain\nload', process: 1 },
    ],
    processes: [{}, { command: ['/usr/bin/python3', 'child.py'] }],
  });

  testWithPython('the main thread alone', ({ path }) => {
    expect(loadIn(path, session).functions).toEqual({
      '/app/main.py:1(main)': [0, 0, 16, 18],
      '/app/main.py:1(load)': [0, 0, 2, 2],
    });
  });

  testWithPython('all threads, each below an entry of its own', ({ path }) => {
    const { functions, callers } = loadIn(path, session, { threads: true });
    expect(functions).toEqual({
      '<thread>:1001(MainThread)': [0, 0, 0, 18],
      '/app/main.py:1(main)': [0, 0, 16, 18],
      '/app/main.py:1(load)': [0, 0, 3, 3],
      '<thread>:1000(worker)': [0, 0, 0, 9],
      '/app/main.py:1(run)': [0, 0, 8, 9],
    });
    expect(callers['/app/main.py:1(run)']).toEqual({ '<thread>:1000(worker)': [0, 0, 8, 9] });
    expect(callers['/app/main.py:1(load)']).toEqual({
      '/app/main.py:1(main)': [0, 0, 2, 2],
      '/app/main.py:1(run)': [0, 0, 1, 1],
    });
  });

  testWithPython('all processes', ({ path }) => {
    expect(loadIn(path, session, { subprocesses: true }).functions).toEqual({
      '<thread>:1001(python3 main.py (4000): MainThread)': [0, 0, 0, 18],
      '<thread>:1002(python3 child.py (4001): MainThread)': [0, 0, 0, 4],
      '/app/main.py:1(main)': [0, 0, 16, 22],
      '/app/main.py:1(load)': [0, 0, 6, 6],
    });
    expect(loadIn(path, session, { threads: true, subprocesses: true }).total).toBe(31);
  });

  testWithPython('time without any frame is the thread’s', ({ path }) => {
    const { functions, total } = loadIn(path, sessionFromText('1 2\n  main'));
    expect(functions).toEqual({ '<thread>:1000(MainThread)': [0, 0, 1, 3], '/app/main.py:1(main)': [0, 0, 2, 2] });
    expect(total).toBe(3);
  });
});

test('nothing recorded is an empty dict', () => {
  expect(pstatsRenderer.render(sessionFromText({ threads: [] }))).toEqual(Uint8Array.from(Buffer.from('{0')));
});

testWithPython('100,000 calls deep', ({ path }) => {
  expect(loadIn(path, deepSession(100_000)).functions).toEqual({ '/app/main.py:1(f)': [0, 0, 1, 1] });
});
