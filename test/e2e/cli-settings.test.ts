/** Do options in the files of a project count, and less than those on the command line? */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { testWithPython } from '../support/pythons.ts';
import { type RunResult, runCli } from '../support/run-cli.ts';

const golden = fileURLToPath(new URL('../golden/basic.pyisession', import.meta.url));

const toml = (...lines: string[]): string => ['[tool.timesink]', ...lines, ''].join('\n');
const view = (pyproject: string, ...args: string[]): Promise<RunResult> =>
  runCli(['view', golden, ...args], { files: { 'pyproject.toml': pyproject } });

test('they count where the command line says nothing', async () => {
  const json = await view(toml('renderer = "json"', 'timeline = true', 'render-option = ["show_all"]'));
  expect(json).toEqual(await runCli(['view', golden, '-r', 'json', '-t', '--show-all']));
  const text = await view(toml('renderer = "json"', 'timeline = true', 'unicode = true'), '-r', 'text', '--no-unicode');
  expect(text).toEqual(await runCli(['view', golden, '-t', '--no-unicode']));
});

test('formats pass over what is not for them, but not over what was typed', async () => {
  const settings = toml('timeline = true', 'show-all = true', 'hide = "x"', 'render-option.flat_time = "total"');
  expect(await view(settings, '-r', 'pyisession')).toMatchObject({ code: 0, stderr: '' });
  expect(await view(settings, '-r', 'pyisession', '-t')).toMatchObject({ code: 2 });
});

test('one of the command line replaces what excludes it', async () => {
  expect(await view(toml('show-all = true'), '--show', 'x')).toMatchObject({ code: 0 });
  expect(await view(toml('hide = "a"'), '--hide-regex', 'x')).toMatchObject({ code: 0 });
});

testWithPython('a run has them as well', async (python) => {
  const { stdout, stderr, code } = await runCli(['main.py'], {
    files: {
      'main.py': 'import time; time.sleep(0.1)',
      'package.json': '{"timesink": {"interval": 0.01, "target-description": "nightly {args}"}}',
    },
    env: { TIMESINK_PYTHON: python.path },
  });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(stdout).toContain('every 10 ms');
  expect(stdout).toContain('\nnightly main.py\n');
});

test.each([
  [toml('nosuch = 1'), 'pyproject.toml: there is no option "nosuch"'],
  [toml('interval = = 1'), 'pyproject.toml, line 2: '],
  [toml('renderer = "nosuch"'), 'no report format "nosuch"'],
])('a mistake in %j is told, and nothing is run', async (pyproject, message) => {
  const { stdout, stderr, code } = await runCli(['-c', 'print("ran")'], { files: { 'pyproject.toml': pyproject } });
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  expect(stderr).toMatch(/^timesink: .*\n( {2}.*\n)?$/);
  expect(stderr).toContain(message);
});

test('help, version and list do not care', async () => {
  const files = { 'pyproject.toml': toml('nosuch = 1') };
  for (const words of [['--help'], ['--version'], ['list'], ['view', '--help']]) {
    expect(await runCli(words, { files })).toMatchObject({ code: 0, stderr: '' });
  }
});
