/** Is the load bias right whatever the segments share and whatever else is mapped? */
import { expect, test } from 'vitest';
import type { ElfImage, ElfSegment } from './elf.ts';
import { loadBias } from './load-bias.ts';
import type { Mapping } from './maps.ts';

const load = (offset: number, address: number, size: number): ElfSegment => ({
  type: 1,
  offset,
  address,
  fileSize: size,
  memorySize: size,
});

const image = (isFixed: boolean, ...segments: ElfSegment[]): ElfImage => ({
  kind: 'elf',
  machine: 'x86-64',
  isFixed,
  segments,
  sections: [],
  interpreter: '',
});

const map = (start: number, offset: number, size: number): Mapping => ({
  start,
  end: start + size,
  permissions: 'r--p',
  offset,
  device: '08:01',
  inode: 1,
  path: '/lib/x.so',
  deleted: false,
});

// Each segment begins in the last page of the one before, as linkers do it.
const shared = image(
  false,
  load(0, 0, 0x1234),
  load(0x1234, 0x2234, 0x2000),
  load(0x3234, 0x5234, 0x800),
  load(0x3a34, 0x6a34, 0x600),
);
const base = 0x7f00_0000_0000;
const mapped = [
  map(base, 0, 0x2000),
  map(base + 0x2000, 0x1000, 0x3000),
  map(base + 0x5000, 0x3000, 0x1000),
  map(base + 0x6000, 0x3000, 0x2000),
];

test('neighbouring segments that share pages do not mislead', () => {
  expect(loadBias(shared, mapped)).toBe(base);
});

test('right while only the first part is loaded', () => {
  expect(loadBias(shared, mapped.slice(0, 1))).toBe(base);
  expect(loadBias(shared, mapped.slice(0, 2))).toBe(base);
  expect(loadBias(shared, [map(base, 0, 0x8000)])).toBe(base);
});

test('a second, plain mapping of the file does not mislead', () => {
  expect(loadBias(shared, [map(0x10_0000, 0, 0x5000), ...mapped])).toBe(base);
  expect(loadBias(shared, [...mapped, map(base + 0x100_0000, 0, 0x5000)])).toBe(base);
});

test('a first segment that is not at 0 does not mislead', () => {
  const moved = image(false, load(0, 0x3ff000, 0x1000), load(0x1000, 0x400000, 0x3000));
  expect(loadBias(moved, [map(base, 0, 0x1000), map(base + 0x1000, 0x1000, 0x3000)])).toBe(base - 0x3ff000);
});

test('fixed programs have none', () => {
  expect(loadBias(image(true, load(0, 0x400000, 0x1000)), [map(0x400000, 0, 0x1000)])).toBe(0);
});

test('undefined where nothing of the file is loaded', () => {
  expect(loadBias(shared, [])).toBeUndefined();
  expect(loadBias(shared, [map(base, 0x10_0000, 0x1000)])).toBeUndefined();
});
