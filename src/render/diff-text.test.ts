import { describe, expect, test } from 'vitest';
import { deepSession, sessionFromText, type WrittenSession } from '../../test/support/session-from-text.ts';
import type { Session } from '../session/session.ts';
import { seconds } from '../session/units.ts';
import { diffTextRenderer } from './diff-text.ts';
import type { RenderOptions } from './renderer.ts';

const before = `
1      2      0.5   0.25
main   main   main  main
       load   old   same
`;
const after = `
1      3.5    0.75  0.25
main   main   main  main
       load   fresh same
`;

function report(
  first: string | WrittenSession | Session,
  second: string | WrittenSession | Session,
  options: RenderOptions = {},
): readonly string[] {
  const session = (value: string | WrittenSession | Session): Session =>
    typeof value === 'object' && 'frames' in value ? value : sessionFromText(value);
  const text = diffTextRenderer.render(
    { name: 'before.timesink', session: session(first) },
    { name: 'after.timesink', session: session(second) },
    { unicode: true, ...options },
  );
  expect(text.endsWith('\n')).toBe(true);
  return text.split('\n');
}

/** From the titles of the columns on. */
function table(lines: readonly string[]): readonly string[] {
  return lines.slice(lines.findIndex((line) => line.includes('after  ')));
}

test('the whole comparison', () => {
  const lines = report(before, after);
  expect(lines[0]).toMatch(/^timesink \S+ · difference$/);
  expect(lines[1]).toMatch(
    /^Before: before\.timesink {3}Recorded: \d\d:\d\d:\d\d {3}Samples: 4 every 1 ms {3}Duration: 3\.750 /,
  );
  expect(lines[2]).toMatch(/^After: {2}after\.timesink {4}Recorded: /);
  expect(lines.slice(3)).toEqual([
    '',
    'Program: main.py',
    '',
    'Duration: 3.750 s → 5.500 s   +1.750 s   +47 %   slower',
    '',
    '  before  after  change',
    '   3.750  5.500  +1.750  +47 %  main  main.py:1',
    '   2.000  3.500  +1.500  +75 %  ├─ load  main.py:1',
    '       -  0.750  +0.750    new  ├─ fresh  main.py:1',
    '   0.500      -  -0.500   gone  └─ old  main.py:1',
    '',
    'Most changed functions, by their own time',
    '  before  after  change',
    '   2.000  3.500  +1.500  +75 %  load  main.py:1',
    '       -  0.750  +0.750    new  fresh  main.py:1',
    '   0.500      -  -0.500   gone  old  main.py:1',
    '',
    'Calls that changed by less than 0.055 s are not shown (--show-all shows them).',
    '',
    '',
  ]);
});

test('shares instead of seconds', () => {
  const lines = report('1   1\nmain main\n    load', '3   1\nmain main\n    load', { normalize: true });
  expect(table(lines).slice(0, 4)).toEqual([
    '  % before  % after  points',
    '     100.0    100.0     0.0  0.0 %  main  main.py:1',
    '      50.0     75.0   +25.0  +50 %  ├─ [self]  main.py',
    '      50.0     25.0   -25.0  -50 %  └─ load  main.py:1',
  ]);
});

test('everything, on request', () => {
  const text = report(before, after, { show_all: true }).join('\n');
  expect(text).toContain('   1.000  1.000   0.000  0.0 %  ├─ [self]  main.py\n');
  expect(text).toContain('   0.250  0.250   0.000  0.0 %  └─ same  main.py:1\n');
  expect(text).not.toContain('not shown');
});

test('nothing changed', () => {
  const lines = report(before, before);
  expect(lines).toContain('Duration: 3.750 s → 3.750 s   0.000 s   0.0 %   the same');
  expect(table(lines).slice(1, 3)).toEqual(['   3.750  3.750   0.000  0.0 %  main  main.py:1', '']);
});

test('red is slower, green is faster, and signs say the same', () => {
  const text = report(before, after, { color: true }).join('\n');
  expect(text).toContain('\x1b[31m+1.500  +75 %\x1b[0m  ├─ ');
  expect(text).toContain('\x1b[32m-0.500   gone\x1b[0m  └─ ');
});

test('what may be chance is marked and explained', () => {
  const text = report('1    0.04\nmain main\n     f', '1    0.055\nmain main\n     f').join('\n');
  expect(text).toMatch(/\+0\.015 {2}~\+38 % {2}└─ f/);
  expect(text).toContain('\n~ may be chance: sampling alone makes changes of this size.\n');
});

