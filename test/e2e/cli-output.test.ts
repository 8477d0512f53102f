/** Where does the report go, and what is said when something cannot be done? */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeEachPython, type Python, testWithPython } from '../support/pythons.ts';
import { type RunResult, runCli } from '../support/run-cli.ts';

const timesink = fileURLToPath(new URL('../../dist/timesink.js', import.meta.url));
const golden = fileURLToPath(new URL('../golden/basic.pyisession', import.meta.url));

const example = fileURLToPath(new URL('../../examples/slow.py', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const busy = 'import time\nprint("output")\nend = time.monotonic() + 0.1\nwhile time.monotonic() < end: pass\n';

const run = (python: Python, args: readonly string[], collect: readonly string[] = []): Promise<RunResult> =>
  runCli(args, { files: { 'main.py': busy, old: 'old' }, env: { TIMESINK_PYTHON: python.path }, collect });

describe('a report', () => {
  testWithPython('goes to standard output, after what the program printed', async (python) => {
    const { stdout, stderr } = await run(python, ['main.py']);
    expect(stdout).toMatch(/^output\n.*Program: main\.py\n/s);
    expect(stderr).toBe('');
  });

  testWithPython('goes to standard error after --, with standard output not a terminal', async (python) => {
    const { stdout, stderr } = await run(python, ['--', python.path, 'main.py']);
    expect(stdout).toBe('output\n');
    expect(stderr).toContain(`Program: ${python.path} main.py\n`);
  });

  testWithPython('goes to the file of -o, in the format of its name', async (python) => {
    const names = ['report.txt', 'report.json', 'report.pyisession'];
    for (const name of names) {
      const { stdout, stderr, files } = await run(python, ['-o', name, 'main.py'], names);
      expect({ stdout, stderr }).toEqual({ stdout: 'output\n', stderr: '' });
      const text = String(files.get(name));
      if (name === 'report.txt') expect(text).toContain('Program: main.py\n');
      else expect(JSON.parse(text)).toMatchObject({ target_description: 'Program: main.py' });
    }
  });

  testWithPython('that is saved can be loaded and shown', async (python) => {
    for (const name of ['report.pyisession', 'report.timesink']) {
      const file = join(folder, name);
      expect(await run(python, ['-o', file, 'main.py'])).toMatchObject({ code: 0 });
      const { stdout, code } = await runCli(['--load', file]);
      expect(stdout).toContain('Program: main.py\n');
      expect(code).toBe(0);
    }
  });

  testWithPython('on a closed pipe is not missed', async (python) => {
    const script = 'set -o pipefail; "$@" | head -n 1';
    const { stdout, stderr, code } = await runShell(python, script, ['main.py']);
    expect({ stdout, stderr, code }).toEqual({ stdout: 'output\n', stderr: '', code: 0 });
  });

  testWithPython('names the source line that took longest', async (python) => {
    const { stdout } = await run(python, ['main.py']);
    expect(stdout).toMatch(/Hottest lines\n.*main\.py:\d +\S/);
  });
});

function runShell(python: Python, script: string, args: readonly string[]): Promise<RunResult> {
  writeFileSync(join(folder, 'main.py'), busy);
  const child = spawn('bash', ['-c', script, 'bash', process.execPath, timesink, ...args], {
    cwd: folder,
    env: { ...process.env, TIMESINK_PYTHON: python.path, TMPDIR: join(folder, 'tmp') },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ stdout, stderr, code, signal, files: new Map() }));
  });
}

