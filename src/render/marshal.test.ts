import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeEachPython } from '../../test/support/pythons.ts';
import { type MarshalValue, marshal } from './marshal.ts';

const hex = (value: MarshalValue): string => Buffer.from(marshal(value)).toString('hex');

test.each<readonly [string, MarshalValue, string]>([
  ['a float', 1, '67000000000000f03f'],
  ['a whole number', { int: -2 }, '69feffffff'],
  ['a whole number of 32 bits', { int: -(2 ** 31) }, '6900000080'],
  ['a larger one, in digits of 15 bits', { int: 2 ** 31 }, '6c03000000000000000200'],
  ['a negative large one', { int: -(2 ** 45) }, '6cfcffffff0000000000000100'],
  ['a text', 'é', '7502000000c3a9'],
  ['a tuple', [{ int: 1 }, []], '2802000000690100000028' + '00000000'],
  ['a dict', new Map([['', 'a']]), '7b7500000000750100000061' + '30'],
  ['a lone surrogate', '\udc80', '7503000000edb280'],
])('%s', (_, value, bytes) => {
  expect(hex(value)).toBe(bytes);
});

const program = `
import json, marshal, sys
print(json.dumps(marshal.load(sys.stdin.buffer)))
`;

describeEachPython('any value', ({ path }) => {
  test('is read as it was written', () => {
    const texts = fc.sample(fc.string({ unit: 'binary' }), 500);
    const odd = ['\ud800x', '\udfff\ud800', 'a\0b', ''];
    const integers = fc.sample(fc.maxSafeInteger(), 500);
    const floats = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), 500);
    const value = [[...texts, ...odd], integers.map((int) => ({ int })), floats];
    const { stdout, stderr } = spawnSync(path, ['-c', program], { input: marshal(value), encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([[...texts, ...odd], integers, floats]);
  });
});
