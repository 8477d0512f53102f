/** Are saved recordings compared and merged on the command line? */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSession } from '../../src/session/file.ts';
import { parsePyisession } from '../../src/session/pyisession.ts';
import { testWithPython } from '../support/pythons.ts';
import { type RunResult, runCli } from '../support/run-cli.ts';

const golden = (name: string): string => readFileSync(new URL(`../golden/${name}.pyisession`, import.meta.url), 'utf8');

const main = 'MainThread\0<thread>\x007';
const work = (line: number): string => `work\0/srv/app.py\0${line}`;

/** A recording of a program that works for some seconds. */
function written(seconds: number, startTime: number, line = 5): string {
  return JSON.stringify({
    start_time: startTime,
    duration: seconds + 0.5,
    min_interval: 0.001,
    max_interval: 0.001,
    sample_count: 2,
    start_call_stack: [main],
    target_description: 'Program: app.py',
    cpu_time: seconds,
    sys_path: ['/srv'],
    sys_prefixes: ['/usr'],
    frame_records: [
      [[main, '<module>\0/srv/app.py\x001'], 0.5],
      [[main, '<module>\0/srv/app.py\x001', work(line)], seconds],
    ],
  });
}

const files = {
  'before.pyisession': written(1, 1000),
  'after.pyisession': written(3, 2000, 9),
  'basic.pyisession': golden('basic'),
  'notes.txt': 'buy milk\n',
};

const run = (args: readonly string[], collect: readonly string[] = []): Promise<RunResult> =>
  runCli(args, { files, collect, env: { LC_ALL: 'C.UTF-8', NO_COLOR: undefined, FORCE_COLOR: undefined } });