describe('a report that cannot be written', () => {
  testWithPython('is found out before the program runs, and nothing is overwritten', async (python) => {
    for (const place of ['nosuch/report', '.', '/proc/report']) {
      const { stdout, stderr, code } = await run(python, ['-o', place, 'main.py']);
      expect({ place, stdout, code }).toEqual({ place, stdout: '', code: 5 });
      expect(stderr).toMatch(/^timesink: cannot write .*\n.*\n$/);
    }
    const { files, code } = await run(python, ['-o', 'old', '-p', 'nosuch', 'main.py'], ['old']);
    expect(String(files.get('old'))).toBe('old');
    expect(code).toBe(2);
  });

  testWithPython('is kept in the temporary folder', async (python) => {
    mkdirSync(join(folder, 'tmp'));
    for (const [script, args] of [
      ['"$@"', ['-o', '/dev/full', 'main.py']],
      ['"$@" > /dev/full', ['-c', 'import time; time.sleep(0.05)']],
    ] as const) {
      const { stderr, code } = await runShell(python, script, args);
      expect(stderr).toMatch(
        /^timesink: cannot write to .*: no space left on the device\n {2}The report is in .*\.txt\.\n$/,
      );
      const kept = /The report is in (.*)\.\n/.exec(stderr)?.[1] ?? '';
      expect(readFileSync(kept, 'utf8')).toContain('Program: ');
      expect(code).toBe(0);
    }
  });

  testWithPython('leaves the old file as it was, and says when it is lost', async (python) => {
    mkdirSync(join(folder, 'tmp'));
    writeFileSync(join(folder, 'report.txt'), 'old');
    // No file may grow at all: as on a full disk, but everywhere.
    const script = 'ulimit -f 0; "$@"';
    const { stdout, stderr, code } = await runShell(python, script, ['-o', 'report.txt', 'main.py']);
    expect(stderr).toBe(
      'timesink: cannot write to report.txt: the file would be too large\n' +
        '  It could not be kept in the temporary folder either: the file would be too large.\n',
    );
    expect({ stdout, code }).toEqual({ stdout: 'output\n', code: 0 });
    expect(readFileSync(join(folder, 'report.txt'), 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['main.py', 'report.txt', 'tmp']);
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });
});

describe('an error on the command line', () => {
  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['--nosuch', 'main.py'], 2, /unknown option '--nosuch'/],
    [['--intervall', '1', 'main.py'], 2, /Did you mean --interval/],
    [['-i', '0', 'main.py'], 2, /out of range\n.*0\.00005/],
    [['-i', '-1', 'main.py'], 2, /out of range/],
    [['-i', 'abc', 'main.py'], 2, /not a number/],
    [['-r', 'nosuch', 'main.py'], 2, /no report format "nosuch"/],
    [['-p', 'nosuch=1', 'main.py'], 2, /nosuch/],
    [['-r', 'pyisession', '-t', 'main.py'], 2, /timeline/],
    [['--load', 'x', 'main.py'], 2, /not both/],
    [['--load', 'x', '--load-prev'], 2, /not both/],
    [['--load-prev', 'x', '-m', 'y'], 2, /not both/],
    [['--from-path', '-m', 'x'], 2, /exclude each other/],
    [['--hide', 'x', '--hide-regex', 'y', 'main.py'], 2, /--hide and --hide-regex exclude each other/],
    [['--show', 'x', '--show-regex', 'y', 'main.py'], 2, /exclude each other/],
    [['--show-all', '--show', 'y', 'main.py'], 2, /exclude each other/],
    [['--hide-regex', '(', 'main.py'], 2, /must be a regular expression/],
    [['-p', 'flat', '-t', 'main.py'], 2, /timeline and flat cannot be used together/],
    [['-r', 'session', '--show-all', 'main.py'], 2, /no option show_all/],
    [['-p', 'time=bogus', 'main.py'], 2, /seconds or percent_of_total, not "bogus"/],
    [['--target-description', '{foo}', 'main.py'], 2, /Unknown placeholder 'foo' in --target-description/],
    [['--target-description', '{}', 'main.py'], 2, /Empty placeholder in --target-description/],
    [['--target-description', '{', 'main.py'], 2, /Single brace in --target-description/],
    [['--from', '3', '--to', '2', 'main.py'], 2, /nothing from 3 s to 2 s/],
    [['-r', './nosuch.mjs', 'main.py'], 2, /cannot load the report format \.\/nosuch\.mjs: there is no such file/],
    [['-r', 'package.Renderer', 'main.py'], 2, /no report format "package\.Renderer"/],
    [['nosuch.py'], 1, /there is no program nosuch\.py/],
    [['--from-path', 'nosuch'], 1, /no command nosuch on PATH/],
    [['--', 'nosuch'], 1, /no command nosuch on PATH/],
    [['--', './main.py.txt'], 1, /not executable/],
    [['empty'], 1, /no __main__\.py/],
    [['--python', '/nosuch/python', 'main.py'], 1, /cannot use the Python of --python/],
    [['app.js'], 1, /there is no program app\.js/],
    [['--load', 'nosuch'], 1, /cannot read nosuch: no such file/],
    [['--load', 'main.py'], 1, /main\.py/],
  ];
  test.each(cases)('%j ends with code %i and says why in at most two lines', async (args, code, message) => {
    const files = { 'main.py': 'print("ran")', 'main.py.txt': '', 'empty/x': '' };
    const result = await runCli(args, { files });
    expect(result.stderr).toMatch(message);
    expect(result.stderr).toMatch(/^timesink: .*\n( {2}.*\n)?$/);
    expect(result).toMatchObject({ code, stdout: '' });
  });

  test('--debug adds where it came from', async () => {
    const { stderr } = await runCli(['--debug', 'nosuch.py']);
    expect(stderr).toMatch(/\n {4}at /);
  });

  test('nothing to do shows the help, with exit code 2', async () => {
    const { stdout, code } = await runCli([]);
    expect(stdout).toContain('timesink [options] script.py');
    expect(code).toBe(2);
  });
});

