/** Do the opcode tables hang together? */
import { expect, test } from 'vitest';
import { newestMinor, oldestMinor } from '../offsets/index.ts';
import { loadOpcodes } from './index.ts';

const minors = Array.from({ length: newestMinor - oldestMinor + 1 }, (_, index) => oldestMinor + index);

for (const minor of minors) {
  test(`CPython 3.${minor}`, async () => {
    const table = await loadOpcodes(minor);
    if (!table) throw new Error('no table');
    expect(table.version).toBe(`3.${minor}`);
    const names = new Set(Object.keys(table.all));
    expect(new Set(Object.values(table.all)).size).toBe(names.size);
    const { call, iterationAndAwait, implicitCallPossible } = table.groups;
    const grouped = [...call, ...iterationAndAwait, ...implicitCallPossible];
    expect(new Set(grouped).size).toBe(grouped.length);
    const mentioned = [...grouped, ...Object.entries(table.baseOf).flat(), ...Object.keys(table.cacheUnits)];
    expect(mentioned.filter((name) => !names.has(name))).toEqual([]);
    for (const [name, base] of Object.entries(table.baseOf)) {
      expect(grouped.includes(name), name).toBe(grouped.includes(base));
      expect(table.baseOf[base], 'a base is never specialised itself').toBeUndefined();
    }
    expect('CACHE' in table.all).toBe(minor >= 11);
  });
}

test('no table for other versions', async () => {
  expect(await loadOpcodes(oldestMinor - 1)).toBeUndefined();
  expect(await loadOpcodes(newestMinor + 1)).toBeUndefined();
});