test('library frames are folded into one line', () => {
  const library = (name: string): string => `${name}@/usr/lib/python3.13/json/decoder.py`;
  const run = (weight: number): string =>
    `${weight}\nmain\n${['a', 'b', 'c', 'd'].map((name) => `${library(name)}\n`).join('')}`;
  expect(table(report(run(1), run(2))).slice(1, 5)).toEqual([
    '   1.000  2.000  +1.000  +100 %  main  main.py:1',
    '   1.000  2.000  +1.000  +100 %  └─ a  json/decoder.py:1',
    '                                       [2 frames hidden]  json',
    '   1.000  2.000  +1.000  +100 %           d  json/decoder.py:1',
  ]);
});

test('what is gone is where it was', () => {
  const run = (folder: string, samples: string): WrittenSession => ({
    processes: [{ sysPath: [folder] }],
    threads: [{ samples }],
  });
  const samples = `
    1                 1                 1
    main@/old/app.py  main@/old/app.py  main@/old/app.py
                      [not sampled]     f@/old/app.py
  `;
  const lines = report(run('/old', samples), run('/new', '1\nmain@/new/app.py'));
  expect(table(lines).slice(1, 5)).toEqual([
    '   3.000  1.000  -2.000  -67 %  main  app.py:1',
    '   1.000      -  -1.000   gone  ├─ [not sampled]  app.py',
    '   1.000      -  -1.000   gone  └─ f  app.py:1',
    '',
  ]);
});

test('recursion is one line, unless all is asked for', () => {
  const run = (weight: number): string => `${weight}\nmain\n${'f\n'.repeat(8)}`;
  expect(report(run(1), run(2)).join('\n')).toContain('└─ f  main.py:1  [recursion, 8 deep]');
  expect(report(run(1), run(2), { recursion: 'full' }).filter((line) => line.includes('f  main.py'))).toHaveLength(9);
});

describe('what differs between the recordings is told', () => {
  const written = (changes: Partial<WrittenSession>): WrittenSession => ({
    threads: [{ samples: '1\nmain' }],
    ...changes,
  });

  test('program and Python', () => {
    const second = written({ processes: [{ runtimeVersion: '3.14.0' }], meta: { description: 'Program: b\x1b.py' } });
    const lines = report(written({}), second);
    expect(lines).toContain('Program: main.py → Program: b\\x1b.py');
    expect(lines).toContain('python 3.13.0 → python 3.14.0');
    expect(report(written({}), second, { unicode: false })).toContain('python 3.13.0 -> python 3.14.0');
  });

  test('how well they were recorded', () => {
    const lines = report(written({}), written({ quality: { notSampled: seconds(0.5) }, meta: { notes: ['Odd.'] } }));
    expect(lines).toContain('After:  Not sampled: 500 ms, while the recorder could not run.');
    expect(lines).toContain('After:  Note: Odd.');
  });
});

test('several threads have headings, others a line', () => {
  const run = (weight: number): WrittenSession => ({
    threads: [
      { samples: '1\nmain' },
      { name: 'worker', samples: `${weight}\nwork` },
      { name: 'idle', samples: '9w\nwait' },
    ],
    processes: [{}, { command: ['python3', 'other.py'] }],
  });
  const other = { ...run(4), threads: [...run(4).threads, { samples: '0.5\nmain', process: 1 }] };
  const lines = report(run(2), other);
  expect(lines).toContain('Thread worker · 2.0 s → 4.0 s running');
  expect(lines).toContain('Thread MainThread · 1.0 s → 1.0 s running');
  expect(lines).toContain('1 other thread (--threads compares it)');
  expect(lines).toContain('1 other process (--subprocesses compares it)');
  expect(report(run(2), other, { threads: true, subprocesses: true })).toContain(
    'Process 4001, thread MainThread · only after, 0.5 s running',
  );
});

test('recordings of nothing', () => {
  expect(report({ threads: [] }, { threads: [] })).toContain('No samples were recorded.');
});

test('very deep trees', () => {
  const lines = report(deepSession(20_000), deepSession(20_000), { recursion: 'full', show_all: true });
  expect(lines.some((line) => line.includes('deeper frames not shown]'))).toBe(true);
});

test('unknown options are refused', () => {
  expect(() => diffTextRenderer.check({ flat: true })).toThrow('the text difference report has no option flat');
});
