/** Do the opcode tables hold what the interpreters say, and do the groups hold every instruction that calls? */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { OpcodeTable } from '../src/capture/python/opcodes/index.ts';
import { describeEachPython } from '../test/support/pythons.ts';

const tool = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const tableOf = (minor: number): OpcodeTable =>
  JSON.parse(readFileSync(tool(`../src/capture/python/opcodes/tables/3.${minor}.json`), 'utf8'));

describeEachPython('opcode table', ({ path, minor }) => {
  test('equals what the interpreter says', () => {
    const generated = JSON.parse(execFileSync(path, [tool('gen-opcodes.py')], { encoding: 'utf8' }));
    expect({ ...generated, source: '' }).toEqual({ ...tableOf(minor), source: '' });
  });

  test('groups every instruction that is seen running Python code', () => {
    const seen: string[] = JSON.parse(execFileSync(path, [tool('seen-calling.py')], { encoding: 'utf8' }));
    const { call, iterationAndAwait, implicitCallPossible } = tableOf(minor).groups;
    const grouped = new Set([...call, ...iterationAndAwait, ...implicitCallPossible]);
    expect(seen.length).toBeGreaterThan(40);
    expect(seen.filter((name) => !grouped.has(name))).toEqual([]);
  });
});
