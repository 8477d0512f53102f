import { expect, test } from 'vitest';
import { testWithPython } from '../../../test/support/pythons.ts';
import { startTarget } from '../../../test/support/target.ts';
import type { Pid } from '../../session/ids.ts';
import { isObjectAddress, ProcessMemory } from './process-memory.ts';

/** Tells where some known bytes are: two pages' worth that end at the end of a mapping. */
const program = `
import ctypes, mmap, sys
page = mmap.PAGESIZE
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
start = libc.mmap(None, 3 * page, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
libc.munmap(start + 2 * page, page)
ctypes.memmove(start, bytes(range(256)) * 2, 512)
ctypes.memmove(start + 512, (0x7F12_3456_7890).to_bytes(8, 'little'), 8)
print(start, page, flush=True)
sys.stdin.read()
`;

testWithPython("reads another process's memory up to the end of its mapping", async (python) => {
  const target = startTarget(python, program);
  const [start, page] = (await target.line()).split(' ').map(Number) as [number, number];
  const memory = new ProcessMemory(target.pid);
  const bytes = new Uint8Array(512);

  expect(memory.read(start, bytes)).toBe(512);
  expect([...bytes.subarray(254, 258)]).toEqual([254, 255, 0, 1]);
  expect(memory.read(start + 1, bytes, 2)).toBe(2);
  expect([...bytes.subarray(0, 3)]).toEqual([1, 2, 2]);

  expect(memory.read(start + 2 * page - 100, bytes)).toBe(100);
  expect(memory.fetch(start + 2 * page - 100, 101)).toBe(false);
  expect(memory.read(start + 2 * page, bytes)).toBe(0);

  expect(memory.fetch(start + 500, 20)).toBe(true);
  expect(memory.pointerAt(12)).toBe(0x7f12_3456_7890);
  expect(memory.pointer(start + 512)).toBe(0x7f12_3456_7890);
  expect(memory.pointer(start + 2 * page)).toBe(0);
  expect(memory.uint32(start + 0xfc)).toBe(0xfffe_fdfc);
  expect(memory.uint32(start + 2 * page - 3)).toBe(-1);
  memory.close();
});

testWithPython('reads nothing of a process that has ended', async (python) => {
  const target = startTarget(python, program);
  const [start] = (await target.line()).split(' ').map(Number) as [number];
  const memory = new ProcessMemory(target.pid);
  expect(memory.pointer(start)).not.toBe(0);
  target.child.kill('SIGKILL');
  await new Promise((resolve) => target.child.once('exit', resolve));
  expect(memory.pointer(start)).toBe(0);
  memory.close();
});

test('what cannot be an address reads as nothing', () => {
  const memory = new ProcessMemory(process.pid as Pid);
  const bytes = new Uint8Array(8);
  for (const address of [0, -1, 1.5, 2 ** 48, 2 ** 53, 2 ** 64, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(memory.read(address, bytes)).toBe(0);
  }
  memory.close();
});

test('a process that is not there cannot be opened', () => {
  expect(() => new ProcessMemory(0x3fff_fff0 as Pid)).toThrow(/ENOENT/);
});

test('addresses of objects are aligned and in user space', () => {
  expect([0x1_0000, 0xffff_ffff_fff8].every(isObjectAddress)).toBe(true);
  expect([0, 8, 0x1_0001, 2 ** 48, Number.NaN].some(isObjectAddress)).toBe(false);
});
