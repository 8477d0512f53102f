/** Which Python interpreters are there to measure on? */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Options } from './suite.ts';

/** A CPython with the GIL. */
export interface Python {
  /** Such as `3.13.0`. */
  readonly version: string;
  /** 13 of `3.13.0`. */
  readonly minor: number;
  readonly path: string;
}

/** Where interpreters and virtual environments for tests and benchmarks live. */
export const cacheFolder: string = process.env['TIMESINK_TEST_CACHE'] ?? join(homedir(), '.cache/timesink-test');

const supportedMinors = [8, 9, 10, 11, 12, 13, 14, 15] as const;

const probe = `
import sys, sysconfig
assert sys.implementation.name == 'cpython' and not sysconfig.get_config_var('Py_GIL_DISABLED')
print('%d.%d.%d' % sys.version_info[:3], sys.executable)
`;

/** The interpreter of one minor version, from pyenv, the cache folder or the path. */
export function findPython(minor: number): Python | undefined {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const names = existsSync(versions) ? readdirSync(versions).filter((name) => name.startsWith(`3.${minor}.`)) : [];
  const places = [
    ...names.map((name) => join(versions, name, `bin/python3.${minor}`)),
    join(cacheFolder, `python/3.${minor}/bin/python3.${minor}`),
    `python3.${minor}`,
  ];
  for (const path of places) {
    const { status, stdout } = spawnSync(path, ['-c', probe], { encoding: 'utf8', timeout: 20_000 });
    const [, version, executable] = /^(\S+) (.+)$/m.exec(status === 0 ? stdout : '') ?? [];
    if (version?.startsWith(`3.${minor}.`) && executable !== undefined) return { version, minor, path: executable };
  }
  return undefined;
}

/** The interpreters to measure on, and a note for each supported version that is missing. */
export function findPythons(options: Options): {
  readonly pythons: readonly Python[];
  readonly notes: readonly string[];
} {
  const minors = supportedMinors.filter(
    (minor) => options.pythons.length === 0 || options.pythons.includes(`3.${minor}`),
  );
  const found = minors.map(findPython);
  const missing = minors.filter((_, i) => found[i] === undefined);
  return {
    pythons: found.filter((python) => python !== undefined),
    notes: missing.map((minor) => `Python 3.${minor} was not found on this machine and not measured.`),
  };
}
