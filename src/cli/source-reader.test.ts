import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sourceReader } from './source-reader.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  mkdirSync(join(folder, 'package'));
  writeFileSync(join(folder, 'package/a.py'), 'größer = 1\n');
  writeFileSync(join(folder, 'huge.py'), '');
  truncateSync(join(folder, 'huge.py'), 1 << 30);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('files are found from the program’s folder', () => {
  const read = sourceReader(folder);
  expect(read('package/a.py')).toBe('größer = 1\n');
  expect(read(join(folder, 'package/a.py'))).toBe('größer = 1\n');
});

test('what is no readable source file is none', () => {
  const read = sourceReader(folder);
  for (const file of ['nosuch.py', 'package', '', '<string>', 'huge.py', 'pipe', '/dev/zero', '\0', 'x'.repeat(5000)]) {
    expect(read(file), file.slice(0, 20)).toBeUndefined();
  }
});

test('a file is read once', () => {
  const read = sourceReader(folder);
  writeFileSync(join(folder, 'b.py'), 'before');
  expect(read('b.py')).toBe('before');
  writeFileSync(join(folder, 'b.py'), 'after');
  expect(read('b.py')).toBe('before');
});
