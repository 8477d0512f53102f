import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseEngine, type PythonEngine } from './engine.ts';
import type { Program } from './program.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  mkdirSync(join(folder, 'venv/bin'), { recursive: true });
  for (const name of ['pypy3.9', 'python3.9']) {
    writeFileSync(join(folder, name), '');
    chmodSync(join(folder, name), 0o755);
  }
  symlinkSync('../../pypy3.9', join(folder, 'venv/bin/python'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const script: Program = { kind: 'script', path: 'x.py', args: [] };

const choose = (
  program: Program,
  python: string | undefined,
  environment: Record<string, string> = {},
  platform: NodeJS.Platform = 'linux',
): PythonEngine => chooseEngine(program, python, { PATH: folder, ...environment }, platform);

test('PyPy samples itself, by whatever name it is called', () => {
  expect(choose(script, 'python3.9')).toBe('outside');
  expect(choose(script, 'pypy3.9')).toBe('inprocess');
  expect(choose({ kind: 'module', name: 'm', args: [] }, undefined, { VIRTUAL_ENV: join(folder, 'venv') })).toBe(
    'inprocess',
  );
  expect(choose({ kind: 'code', source: '', args: [] }, undefined, { TIMESINK_PYTHON: 'pypy3.9' })).toBe('inprocess');
  expect(choose({ kind: 'command', argv: ['pypy3.9', 'x.py'] }, undefined)).toBe('inprocess');
});

test('what runs no PyPy of ours, and what is not there, is recorded from outside', () => {
  expect(choose({ kind: 'script', path: 'x.ts', args: [] }, 'pypy3.9')).toBe('outside');
  expect(choose({ kind: 'command', argv: ['make'] }, 'pypy3.9')).toBe('outside');
  expect(choose(script, 'nowhere')).toBe('outside');
});

test('where there is no /proc, programs sample themselves', () => {
  expect(choose(script, 'python3.9', {}, 'darwin')).toBe('inprocess');
  expect(choose(script, 'python3.9', {}, 'win32')).toBe('inprocess');
});

test('TIMESINK_ENGINE decides', () => {
  expect(choose(script, 'python3.9', { TIMESINK_ENGINE: 'inprocess' })).toBe('inprocess');
  expect(choose(script, 'pypy3.9', { TIMESINK_ENGINE: 'outside' })).toBe('outside');
  expect(choose(script, 'python3.9', { TIMESINK_ENGINE: '' })).toBe('outside');
  expect(() => choose(script, 'python3.9', { TIMESINK_ENGINE: 'x' })).toThrow(/neither inprocess nor outside/);
  expect(() => choose(script, 'python3.9', { TIMESINK_ENGINE: 'outside' }, 'darwin')).toThrow(/darwin/);
});
