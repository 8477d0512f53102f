/** Does a program that samples itself run as it does alone, and is it recorded as from outside? */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeEachPython, type Python, testWithPyPy, testWithPython } from '../support/pythons.ts';
import {
  mainRows,
  mainThread,
  pathOf,
  programText,
  type Recorded,
  record,
  rootsOf,
  Stacks,
  secondsBy,
  totalSeconds,
} from '../support/record.ts';
import { cliFile, runCli } from '../support/run-cli.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  for (const name of ['package', 'folder']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, '__main__.py'), programText('inprocess-plain.py'));
  }
  writeFileSync(join(folder, 'package/__init__.py'), '');
  writeFileSync(join(folder, 'main.py'), programText('inprocess-plain.py'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const inProcess = { TIMESINK_ENGINE: 'inprocess' };

interface Ran {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runIn(command: string, args: readonly string[], env: Readonly<Record<string, string>>, input = ''): Ran {
  const options = { cwd: folder, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env }, input };
  const { status, signal, stdout, stderr } = spawnSync(command, args, { ...options, encoding: 'utf8' });
  return { status, signal, stdout, stderr };
}

/** Runs a program with and without timesink, which must be the same for all that it can see. */
function compare(python: string, words: readonly string[], input = ''): void {
  const env = { ...inProcess, TIMESINK_PYTHON: python };
  const alone = runIn(python, words, env, input);
  const recorded = runIn(process.execPath, [cliFile, '-o', '/dev/null', ...words], env, input);
  expect(recorded, words.join(' ')).toEqual(alone);
  expect(alone.stdout, words.join(' ')).toContain('True True None');
}

function compareForms(python: string): void {
  const zip = join(folder, 'program.zip');
  expect(runIn(python, ['-m', 'zipfile', '-c', zip, 'folder/__main__.py'], {}).status).toBe(0);
  compare(python, ['main.py', '', '-x', 'a  b']);
  compare(python, ['-m', 'package', 'exit']);
  compare(python, ['folder', 'raise']);
  compare(python, [zip]);
  compare(python, ['-c', programText('inprocess-plain.py')]);
  compare(python, ['-'], programText('inprocess-plain.py'));
}

/** What is true of every recording of `work` in this program. */
function checkRecording({ session }: Recorded): void {
  expect(session.meta.engine).toBe('inprocess');
  expect(session.processes).toHaveLength(1);
  expect(rootsOf(session, mainThread(session))).toEqual(['<module>']);
  const rows = mainRows(session);
  expect(secondsBy(rows, ({ frames }) => frames.at(-1)?.functionName).get('work')).toBeGreaterThan(0.1);
  expect(Math.abs(totalSeconds(rows) - session.meta.duration)).toBeLessThan(0.001);
  expect(session.frames.filter(({ file }) => /sitecustomize|timesink-python-/.test(file ?? ''))).toEqual([]);
}

const asPython = (path: string): Python => ({ version: '', minor: 0, path });

async function checkEnds(python: Python): Promise<void> {
  const temporary = mkdtempSync(join(folder, 'tmp-'));
  for (const [how, code, signal] of [
    ['exit', 3, null],
    ['text', 1, null],
    ['raise', 1, null],
    ['interrupt', null, 'SIGINT'],
    ['at-once', 4, null],
    ['killed', null, 'SIGKILL'],
    ['thread', 0, null],
  ] as const) {
    const options = {
      files: { 'main.py': programText('inprocess-plain.py') },
      env: { ...inProcess, TMPDIR: temporary },
    };
    const recorded = await record(python, ['main.py', how], options);
    expect({ how, code: recorded.code, signal: recorded.signal }).toEqual({ how, code, signal });
    checkRecording(recorded);
  }
  expect(readdirSync(temporary)).toEqual([]);
}

async function checkProcesses(python: Python): Promise<void> {
  const options = { files: { 'main.py': programText('inprocess-processes.py') }, env: inProcess };
  const { session, stdout, stderr, code } = await record(python, ['main.py'], options);
  const pools = ['spawn', 'fork', 'forkserver'].map((method) => `${method} [7, 14, 21]\n`).join('');
  expect({ stdout, code }, stderr).toEqual({ stdout: `child 1\n${pools}False\ndone\n`, code: 0 });
  expect(session.processes).toHaveLength(1);
  const rows = mainRows(session);
  expect(secondsBy(rows, ({ frames }) => frames.at(-1)?.functionName).get('spin')).toBeGreaterThan(0.1);
}

describeEachPython('a program that samples itself', (python) => {
  test('sees what it sees alone, and ends as it does', () => {
    compare(python.path, ['main.py', 'raise']);
  });

  test('may fork and start processes in every way', () => checkProcesses(python));
});

testWithPython('every form of a program sees what it sees alone', (python) => compareForms(python.path));

testWithPython('however it ends, it is recorded', (python) => checkEnds(python));

describe('PyPy', () => {
  testWithPyPy('samples itself without being asked to', async (path) => {
    const options = { files: { 'main.py': programText('inprocess-plain.py') }, env: { TIMESINK_ENGINE: undefined } };
    const { stdout, stderr } = await runCli(['--python', path, 'main.py'], options);
    expect(stdout).toMatch(/^timesink \S+ · python 3\.\d+\.\d+ \(PyPy [\d.]+\) · in-process sampler$/m);
    expect(stdout).toMatch(/─ [\d.]+ work {2}/);
    expect(stderr).not.toContain('timesink');
  });

  testWithPyPy('runs every form of a program as it does alone', (path) => compareForms(path));

  testWithPyPy('is recorded however it ends', (path) => checkEnds(asPython(path)));

  testWithPyPy('may fork and start processes in every way', (path) => checkProcesses(asPython(path)));
});

testWithPython(
  'threads have their names, stacks and states; an idle event loop shows what it waits for',
  async (python) => {
    const program = `
import asyncio, queue, threading, time
def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end: sum(range(200))
def busy(): spin(0.5)
def idle(): waited.get()
async def pause(): await asyncio.sleep(0.2)
async def main():
    spin(0.1)
    await pause()
waited = queue.Queue()
threads = [threading.Thread(target=target, name=target.__name__) for target in (busy, idle)]
for thread in threads: thread.start()
asyncio.run(main())
threads[0].join()
waited.put(1)
threads[1].join()
for _ in range(3):
    brief = threading.Thread(target=spin, args=(0.05,), name="brief %d" % _)
    brief.start()
    brief.join()
`;
    const { session } = await record(python, ['main.py'], { files: { 'main.py': program }, env: inProcess });
    const stacks = new Stacks(session);
    const named = (name: string) => {
      const thread = session.threads.find((candidate) => candidate.name === name);
      if (thread === undefined) throw new Error(`no thread ${name}`);
      return stacks.rowsOf(thread);
    };
    const share = (name: string, state: number): number =>
      totalSeconds(named(name).filter((row) => row.state === state)) / totalSeconds(named(name));
    expect(share('busy', 1)).toBeGreaterThan(0.9);
    expect(share('idle', 0)).toBeGreaterThan(0.9);
    for (const number of [0, 1, 2]) expect(pathOf(named(`brief ${number}`).at(-1)?.frames ?? [])).toContain('spin');
    const awaited = mainRows(session).filter(({ frames }) => frames.at(-1)?.kind === 'await');
    expect(totalSeconds(awaited)).toBeGreaterThan(0.1);
    expect(awaited[0]?.frames.map(({ functionName }) => functionName)).toEqual(
      expect.arrayContaining(['_run_once', '_run', 'main', 'pause', 'sleep']),
    );
  },
);

testWithPython('a sitecustomize of the program is loaded, and PYTHONPATH is what it was', async (python) => {
  const files = {
    'own/sitecustomize.py': 'found = 1',
    'main.py': 'import os, sitecustomize; print(sitecustomize.found, os.environ["PYTHONPATH"])',
  };
  const { stdout, stderr } = await record(python, ['main.py'], { files, env: { ...inProcess, PYTHONPATH: 'own' } });
  expect({ stdout, stderr }).toEqual({ stdout: '1 own\n', stderr: '' });
});

testWithPython('reports and options are as ever', async (python) => {
  const files = { 'main.py': programText('inprocess-plain.py') };
  const run = (...words: readonly string[]) =>
    runCli([...words, 'main.py'], { files, env: { ...inProcess, TIMESINK_PYTHON: python.path } });
  const text = await run('-i', '0.01', '-t', '--threads');
  expect(text.stdout).toContain('· in-process sampler\n');
  expect(text.stdout).toMatch(/Samples: \d+ every 10 ms/);
  expect(text.stdout).toMatch(/sum\(range\(200\)\)/);
  const page = await run('-r', 'html', '--no-source');
  expect(page.stdout).toMatch(/<!doctype html>/i);
});

testWithPython(
  'says what is wrong with the engine that was asked for, or with the way that Python was started',
  async (python) => {
    const wrong = await runCli(['-c', 'print(1)'], {
      env: { TIMESINK_ENGINE: 'inside', TIMESINK_PYTHON: python.path },
    });
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('TIMESINK_ENGINE=inside is neither inprocess nor outside');
    const isolated = await runCli(['--', python.path, '-I', '-c', 'print(1)'], { env: inProcess });
    expect(isolated).toMatchObject({ code: 0, stdout: '1\n' });
    expect(isolated.stderr).toContain('no Python or Node.js process loaded the sampler');
  },
);