describe('timesink diff', () => {
  test('prints the tree with the times before and after', async () => {
    const { stdout, stderr, code } = await run(['diff', 'before.pyisession', 'after.pyisession']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toContain('\nProgram: app.py\n');
    expect(stdout).toContain('\nDuration: 1.500 s → 3.500 s   +2.000 s   +133 %   slower\n');
    expect(stdout).toMatch(/^ +1\.500 +3\.500 +\+2\.000 +\+133 % +└─ <module> {2}app\.py:1$/m);
    expect(stdout).toMatch(/^ +1\.000 +3\.000 +\+2\.000 +\+200 % +└─ work {2}app\.py:9$/m);
  });

  test('writes the format that the file or -r asks for', async () => {
    const pair = ['before.pyisession', 'after.pyisession'];
    const { files, stdout } = await run(['diff', ...pair, '-o', 'diff.md'], ['diff.md']);
    expect(stdout).toBe('');
    expect(String(files.get('diff.md'))).toMatch(/^# Difference: `Program: app\.py`\n/);
    const json = await run(['diff', '-r', 'json', '--normalize', ...pair]);
    expect(JSON.parse(json.stdout)).toMatchObject({ unit: 'share', threads: [{ name: 'MainThread' }] });
  });

  test('makes a page of both', async () => {
    const pair = ['before.pyisession', 'after.pyisession'];
    const { files, stderr, code } = await run(['diff', ...pair, '-o', 'diff.html'], ['diff.html']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(String(files.get('diff.html'))).toContain('<title>1.5 s → 3.5 s · app.py · timesink</title>');
  });

  test('colours on request', async () => {
    const { stdout } = await run(['diff', '--color', 'before.pyisession', 'after.pyisession']);
    expect(stdout).toContain('\x1b[31m+2.000  +200 %\x1b[0m');
  });

  test.each([
    [['before.pyisession'], 2, 'timesink: timesink diff compares two recordings, not 1\n'],
    [['a', 'b', 'c'], 2, 'timesink: timesink diff compares two recordings, not 3\n'],
    [['before.pyisession', 'gone.pyisession'], 1, 'timesink: cannot read gone.pyisession: no such file or directory\n'],
    [['before.pyisession', 'notes.txt'], 1, 'timesink: notes.txt: not a recorded session\n'],
    [
      ['-r', 'pstats', 'before.pyisession', 'after.pyisession'],
      2,
      'timesink: there is no format "pstats" for differences\n',
    ],
    [
      ['-p', 'flat', 'before.pyisession', 'after.pyisession'],
      2,
      'timesink: the text difference report has no option flat\n',
    ],
    [['--timeline', 'before.pyisession', 'after.pyisession'], 2, "timesink: unknown option '--timeline'\n"],
  ])('says what is wrong with %j', async (args, expectedCode, message) => {
    const { stdout, stderr, code } = await run(['diff', ...args]);
    expect({ stdout, code }).toEqual({ stdout: '', code: expectedCode });
    expect(stderr.slice(0, message.length)).toBe(message);
  });
});

describe('timesink merge', () => {
  test('writes one recording that holds all', async () => {
    const args = ['merge', 'after.pyisession', 'before.pyisession', 'basic.pyisession', '-o', 'all.timesink'];
    const { files, stdout, stderr, code } = await run(args, ['all.timesink']);
    expect({ stdout, stderr, code }).toEqual({ stdout: '', stderr: '', code: 0 });
    const session = readSession(files.get('all.timesink') ?? new Uint8Array(), 'all.timesink');
    expect(session.processes).toHaveLength(3);
    expect(session.meta).toMatchObject({ startTime: 1000 });
  });

  test('adds up with --sum, also into a .pyisession', async () => {
    const args = ['merge', '--sum', 'after.pyisession', 'before.pyisession', '-o', 'sum.pyisession'];
    const { files } = await run(args, ['sum.pyisession']);
    const session = parsePyisession(String(files.get('sum.pyisession')), 'sum.pyisession');
    expect(session.meta).toMatchObject({ startTime: 1000, duration: 5, cpuTime: 4, sampleCount: 4 });
    expect(session.threads.map(({ weight }) => [...weight])).toEqual([[0.5, 1, 0.5, 3]]);
  });

  test('can show the result at once', async () => {
    const { stdout } = await run(['merge', '--sum', '-r', 'text', 'before.pyisession', 'after.pyisession']);
    expect(stdout).toMatch(/^5\.000 MainThread .*\n└─ 5\.000 <module> .*\n {3}├─ 3\.000 work {2}app\.py:9$/m);
  });

  test('gives a recording to a pipe', async () => {
    const { stdout } = await run(['merge', 'before.pyisession', 'after.pyisession']);
    expect(stdout.charCodeAt(0)).toBe(0x1f);
  });

  test.each([
    [[], 2, 'timesink: timesink merge needs two recordings or more\n'],
    [['before.pyisession', '-o', 'x.timesink'], 2, 'timesink: timesink merge needs two recordings or more\n'],
    [['before.pyisession', 'gone', '-o', 'x.timesink'], 1, 'timesink: cannot read gone: no such file or directory\n'],
    [['before.pyisession', 'notes.txt', '-o', 'x.timesink'], 1, 'timesink: notes.txt: not a recorded session\n'],
    [
      ['before.pyisession', 'after.pyisession', '-o', 'x.pyisession'],
      2,
      'timesink: a pyisession file holds one process, and there are 2\n',
    ],
  ])('says what is wrong with %j', async (args, expectedCode, message) => {
    const { stdout, stderr, code, files } = await run(['merge', ...args], ['x.timesink', 'x.pyisession']);
    expect({ stdout, code, written: files.size }).toEqual({ stdout: '', code: expectedCode, written: 0 });
    expect(stderr.slice(0, message.length)).toBe(message);
  });
});

testWithPython('a program that got slower is found by recording it twice', async (python) => {
  const program = (seconds: number): string =>
    `import time\ndef work():\n    end = time.monotonic() + ${seconds}\n    while time.monotonic() < end: pass\nwork()\n`;
  const record = async (seconds: number): Promise<string> => {
    const { files } = await runCli(['-o', 'run.pyisession', 'main.py'], {
      files: { 'main.py': program(seconds) },
      collect: ['run.pyisession'],
      env: { TIMESINK_PYTHON: python.path },
    });
    return String(files.get('run.pyisession'));
  };
  const { stdout } = await runCli(['diff', 'before.pyisession', 'after.pyisession', '--no-unicode'], {
    files: { 'before.pyisession': await record(0.2), 'after.pyisession': await record(0.6) },
  });
  expect(stdout).toMatch(/ \+0\.\d{3} +\+\d+ % {2}[|`]- work {2}main\.py:2$/m);
});
