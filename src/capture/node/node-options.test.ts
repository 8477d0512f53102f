import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { splitNodeOptions, withPreload } from './node-options.ts';

test.each([
  [undefined, '--require /p/a.cjs'],
  ['', '--require /p/a.cjs'],
  ['--no-warnings', '--require /p/a.cjs --no-warnings'],
  ['--require /p/a.cjs --no-warnings', '--require /p/a.cjs --no-warnings'],
])('what the user has in NODE_OPTIONS stays: %j', (given, expected) => {
  expect(withPreload(given, '/p/a.cjs')).toBe(expected);
});

test('Node.js understands any path', () => {
  const folder = mkdtempSync(join(tmpdir(), 'timesink test "x" \\ '));
  try {
    const file = join(folder, 'a b.cjs');
    writeFileSync(file, 'console.log("loaded")');
    const NODE_OPTIONS = withPreload('--no-warnings', file);
    const { stdout } = spawnSync(process.execPath, ['-e', '0'], { env: { NODE_OPTIONS }, encoding: 'utf8' });
    expect(stdout).toBe('loaded\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['--no-warnings  --max-old-space-size=4096', ['--no-warnings', '--max-old-space-size=4096']],
  ['--require "./my file.js"', ['--require', './my file.js']],
  ['--require="./a \\"b\\".js" -x', ['--require=./a "b".js', '-x']],
  ['  ', []],
])('options are split as Node.js does: %s', (text, words) => {
  expect(splitNodeOptions(text)).toEqual(words);
});
