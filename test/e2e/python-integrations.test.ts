/** Does the Python package work in what it plugs into: web frameworks, notebooks, pytest, Celery? */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { declareMissing, providedFolder } from '../support/provided.ts';

const folder = fileURLToPath(new URL('../../python/tests/integrations/', import.meta.url));
const python = join(providedFolder, 'python-web-venv/bin/python');
const files = readdirSync(folder).filter((name) => /^test_.*\.py$/.test(name));

/** The recorder runs on the Node.js that runs this. */
const env = { ...process.env, TIMESINK_NODE: process.execPath, PYTHONDONTWRITEBYTECODE: '1' };

describe('with the packages of python/tests/integrations/requirements.txt', () => {
  for (const file of files) {
    if (!existsSync(python)) declareMissing(file, 'an environment with web frameworks');
    else {
      test(file, { timeout: 180_000 }, () => {
        const args = ['-m', 'pytest', '-q', '--no-header', '-rA', '-p', 'no:cacheprovider', file];
        const { status, stdout, stderr } = spawnSync(python, args, {
          cwd: folder,
          env,
          encoding: 'utf8',
          timeout: 170_000,
        });
        expect(status, stdout + stderr).toBe(0);
        // Each by its name.
        expect(stdout.match(/^PASSED /gm)?.length, stdout).toBe(Number(/^(\d+) passed/m.exec(stdout)?.[1]));
      });
    }
  }
});