test('--version and --help', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(await runCli(['--version'])).toMatchObject({
    code: 0,
    stdout: `timesink ${version}, on Node.js ${process.version}\n`,
  });
  expect(await runCli(['--help'])).toMatchObject({ code: 0, stderr: '' });
});

testWithPython('--use-timing-thread is accepted, and its lack of effect told once', async (python) => {
  const { stderr, code } = await run(python, ['--use-timing-thread', '-o', 'report', 'main.py']);
  expect(stderr).toMatch(/^timesink: --use-timing-thread has no effect\n {2}.*\n$/);
  expect(code).toBe(0);
});

testWithPython('--target-description is the title', async (python) => {
  const { stdout } = await run(python, ['--target-description', 'nightly of {args}', 'main.py', '-x']);
  expect(stdout).toContain('\nnightly of main.py -x\n');
});

test('--hide and --show choose by the whole path', async () => {
  const show = (...words: string[]): Promise<RunResult> => runCli(['--load', golden, '--no-unicode', ...words]);
  const usual = (await show()).stdout;
  const hidden = (await show('--hide', '*/main.py')).stdout;
  expect(hidden).not.toBe(usual);
  expect(hidden).toBe((await show('--hide-regex', '.*/main\\.py')).stdout);
  expect((await show('--hide', 'main.py')).stdout).toBe(usual);
  expect((await show('--hide', '*/main.py', '--show', '*/main.py')).stdout).toBe(usual);
});

test('--load shows a recording of pyinstrument', async () => {
  const { stdout, code } = await runCli(['--load', golden]);
  expect(stdout).toContain('Program: basic.py --flag 1\n');
  expect(code).toBe(0);
  const json = await runCli(['--load', golden, '-r', 'json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ target_description: 'Program: basic.py --flag 1' });
});

testWithPython('nothing is left in the temporary folder by a good run', async (python) => {
  mkdirSync(join(folder, 'tmp'));
  expect(await runShell(python, '"$@"', ['-o', 'report.json', 'main.py'])).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(['main.py', 'report.json', 'tmp']);
});

describeEachPython('the example', (python) => {
  test('is a program whose slow line the report finds', async () => {
    const { stdout, code } = await runCli([example, '240'], { env: { TIMESINK_PYTHON: python.path } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^customer \d+ +[\d.]+ USD\n/);
    const hottest = stdout.slice(stdout.indexOf('Hottest lines'));
    expect(hottest).toMatch(/slow\.py:\d+ +time\.sleep\(self\.ROUND_TRIP\)/);
    expect(hottest).toMatch(/slow\.py:\d+ +match = re\.match/);
  });
});
