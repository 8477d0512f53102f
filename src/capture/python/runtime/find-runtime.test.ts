/** Are Pythons found where they are, and is everything else named for what it is? */
import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { describeEachPython, testWithPython } from '../../../../test/support/pythons.ts';
import type { Pid } from '../../../session/ids.ts';
import { loadOffsets } from '../offsets/index.ts';
import { type FoundRuntime, findRuntime, type RuntimeSearch, runtimeOffsets } from './find-runtime.ts';

const folder = mkdtempSync(join(tmpdir(), 'timesink-find-'));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts a program that runs until the end of the test. */
function start(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  uid = process.getuid?.(),
): ChildProcess {
  const stdio: StdioOptions = ['pipe', 'pipe', 'inherit'];
  const child = spawn(command, args, { stdio, env: { ...process.env, ...env }, ...(uid === undefined ? {} : { uid }) });
  children.push(child);
  return child;
}

const pidOf = (child: ChildProcess): Pid => child.pid as Pid;

/** The first line that a program prints. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (piece: Buffer) => {
      text += piece.toString();
      if (text.includes('\n')) resolve(text.split('\n')[0] as string);
    });
    child.once('exit', (code) => reject(new Error(`exit ${code} before a line: ${text}`)));
  });
}

/** A Python program that prints where its own `_PyRuntime` is, then waits. */
const tellAddress = `
import ctypes, sys
print(ctypes.addressof(ctypes.c_char.in_dll(ctypes.pythonapi, '_PyRuntime')), flush=True)
`;
const wait = 'sys.stdin.read()';

function expectFound(search: RuntimeSearch): FoundRuntime {
  expect(search).toMatchObject({ kind: 'found' });
  return search as FoundRuntime;
}

