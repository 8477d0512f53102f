import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findProgram } from './search-path.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  writeFileSync(join(folder, 'tool.exe'), '', { mode: 0o755 });
  writeFileSync(join(folder, 'data'), '', { mode: 0o644 });
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a name is searched for, a path is not', () => {
  expect(findProgram('tool.exe', `/nowhere:${folder}`)).toEqual({ kind: 'found', path: join(folder, 'tool.exe') });
  expect(findProgram(join(folder, 'tool.exe'), '')).toEqual({ kind: 'found', path: join(folder, 'tool.exe') });
  expect(findProgram('data', folder)).toEqual({ kind: 'not-executable', path: join(folder, 'data') });
  for (const name of ['tool', '', 'x/tool.exe']) expect(findProgram(name, folder)).toEqual({ kind: 'missing' });
});

test('Windows knows programs without their ending', () => {
  expect(findProgram(join(folder, 'tool'), '', 'win32')).toEqual({ kind: 'found', path: join(folder, 'tool.exe') });
});
