/** Can a run be shown again that nobody thought of saving? */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSession } from '../../src/session/file.ts';
import { type Python, testWithPython } from '../support/pythons.ts';
import { type RunResult, runCli } from '../support/run-cli.ts';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'timesink-test-'));
});
afterEach(() => rmSync(data, { recursive: true }));

const busy = 'import time\nend = time.monotonic() + 0.1\nwhile time.monotonic() < end: pass\n';

const run = (python: Python | undefined, ...args: string[]): Promise<RunResult> =>
  runCli(args, {
    files: { 'main.py': busy },
    env: { XDG_DATA_HOME: data, ...(python === undefined ? {} : { TIMESINK_PYTHON: python.path }) },
  });

const folder = (): string => join(data, 'timesink/sessions');
const hint = /\nTo see this run in another way:\n {4}timesink --load-prev (\S+) \[options\]\n\n$/;
const idIn = (text: string): string => hint.exec(text)?.[1] ?? '';
const tree = (text: string): string => text.slice(text.indexOf('Program:'), text.indexOf('To see this run'));

testWithPython('a run is kept, and shown again by its id, or as the newest', async (python) => {
  const first = await run(python, 'main.py', 'one');
  const second = await run(python, '-p', 'flat', 'main.py', 'two');
  expect(idIn(first.stdout)).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(-2)?$/);
  const again = await run(undefined, '--load-prev', idIn(first.stdout));
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(again.stdout).toContain('Program: main.py one\n');
  expect(again.stdout).not.toMatch(hint);
  expect((await run(undefined, '--load-prev')).stdout).toContain('Program: main.py two\n');
  const flat = await run(undefined, '--load-prev', '-p', 'flat', '--no-color');
  expect(tree(flat.stdout).trim()).toBe(tree(second.stdout).trim());
  expect(readdirSync(folder())).toHaveLength(2);
});

testWithPython('what was recorded is kept whole, for nobody else to read', async (python) => {
  const { stdout } = await run(python, '--thread', 'MainThread', '--to', '0.05', 'main.py');
  const path = join(folder(), `${idIn(stdout)}.timesink`);
  const { meta } = readSession(readFileSync(path), path);
  expect(meta.duration).toBeGreaterThan(0.09);
  expect(meta.notes).toEqual([]);
  expect(stdout).toContain('Only 0 s to 0.05 s of ');
  expect([statSync(folder()).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600]);
});

testWithPython('the hint goes where the report goes', async (python) => {
  const { stdout, stderr } = await run(python, '--', python.path, 'main.py');
  expect(stdout).toBe('');
  expect(stderr).toMatch(hint);
});

testWithPython('other formats, files, and what is loaded are not kept', async (python) => {
  for (const args of [
    ['-r', 'json'],
    ['-o', 'report.txt'],
    ['-o', '-'],
    ['-o', '/dev/null'],
  ]) {
    const { stdout, code } = await run(python, ...args, 'main.py');
    expect(code).toBe(0);
    expect(stdout).not.toMatch(hint);
  }
  expect(readdirSync(data)).toEqual([]);
});

testWithPython('runs at the same time, and more than ten, all keep to their own', async (python) => {
  const results = await Promise.all([
    run(python, 'main.py', 'a'),
    run(python, 'main.py', 'b'),
    run(python, 'main.py', 'c'),
  ]);
  const ids = results.map(({ stdout }) => idIn(stdout));
  expect(new Set(ids).size).toBe(3);
  for (const [index, id] of ids.entries()) {
    expect((await run(undefined, '--load-prev', id)).stdout).toContain(`Program: main.py ${'abc'[index]}\n`);
  }
  for (let day = 10; day < 18; day++) writeFileSync(join(folder(), `2020-01-${day}T00-00-00.timesink`), 'x');
  const last = await run(python, 'main.py', 'd');
  const left = readdirSync(folder());
  expect(left).toHaveLength(10);
  expect(left).toContain(`${idIn(last.stdout)}.timesink`);
});

testWithPython('a folder that cannot be written costs nothing but the hint', async (python) => {
  writeFileSync(join(data, 'timesink'), 'a file');
  const { stdout, stderr, code } = await run(python, 'main.py');
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(stdout).toContain('Program: main.py\n');
  expect(stdout).not.toMatch(hint);
  expect((await run(python, '--debug', 'main.py')).stderr).toContain('the run is not kept in');
});

testWithPython('timesink list shows them, newest first, damaged ones too', async (python) => {
  expect((await run(undefined, 'list')).stdout).toBe('No runs are kept yet.\n');
  const id = idIn((await run(python, '--target-description', 'a\u001b[2J{args}', 'main.py')).stdout);
  mkdirSync(join(folder(), '2020-01-01T00-00-00.timesink'));
  writeFileSync(join(folder(), '2020-01-02T00-00-00.timesink'), 'x');
  const { stdout, stderr, code } = await run(undefined, 'list');
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const lines = stdout.split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^Id +Age +Duration +Size +Title$/);
  expect(lines.slice(1).find((line) => line.startsWith(id))).toMatch(
    /just now +\d\.\d\d s +\d+ \w?B {2}a\\x1b\[2Jmain\.py$/,
  );
  expect(stdout).toMatch(/^2020-01-02T00-00-00 .*\(damaged\)$/m);
});

test('one that is not kept is told', async () => {
  expect(await run(undefined, '--load-prev', '2020-01-01T00-00-00')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^timesink: no runs are kept yet\n {2}\S.*\n$/),
  });
});

testWithPython('a damaged one, and an unknown one, are told', async (python) => {
  await run(python, 'main.py');
  writeFileSync(join(folder(), '2020-01-02T00-00-00.timesink'), 'x');
  for (const id of ['2020-01-02T00-00-00', '2020-01-03T00-00-00', '../x']) {
    const { code, stderr } = await run(undefined, '--load-prev', id);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^timesink: .*\n( {2}.*\n)?$/);
    expect(stderr).toContain(id);
  }
});
