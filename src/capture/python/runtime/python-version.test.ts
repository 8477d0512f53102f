/** Is the version right from whatever source it comes? */
import { expect, test } from 'vitest';
import type { ReadMemory } from '../../memory/mapped-file.ts';
import type { Mapping } from '../../memory/maps.ts';
import { versionFromData, versionFromHex, versionFromName, versionFromSymbol } from './python-version.ts';

test('PY_VERSION_HEX', () => {
  expect(versionFromHex(0x030d00f0)).toEqual({ major: 3, minor: 13, micro: 0, text: '3.13.0' });
  expect(versionFromHex(0x030f00a7)?.text).toBe('3.15.0a7');
  expect(versionFromHex(0x030e00b2)?.text).toBe('3.14.0b2');
  expect(versionFromHex(0x031001c1)?.text).toBe('3.16.1rc1');
  for (const hex of [0, 1, 0x04000000, 0x030d0010, 0xffffffff]) expect(versionFromHex(hex)).toBeUndefined();
});

test('names of files', () => {
  const text = (name: string) => versionFromName(name)?.text;
  expect(text('libpython3.8.so.1.0')).toBe('3.8');
  expect(text('libpython3.7m.so.1.0')).toBe('3.7');
  expect(text('python3.10')).toBe('3.10');
  expect(text('/usr/bin/python3.13t')).toBe('3.13');
  for (const name of ['python3', 'python', 'libpython3.so', 'python3.11-config', 'ipython4.1']) {
    expect(text(name)).toBeUndefined();
  }
});

const base = 0x10_0000;

/** Memory that holds `text` at `base + at`. */
function dataWith(text: string, at: number, size: number): { mappings: readonly Mapping[]; read: ReadMemory } {
  const bytes = new Uint8Array(size);
  bytes.set(new TextEncoder().encode(text), at);
  const mapping = { permissions: 'rw-p', offset: 0, device: '00:00', inode: 0, path: '', deleted: false };
  return {
    mappings: [{ ...mapping, start: base, end: base + size }],
    read: (address, into) => {
      const from = bytes.subarray(address - base, address - base + into.length);
      into.set(from);
      return from.length;
    },
  };
}

test('the buffer of Py_GetVersion(), wherever it lies', () => {
  const banner = '3.8.18 (default, May  9 2026, 10:00:00) \n[GCC 12.2.0]';
  for (const at of [0, 100, 0xffd0, 0xfff0, 0xffff, 0x1_0000, 0x1_ffc8, 0x2_0000 - 10]) {
    const { mappings, read } = dataWith(banner, at, 0x3_0000);
    expect(versionFromData(mappings, read)).toEqual({ major: 3, minor: 8, micro: 18, text: '3.8.18' });
  }
  const { mappings, read } = dataWith('3.10.0rc2+ (heads/3.10:1, x)', 7, 4096);
  expect(versionFromData(mappings, read)?.text).toBe('3.10.0rc2');
});

test('no version where there is none, or nothing can be read', () => {
  const { mappings, read } = dataWith('version 3.8 (of something), 13.8.18.1', 0, 4096);
  expect(versionFromData(mappings, read)).toBeUndefined();
  expect(versionFromData(mappings, () => 0)).toBeUndefined();
  expect(versionFromSymbol(base, () => 0)).toBeUndefined();
});

test('Py_Version', () => {
  const hex: ReadMemory = (_, into) => {
    into.set([0xf0, 0x07, 0x0b, 0x03]);
    return into.length;
  };
  expect(versionFromSymbol(base, hex)?.text).toBe('3.11.7');
});
