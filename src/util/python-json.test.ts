import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testWithPython } from '../../test/support/pythons.ts';
import { formatPythonFloat, formatPythonString, pythonJson } from './python-json.ts';

test.each([
  [0, '0.0'],
  [-0, '-0.0'],
  [1, '1.0'],
  [0.1, '0.1'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1.5e-7, '1.5e-07'],
  [5e-324, '5e-324'],
  [1e15, '1000000000000000.0'],
  [1e16, '1e+16'],
  [-1.25e22, '-1.25e+22'],
  [1e100, '1e+100'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
])('%d is written as %s', (value, text) => {
  expect(formatPythonFloat(value)).toBe(text);
});

test('strings are pure ASCII, characters outside as UTF-16 units', () => {
  expect(formatPythonString('é😀"\\\n\u0000\u007f')).toBe('"\\u00e9\\ud83d\\ude00\\"\\\\\\n\\u0000\\u007f"');
});

test('lists have a space after the comma', () => {
  expect(pythonJson(['a', 'b'])).toBe('["a", "b"]');
  expect(pythonJson([])).toBe('[]');
});

testWithPython('any string and any float is written as json.dumps does', (python) => {
  const floats = fc.sample(fc.double({ noNaN: true }), 2000);
  const strings = fc.sample(fc.string({ unit: 'binary' }), 500);
  const written = `[${[...floats.map(formatPythonFloat), ...strings.map(formatPythonString)].join(', ')}]`;
  const script = 'import json, sys; sys.stdout.write(json.dumps(json.load(sys.stdin)))';
  expect(spawnSync(python.path, ['-c', script], { input: written, encoding: 'utf8' }).stdout).toBe(written);
});