/** Looks until the answer is of this kind, and gives all answers up to then. */
async function poll(child: ChildProcess, kind: RuntimeSearch['kind']): Promise<RuntimeSearch[]> {
  const searches: RuntimeSearch[] = [];
  while (searches.at(-1)?.kind !== kind && child.exitCode === null) {
    searches.push(findRuntime(pidOf(child)));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return searches;
}

describeEachPython('a CPython', ({ path, version, minor }) => {
  test('is found with its version, at the address that it says itself', async () => {
    const child = start(path, ['-c', tellAddress + wait]);
    const address = Number(await firstLine(child));
    const found = expectFound(findRuntime(pidOf(child)));
    expect(found.runtimeAddress).toBe(address);
    expect(found.version).toMatchObject({ major: 3, minor });
    expect(found.version.text.replace(/(a|b|rc)\d+$/, '')).toBe(version);
    expect(found).toMatchObject({
      freeThreaded: false,
      machine: { x64: 'x86-64', arm64: 'aarch64' }[process.arch as 'x64'],
    });
    expect(found.debugOffsets !== undefined).toBe(minor >= 13);
  });

  test('is never mistaken while it starts', async () => {
    const child = start(path, ['-c', tellAddress + wait]);
    // spawn() comes back after exec.
    const searches = await poll(child, 'found');
    const address = Number(await firstLine(child));
    expect(new Set(searches.slice(0, -1).map(({ kind }) => kind))).toEqual(
      searches[1] ? new Set(['not-yet']) : new Set(),
    );
    const found = expectFound(searches.at(-1) as RuntimeSearch);
    expect(found).toEqual(findRuntime(pidOf(child)));
    expect(found.runtimeAddress).toBe(address);
  });

  test('is found in a stripped copy under any name, and after that file is gone', async () => {
    const original = start(path, ['-c', `${tellAddress}${wait}`]);
    await firstLine(original);
    const { image } = expectFound(findRuntime(pidOf(original)));
    const isLibrary = basename(image).startsWith('libpython');
    const copy = join(folder, isLibrary ? basename(image) : `program-${minor}`);
    copyFileSync(image, copy);
    chmodSync(copy, 0o755);
    // Debian's programs come stripped, and cannot be once more after patchelf.
    if (isLibrary) expect(spawnSync('strip', ['--strip-all', copy]).status).toBe(0);
    const home = image.replace(/\/(lib|bin)\/[^/]*$/, '');
    const child = isLibrary
      ? start(path, ['-c', tellAddress + wait], { LD_PRELOAD: copy })
      : start(copy, ['-c', tellAddress + wait], { PYTHONHOME: home });
    const address = Number(await firstLine(child));
    const found = expectFound(findRuntime(pidOf(child)));
    expect(found).toMatchObject({ image: copy, runtimeAddress: address });
    rmSync(copy);
    expect(findRuntime(pidOf(child))).toEqual(found);
  });
});

testWithPython('a Python that a shell becomes by exec is found', async ({ path }) => {
  const child = start('/bin/sh', ['-c', `read _; exec ${path} -c 'import sys; ${wait}'`]);
  expect(findRuntime(pidOf(child))).toMatchObject({ kind: 'not-python' });
  child.stdin?.write('go\n');
  expectFound((await poll(child, 'found')).at(-1) as RuntimeSearch);
});

const nobody = 65534;
const isRoot = process.getuid?.() === 0;
const testAsRoot: typeof testWithPython = isRoot ? testWithPython : (name) => test.skip(`${name}: needs root`);

testAsRoot('a Python in another root directory is found', async ({ path }) => {
  const child = start(path, ['-c', `import os${tellAddress}os.chroot(${JSON.stringify(folder)}); print(); ${wait}`]);
  const address = Number(await firstLine(child));
  expect(expectFound(findRuntime(pidOf(child))).runtimeAddress).toBe(address);
});

/** What an unprivileged user is told. */
function findAsNobody(child: ChildProcess): RuntimeSearch {
  process.seteuid?.(nobody);
  try {
    return findRuntime(pidOf(child));
  } finally {
    process.seteuid?.(0);
  }
}

testAsRoot("another user's Python is denied, and the reason given", async ({ path }) => {
  const child = start(path, ['-c', tellAddress + wait]);
  await firstLine(child);
  expect(findAsNobody(child)).toEqual({
    kind: 'denied',
    why: `process ${child.pid} belongs to another user (uid 0)`,
    hint: 'Run timesink as that user, or as root.',
  });
});

test.skipIf(!isRoot)('a process that may not be dumped is denied', () => {
  // A program that its user may run but not read.
  const program = join(folder, 'sleep');
  copyFileSync('/bin/sleep', program);
  chmodSync(program, 0o711);
  chmodSync(folder, 0o755);
  const child = start(program, ['60'], {}, nobody);
  expect(findAsNobody(child)).toMatchObject({
    kind: 'denied',
    why: expect.stringMatching(/not dumpable|ptrace_scope/),
  });
  expect(findRuntime(pidOf(child))).toMatchObject({ kind: 'not-python' });
});

test('the offsets used before there is a table are those of the tables', async () => {
  for (const [minor, offset] of Object.entries(runtimeOffsets.interpretersHead)) {
    const runtime = (await loadOffsets(Number(minor), false))?.structs['_PyRuntimeState'];
    expect(runtime?.['interpreters.head']).toBe(offset);
    if (Number(minor) <= 10) expect(runtime?.['initialized']).toBe(runtimeOffsets.initialized);
  }
});

const sleeping = 'import sys, time; print(1); sys.stdout.flush(); time.sleep(60)';

describe('an older Python is named', () => {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const installed = existsSync(versions) ? readdirSync(versions) : [];
  for (const minor of ['2.7', '3.6', '3.7']) {
    const version = installed.find((name) => name.startsWith(`${minor}.`));
    test.skipIf(version === undefined)(`CPython ${minor}`, async () => {
      const child = start(join(versions, version as string, 'bin/python'), ['-c', sleeping]);
      await firstLine(child);
      expect(findRuntime(pidOf(child))).toEqual({ kind: 'unsupported', what: `CPython ${version}` });
    });
  }
});

test('a program that is no Python is named', () => {
  const named = (command: string, ...args: readonly string[]) => findRuntime(pidOf(start(command, args)));
  expect(named('sleep', '60')).toMatchObject({
    kind: 'not-python',
    what: expect.stringMatching(/^(sleep|coreutils|busybox)$/),
  });
  expect(named('sh', '-c', 'read _')).toMatchObject({
    kind: 'not-python',
    what: expect.stringMatching(/sh$|^busybox$/),
  });
  expect(named(process.execPath, '-e', 'setTimeout(() => {}, 6e4)')).toEqual({ kind: 'not-python', what: 'node' });
});

test('a process that does not exist, or has ended, is gone', async () => {
  expect(findRuntime(0x3fff_fff0 as Pid)).toEqual({ kind: 'gone' });
  const child = start('true', []);
  await new Promise((resolve) => child.once('exit', resolve));
  expect(findRuntime(pidOf(child))).toEqual({ kind: 'gone' });
  // A shell that does not wait for its child leaves a zombie.
  const parent = start('/bin/sh', ['-c', 'true & echo $!; exec sleep 60']);
  const zombie = Number(await firstLine(parent)) as Pid;
  while (findRuntime(zombie).kind !== 'gone') await new Promise((resolve) => setTimeout(resolve, 1));
});

/** A directory like `/proc` with one process in it. */
function procWith(pid: number, program: string, maps: string): string {
  const proc = mkdtempSync(join(folder, 'proc-'));
  mkdirSync(join(proc, String(pid)));
  symlinkSync(program, join(proc, String(pid), 'exe'));
  writeFileSync(join(proc, String(pid), 'maps'), maps);
  return proc;
}

test('other Pythons are named by their files', () => {
  const line = (path: string) => `7f0000000000-7f0000001000 r-xp 00000000 08:01 9 ${path}\n`;
  const named = (program: string, ...mapped: readonly string[]) =>
    findRuntime(1 as Pid, { proc: procWith(1, program, mapped.map(line).join('')) });
  expect(named('/usr/bin/pypy3.9')).toEqual({ kind: 'unsupported', what: 'PyPy 3.9' });
  expect(named('/venv/bin/python', '/usr/lib/libpypy3.10-c.so')).toEqual({ kind: 'unsupported', what: 'PyPy 3.10' });
  expect(named('/opt/pypy/bin/pypy3-c', '/opt/pypy/bin/libpypy3-c.so')).toEqual({
    kind: 'unsupported',
    what: 'PyPy 3',
  });
  expect(named('/usr/bin/pypy')).toEqual({ kind: 'unsupported', what: 'PyPy' });
  expect(named('/g/bin/python', '/g/lib/libpythonvm.so')).toEqual({ kind: 'unsupported', what: 'GraalPy' });
  expect(named('/usr/bin/copypy3', '/usr/bin/copypy3')).toEqual({ kind: 'not-python', what: 'copypy3' });
  expect(named('/usr/bin/python3')).toMatchObject({ kind: 'not-yet' });
});

/** A C program that looks to the outside like a CPython whose state holds `words`. */
function imitate(name: string, version: string, symbols: string): ChildProcess | undefined {
  const source = join(folder, `${name}.c`);
  const program = join(folder, name);
  writeFileSync(
    source,
    `#include <stdint.h>
    #include <unistd.h>
    const uint32_t Py_Version = ${version};
    const char *Py_GetVersion(void) { return 0; }
    ${symbols}
    int main(void) { return write(1, "up\\n", 3) != 3 || pause(); }`,
  );
  const { error } = spawnSync('gcc', ['-rdynamic', '-o', program, source], { stdio: 'inherit' });
  if (!error) return start(program, []);
  if (process.env['CI'] === 'true') throw error;
  return undefined;
}

describe('a program built like CPython', () => {
  const state = (words: string) => `uint64_t _PyRuntime[256] = {${words}};`;
  const cookie = '0x7970677562656478';
  const cases: readonly (readonly [string, string, string, object])[] = [
    [
      'debug',
      '0x030b02f0',
      `${state('1')} void _Py_NegativeRefcount(void) {}`,
      { kind: 'unsupported', what: 'a debug build of CPython 3.11.2' },
    ],
    ['unstarted', '0x030c01f0', state('1'), { kind: 'not-yet', what: 'the interpreter has not started yet' }],
    [
      'future',
      '0x031000a1',
      state(`${cookie}, 0x031000a1, 1, 2048, 0, 80, [10] = 7`),
      { kind: 'found', freeThreaded: true, version: { major: 3, minor: 16, micro: 0, text: '3.16.0a1' } },
    ],
    ['changed', '0x031000f0', state('1'), { kind: 'unsupported', what: 'CPython 3.16.0' }],
    ['ancient', '0x030700f0', state('1'), { kind: 'unsupported', what: 'CPython 3.7.0' }],
  ];
  for (const [name, version, symbols, expected] of cases) {
    test(name, async ({ skip }) => {
      const child = imitate(name, version, symbols) ?? skip('gcc not found');
      await firstLine(child);
      expect(findRuntime(pidOf(child))).toMatchObject(expected);
    });
  }
});
