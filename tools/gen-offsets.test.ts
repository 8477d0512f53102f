/** Do the offset tables hold what the headers of the interpreters say? */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { OffsetTable } from '../src/capture/python/offsets/index.ts';
import { describeEachPython, type Python } from '../test/support/pythons.ts';

const generator = fileURLToPath(new URL('gen-offsets.py', import.meta.url));
const tables = fileURLToPath(new URL('../src/capture/python/offsets/tables/', import.meta.url));

const headersProbe =
  'import os, sysconfig; print(os.path.isdir(os.path.join(sysconfig.get_path("include"), "internal")))';

/** What is missing for running the generator with this interpreter. */
function missing({ path }: Python): string | undefined {
  if (spawnSync('gcc', ['--version']).status !== 0) return 'gcc';
  const probe = spawnSync(path, ['-c', headersProbe], { encoding: 'utf8' });
  return probe.stdout.trim() === 'True' ? undefined : 'its headers';
}

function compare(python: Python, freeThreaded: boolean): void {
  const args = [generator, python.path, ...(freeThreaded ? ['--free-threaded'] : [])];
  const { status, stdout, stderr } = spawnSync(python.path, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const generated = JSON.parse(stdout) as OffsetTable;
  const file = `${tables}${generated.version}${freeThreaded ? 't' : ''}.json`;
  const text = readFileSync(file, 'utf8');
  const table = JSON.parse(text) as OffsetTable;
  if (generated.source === table.source) expect(stdout).toBe(text);
  else expect(acrossMicros(generated)).toEqual(acrossMicros(table));
}

/** Without what may change from one micro version to the next: the sizes of the two largest structures. */
function acrossMicros(table: OffsetTable): OffsetTable {
  const structs = { ...table.structs };
  for (const name of ['_PyRuntimeState', 'PyInterpreterState']) structs[name] = { ...structs[name], sizeof: 0 };
  return { ...table, source: '', structs };
}

describeEachPython('offset table', (python) => {
  const lacking = missing(python);
  if (lacking && process.env['CI'] !== 'true') {
    test.skip(`equals the headers: ${lacking} not found`);
    return;
  }
  test('equals the headers', () => compare(python, false));
  if (python.minor >= 13 && existsSync(`${tables}3.${python.minor}t.json`)) {
    test('of the free-threaded build equals the headers', () => compare(python, true));
  }
});
