/** Do the offset tables hang together? */
import { expect, test } from 'vitest';
import { loadOffsets, newestMinor, offsetOf, oldestMinor } from './index.ts';

const minors = Array.from({ length: newestMinor - oldestMinor + 1 }, (_, index) => oldestMinor + index);
const builds = minors.flatMap((minor) =>
  minor < 13 ? [[minor, false] as const] : [[minor, false] as const, [minor, true] as const],
);

for (const [minor, freeThreaded] of builds) {
  test(`CPython 3.${minor}${freeThreaded ? 't' : ''}`, async () => {
    const table = await loadOffsets(minor, freeThreaded);
    if (!table) throw new Error('no table');
    expect(table).toMatchObject({ version: `3.${minor}`, freeThreaded });
    expect(offsetOf(table, 'PyObject', 'sizeof')).toBe(freeThreaded ? 32 : 16);
    for (const [name, { sizeof, ...fields }] of Object.entries(table.structs)) {
      for (const [field, offset] of Object.entries(fields)) {
        expect(offset, `${name}.${field}`).toBeGreaterThanOrEqual(0);
        // A trailing array may begin at the very end.
        if (sizeof !== undefined) expect(offset, `${name}.${field}`).toBeLessThanOrEqual(sizeof);
      }
    }
    for (const fields of Object.values(table.bitfields)) {
      for (const { shift, width } of Object.values(fields)) {
        expect(width).toBeGreaterThan(0);
        expect(shift + width).toBeLessThanOrEqual(32);
      }
    }
    expect(table.debugOffsets !== undefined).toBe(minor >= 13);
  });
}

test('no table for other versions, no offset for an unknown field', async () => {
  expect(await loadOffsets(oldestMinor - 1, false)).toBeUndefined();
  expect(await loadOffsets(newestMinor + 1, false)).toBeUndefined();
  expect(await loadOffsets(12, true)).toBeUndefined();
  const table = await loadOffsets(8, false);
  expect(() => table && offsetOf(table, 'PyCodeObject', 'co_qualname')).toThrow(
    'CPython 3.8 has no PyCodeObject.co_qualname',
  );
});
