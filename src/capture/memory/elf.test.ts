/** Is an ELF file read as its linker wrote it, and is any other file survived? */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type ElfImage, parseElf, type ReadAt } from './elf.ts';
import { readDynamic } from './elf-symbols.ts';
import { readerOf } from './mapped-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'timesink-elf-'));
afterAll(() => rmSync(folder, { recursive: true }));

const readerOfBytes =
  (bytes: Uint8Array): ReadAt =>
  (offset, length) =>
    bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length));

const source = `
int answer = 42;
int table[100];
int _PyRuntime[16] __attribute__((section(".PyRuntime"))) = {1};
int call(void) { return answer + table[1]; }
extern int elsewhere(void);
int other(void) { return elsewhere(); }
int main(void) { return 0; }
`;

/** Compiles the source; undefined without a compiler. */
function compile(name: string, ...options: readonly string[]): string | undefined {
  writeFileSync(join(folder, 'source.c'), source);
  const file = join(folder, name);
  const args = ['-o', file, join(folder, 'source.c'), '-Wl,--unresolved-symbols=ignore-all', ...options];
  const { error, status, stderr } = spawnSync('gcc', args, { encoding: 'utf8' });
  if (error) return undefined;
  if (status !== 0) throw new Error(stderr);
  return file;
}

const library = ['-shared', '-fPIC'];
const files = {
  gnu: compile('gnu.so', ...library, '-Wl,--hash-style=gnu'),
  sysv: compile('sysv.so', ...library, '-Wl,--hash-style=sysv'),
  pie: compile('pie', '-pie', '-rdynamic'),
  fixed: compile('fixed', '-no-pie', '-rdynamic'),
};

function parse(bytes: Uint8Array): ElfImage {
  const image = parseElf(readerOfBytes(bytes));
  if (image.kind !== 'elf') throw new Error(image.kind);
  return image;
}

/** `value` and `size` of a symbol, as `nm` has them. */
function listed(file: string, name: string): { address: number; size: number } {
  const { stdout } = spawnSync('nm', ['-D', '-S', '--defined-only', file], { encoding: 'utf8' });
  const [, address, size] = new RegExp(`^(\\w+) (\\w+) \\w ${name}$`, 'm').exec(stdout) ?? [];
  return { address: Number.parseInt(address ?? '', 16), size: Number.parseInt(size ?? '', 16) };
}

const hasCompiler = files.gnu !== undefined;
if (!hasCompiler && process.env['CI'] === 'true') throw new Error('gcc is not on this machine');

describe.skipIf(!hasCompiler)('a file that gcc made', () => {
  for (const [kind, path] of Object.entries(files)) {
    const file = path as string;
    test(`${kind}: finds exported symbols where nm finds them, and no others`, () => {
      const bytes = readFileSync(file);
      const dynamic = readDynamic(parse(bytes), readerOfBytes(bytes));
      for (const name of ['answer', 'call', '_PyRuntime']) expect(dynamic?.symbol(name)).toEqual(listed(file, name));
      expect(dynamic?.symbol('table')?.size).toBe(400);
      for (const name of ['elsewhere', 'missing', '']) expect(dynamic?.symbol(name)).toBeUndefined();
    });

    test(`${kind}: finds them without section headers, too`, () => {
      const bytes = new Uint8Array(readFileSync(file));
      bytes.fill(0, 40, 48).fill(0, 60, 64);
      const image = parse(bytes);
      expect(image.sections).toEqual([]);
      expect(readDynamic(image, readerOfBytes(bytes))?.symbol('answer')).toEqual(listed(file, 'answer'));
    });
  }

  test('names its sections, machine, interpreter and kind', () => {
    const shared = parse(readFileSync(files.gnu as string));
    const fixed = parse(readFileSync(files.fixed as string));
    expect(shared).toMatchObject({ isFixed: false, interpreter: '' });
    expect(fixed).toMatchObject({ isFixed: true, interpreter: expect.stringMatching(/^\/.*ld-/) });
    expect(shared.machine).toBe({ x64: 'x86-64', arm64: 'aarch64' }[process.arch as 'x64' | 'arm64']);
    const section = shared.sections.find(({ name }) => name === '.PyRuntime');
    expect(section?.address).toBe(listed(files.gnu as string, '_PyRuntime').address);
  });

  test('survives every change and every cut', () => {
    for (const path of [files.gnu, files.sysv]) {
      const original = new Uint8Array(readFileSync(path as string));
      const change = fc.tuple(
        fc.oneof(fc.nat(0x7ff), fc.nat(original.length - 1)),
        fc.constantFrom(0, 1, 0x7f, 0x80, 0xff),
      );
      fc.assert(
        fc.property(fc.array(change, { maxLength: 12 }), fc.nat(original.length), (changes, length) => {
          const bytes = original.slice(0, changes.length % 2 === 0 ? original.length : length);
          for (const [at, value] of changes) bytes[at] = value;
          const read = boundedReader(bytes);
          const image = parseElf(read);
          if (image.kind !== 'elf') return;
          readDynamic(image, read)?.symbol('answer');
          readDynamic(image, read, 0x7000_0000)?.symbol('missing');
        }),
        { numRuns: 3000 },
      );
    }
  });
});

/** Fails when more is asked for than a file could need. */
const boundedReader =
  (bytes: Uint8Array): ReadAt =>
  (offset, length) => {
    expect(length).toBeLessThanOrEqual(1 << 22);
    return readerOfBytes(bytes)(offset, length);
  };

test('says what is not a 64-bit little-endian ELF file', () => {
  const header = new Uint8Array(64);
  expect(parseElf(readerOfBytes(header))).toEqual({ kind: 'not-elf' });
  expect(parseElf(readerOfBytes(new TextEncoder().encode('#!/bin/sh\necho\n')))).toEqual({ kind: 'not-elf' });
  header.set([0x7f, 0x45, 0x4c, 0x46, 1, 1]);
  expect(parseElf(readerOfBytes(header))).toEqual({ kind: 'other-elf', what: '32-bit' });
  header.set([2, 2], 4);
  expect(parseElf(readerOfBytes(header))).toEqual({ kind: 'other-elf', what: 'big-endian' });
});

test('names other machines by number', () => {
  const header = new Uint8Array(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  for (const [machine, name] of [
    [183, 'aarch64'],
    [243, 'machine 243'],
  ] as const) {
    header[18] = machine;
    expect(parseElf(readerOfBytes(header))).toMatchObject({ kind: 'elf', machine: name, segments: [], sections: [] });
  }
});

test('looks a symbol of a very large program up in a few small reads', () => {
  const fd = openSync(process.execPath, 'r');
  const read = readerOf(fd);
  const image = parseElf(read);
  if (image.kind !== 'elf') throw new Error(image.kind);
  let total = 0;
  const dynamic = readDynamic(image, (offset, length) => {
    total += length;
    return read(offset, length);
  });
  expect(dynamic?.symbol('_PyRuntime')).toBeUndefined();
  expect(dynamic?.needed.length ?? 0).toBeGreaterThan(0);
  expect(total).toBeLessThan(100_000);
  closeSync(fd);
});
