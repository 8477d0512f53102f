/** Which Python interpreters can the tests use? One per minor version that timesink supports. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { declareMissing, providedFolder } from './provided.ts';

/** A CPython that works, with the GIL. */
export interface Python {
  /** Such as `3.13.0`. */
  readonly version: string;
  /** 13 of `3.13.0`. */
  readonly minor: number;
  /** The interpreter's own idea of its place, `sys.executable`. */
  readonly path: string;
}

const supportedMinors = [8, 9, 10, 11, 12, 13, 14, 15] as const;

const probe = `
import sys, sysconfig
assert sys.implementation.name == 'cpython' and not sysconfig.get_config_var('Py_GIL_DISABLED')
print('%d.%d.%d' % sys.version_info[:3], sys.executable)
`;

/** The CPythons found, in the order of their versions. */
export const pythons: readonly Python[] = supportedMinors.flatMap((minor) => findPython(minor) ?? []);

/**
 * Declares the tests of `body` once for each supported version, as `NAME (Python 3.13.0)`. A version that is not on this
 * machine is a skipped test, with CI=true a failing one.
 */
export function describeEachPython(name: string, body: (python: Python) => void): void {
  for (const minor of supportedMinors) {
    const python = pythons.find((candidate) => candidate.minor === minor);
    if (python === undefined) declareMissing(`${name} (Python 3.${minor})`, `CPython 3.${minor}`);
    else describe(`${name} (Python ${python.version})`, () => body(python));
  }
}

/** Declares a test that needs any one Python; it gets the newest. */
export function testWithPython(name: string, body: (python: Python) => void | Promise<void>): void {
  const python = pythons.at(-1);
  if (python === undefined) declareMissing(name, 'any CPython');
  else test(name, () => body(python));
}

/** Declares a test that needs PyPy; it gets its path, as found on PATH. */
export function testWithPyPy(name: string, body: (path: string) => void | Promise<void>): void {
  const { status, stdout } = spawnSync('pypy3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
  if (status === 0) test(name, () => body(stdout.trim()));
  else declareMissing(name, 'PyPy');
}

/** Declares a test that needs an interpreter with pyinstrument 5.1.3; it gets that interpreter's path. */
export function testWithPyinstrument(name: string, body: (path: string) => void | Promise<void>): void {
  testWithPackage('pyinstrument', name, body);
}

/** Declares a test that needs an interpreter with a package from PyPI; it gets that interpreter's path. */
export function testWithPackage(
  packageName: 'anyio' | 'django' | 'gevent' | 'greenlet' | 'hatchling' | 'pyinstrument' | 'pytest' | 'trio' | 'uvloop',
  name: string,
  body: (path: string) => void | Promise<void>,
): void {
  const path = join(providedFolder, 'venv/bin/python');
  const isThere =
    existsSync(path) && spawnSync(path, ['-c', `import ${packageName}`], { timeout: 20_000 }).status === 0;
  if (isThere) test(name, () => body(path));
  else declareMissing(name, packageName);
}

function findPython(minor: number): Python | undefined {
  for (const path of candidates(minor)) {
    const { status, stdout } = spawnSync(path, ['-c', probe], { encoding: 'utf8', timeout: 20_000 });
    const [, version, executable] = /^(\S+) (.+)$/m.exec(status === 0 ? stdout : '') ?? [];
    if (version?.startsWith(`3.${minor}.`) && executable !== undefined) return { version, minor, path: executable };
  }
  return undefined;
}

function candidates(minor: number): readonly string[] {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const names = existsSync(versions) ? readdirSync(versions).filter((name) => name.startsWith(`3.${minor}.`)) : [];
  const fromPyenv = names.map((name) => join(versions, name, `bin/python3.${minor}`));
  return [...fromPyenv, join(providedFolder, `python/3.${minor}/bin/python3.${minor}`), `python3.${minor}`];
}
