/** Does a program find itself started as without timesink? */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeEachPython, testWithPython } from '../support/pythons.ts';
import { runCli } from '../support/run-cli.ts';

const timesink = fileURLToPath(new URL('../../dist/timesink.js', import.meta.url));
const plain = fileURLToPath(new URL('../programs/cli-plain.py', import.meta.url));

let folder = '';
const openFiles: number[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  writeFileSync(join(folder, 'given'), 'given');
  for (let count = 0; count < 2; count++) openFiles.push(openSync(join(folder, 'given'), 'r'));
});
afterAll(() => {
  for (const descriptor of openFiles) closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

const environment = {
  PATH: process.env['PATH'],
  EMPTY: '',
  TEXT: ` it's "$HOME"\n`,
  'odd.name-1': 'x',
  'BASH_FUNC_f%%': '() { :; }',
  PWD: '/somewhere/else',
  SHLVL: '3',
  IFS: 'abc',
  PPID: '12',
  NO_COLOR: '1',
  LC_CTYPE: 'xx_XX.nowhere',
};

/** Runs a command line with a word and a variable that are no UTF-8, and with open files; gives what it prints. */
async function startLike(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Record<string, unknown>> {
  const script = 'RAW=$(printf "\\351x"); export RAW; exec "$@" "$(printf "a\\351\\377b")"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...argv], {
    cwd: folder,
    env,
    stdio: ['pipe', 'pipe', 'inherit', 'ignore', openFiles[0], 'ignore', openFiles[1]] as ('pipe' | number)[],
  });
  child.stdin?.end('some input');
  let output = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) output += chunk;
  return JSON.parse(output) as Record<string, unknown>;
}

/** The names of pipes differ from run to run. */
function withoutPipeNames(found: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(found).replace(/(pipe|socket):\[\d+\]/g, '$1')) as Record<string, unknown>;
}

describeEachPython('a program started by timesink', (python) => {
  test.each([
    ['script', [plain]],
    ['module', ['-m', 'cli_plain']],
  ])('sees what it sees without it: as a %s', async (_, words) => {
    writeFileSync(join(folder, 'cli_plain.py'), readFileSync(plain));
    const args = ['-i', '--', '', 'a  b', '*', "it's", '-t'];
    const env = { ...environment, TIMESINK_PYTHON: python.path };
    const expected = await startLike([python.path, ...words, ...args], env);
    const found = await startLike([process.execPath, timesink, '-o', '/dev/null', ...words, ...args], env);
    expect(withoutPipeNames(found)).toEqual(withoutPipeNames(expected));
    expect(found['arguments']).toContain('aéÿb');
    expect(found['input']).toBe('some input');
  });
});

describe('the forms of the command line', () => {
  const files = {
    'main.py': 'import sys; print(sys.argv, __name__)',
    'folder/__main__.py': 'import sys; print(sys.argv, __name__)',
    'tool.py': 'import sys; print("tool", sys.argv[1:])',
  };
  const run = (python: { path: string }, ...words: string[]) =>
    runCli(['-o', 'report', ...words], { files, env: { TIMESINK_PYTHON: python.path }, collect: ['report'] });

  testWithPython('script, folder, -c, -m and -- all run what they name', async (python) => {
    const outputs = [
      [['main.py', '-x'], "['main.py', '-x'] __main__\n"],
      [['folder', 'a'], "['folder', 'a'] __main__\n"],
      [['-c', 'import sys; print(sys.argv)', '--', '-o'], "['-c', '--', '-o']\n"],
      [['-m', 'tool', '-m', 'x'], "tool ['-m', 'x']\n"],
      [['--', 'main.py', '-x'], "['main.py', '-x'] __main__\n"],
      [['--', python.path, 'main.py'], "['main.py'] __main__\n"],
      [['--', 'sh', '-c', 'echo "$0"', 'word'], 'word\n'],
    ] as const;
    for (const [words, expected] of outputs) {
      const { stdout, stderr, code } = await run(python, ...words);
      expect({ words, stdout, code }).toEqual({ words, stdout: expected, code: 0 });
      expect(stderr).not.toContain('Traceback');
    }
  });

  testWithPython('--from-path runs the command on PATH, not the file here', async (python) => {
    const body = `#!/bin/sh\nexec "$TIMESINK_PYTHON" -c 'import sys; print(sys.argv)' "$0" "$@"\n`;
    writeFileSync(join(folder, 'prog'), body, { mode: 0o755 });
    const { stdout, files: written } = await runCli(['-o', 'report', '--from-path', 'prog', '-z'], {
      files: { prog: 'not this' },
      env: { TIMESINK_PYTHON: python.path, PATH: `${folder}:${process.env['PATH']}` },
      collect: ['report'],
    });
    expect(stdout).toBe(`['-c', '${folder}/prog', '-z']\n`);
    expect(String(written.get('report'))).toContain('Program: prog -z\n');
  });

  testWithPython('a program on standard input', async (python) => {
    const { stdout, files: written } = await runCli(['-o', 'report', '-', 'a'], {
      input: 'import sys; print(sys.argv)',
      env: { TIMESINK_PYTHON: python.path },
      collect: ['report'],
    });
    expect(stdout).toBe("['-', 'a']\n");
    expect(String(written.get('report'))).toContain('Program: - a\n');
  });
});
