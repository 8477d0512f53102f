/** Is the C library recognised? */
import { expect, test } from 'vitest';
import { parseMaps } from '../../memory/maps.ts';
import { libcOf } from './python-image.ts';

const mapped = (...paths: readonly string[]) =>
  parseMaps(paths.map((path) => `7f0000000000-7f0000001000 r-xp 00000000 08:01 9 ${path}\n`).join(''));

test('the C library, by its loader or its file', () => {
  expect(libcOf(mapped('/usr/bin/python3.11', '/lib/x86_64-linux-gnu/libc.so.6'), '')).toBe('glibc');
  expect(libcOf(mapped('/usr/bin/python3.11'), '/lib64/ld-linux-x86-64.so.2')).toBe('glibc');
  expect(libcOf(mapped('/lib64/libc-2.31.so'), '')).toBe('glibc');
  expect(libcOf(mapped('/usr/bin/python3.12', '/lib/ld-musl-x86_64.so.1'), '/lib/ld-musl-x86_64.so.1')).toBe('musl');
  expect(libcOf(mapped('/usr/bin/python3.12', '/lib/libc.musl-x86_64.so.1'), '')).toBe('musl');
  expect(libcOf(mapped('/opt/python/bin/python3.13'), '')).toBe('unknown');
});
