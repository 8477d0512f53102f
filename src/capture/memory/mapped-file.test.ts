/** Does a mapped file tell the same whether it is read from disk or from memory, and is a wrong file noticed? */
import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { MappedFiles, type ReadMemory } from './mapped-file.ts';
import { parseMaps } from './maps.ts';

const folder = mkdtempSync(join(tmpdir(), 'timesink-mapped-'));
const memory = openSync('/proc/self/mem', 'r');
afterAll(() => {
  closeSync(memory);
  rmSync(folder, { recursive: true });
});

const read: ReadMemory = (address, into) => {
  try {
    return readSync(memory, into, 0, into.length, address);
  } catch {
    return 0;
  }
};

// libc is in every process, needs relocation, and exports a great deal.
const libc = parseMaps(readFileSync('/proc/self/maps', 'utf8')).filter(({ path }) => /\/libc[.-][^/]*$/.test(path));
const path = libc[0]?.path as string;

const names = ['malloc', 'printf', 'environ', 'no_such_name'];
const extracting = (): { files: MappedFiles<unknown>; calls: () => number } => {
  let calls = 0;
  const files = new MappedFiles<unknown>((_, dynamic) => {
    calls++;
    return names.map((name) => dynamic?.symbol(name));
  });
  return { files, calls: () => calls };
};

test('memory tells the same as the file', () => {
  const fromFile = extracting().files.load([path], libc, read);
  const fromMemory = extracting().files.load([], libc, read);
  expect(fromFile?.bias).toBeGreaterThan(0);
  expect(fromMemory).toMatchObject({ bias: fromFile?.bias, facts: fromFile?.facts });
  expect(fromFile?.facts).toEqual([expect.anything(), expect.anything(), expect.anything(), undefined]);
});

test('a file is looked into once', () => {
  const { files, calls } = extracting();
  const copy = join(folder, 'copy.so');
  copyFileSync(path, copy);
  const first = files.load([path], libc, read);
  expect(files.load(['/does/not/exist', path], libc, read)).toEqual(first);
  expect(calls()).toBe(1);
  expect(files.load([copy], libc, read)).toEqual(first);
  expect(calls()).toBe(2);
});

test('another file under the same name is not believed', () => {
  const expected = extracting().files.load([path], libc, read);
  expect(extracting().files.load([process.execPath], libc, read)?.facts).toEqual(expected?.facts);
});

test('what is no ELF file, or cannot be read, yields nothing', () => {
  const { files } = extracting();
  expect(files.load([import.meta.filename], libc, () => 0)).toBeNull();
  expect(files.load([], libc, () => 0)).toBeUndefined();
  expect(files.load(['/does/not/exist', folder], libc, () => 0)).toBeNull();
});
