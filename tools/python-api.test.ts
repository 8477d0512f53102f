/** Does docs/python-api.md say what the docstrings of the Python package say? */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { testWithPython } from '../test/support/pythons.ts';

testWithPython('docs/python-api.md is up to date', ({ path }) => {
  const tool = fileURLToPath(new URL('python-api.py', import.meta.url));
  const { status, stderr } = spawnSync(path, [tool, '--check'], { encoding: 'utf8', timeout: 30_000 });
  expect(status, stderr).toBe(0);
});
