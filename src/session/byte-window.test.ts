import { expect, test } from 'vitest';
import { ByteWindow, sourceOf } from './byte-window.ts';

const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);

test('a window moves on, and grows where it must', () => {
  const window = new ByteWindow(sourceOf(bytes), 8);
  expect([...window.bytes]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  window.moveTo(6);
  expect([...window.bytes]).toEqual([6, 7, 8, 9, 10, 11, 12, 13]);
  expect(window.isLast).toBe(false);
  window.moveTo(0);
  expect(window.bytes).toEqual(bytes.subarray(6, 22));
  expect(window.words.getInt32(3, true)).toBe(0x0c0b0a09);
  for (let moves = 0; moves < 3; moves++) window.moveTo(0);
  expect(window.bytes).toEqual(bytes.subarray(6));
  expect(window.isLast).toBe(true);
  expect(window.bytes[94]).toBeUndefined();
});
