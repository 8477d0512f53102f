import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isNodeScript, nodeCommandLine } from './node-interpreter.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  for (const version of ['20.19.0', '22.6.0', '22.18.0', '23.5.0', '24.0.0']) {
    writeFileSync(join(folder, `node-${version}`), `#!/bin/sh\necho v${version}\n`);
    chmodSync(join(folder, `node-${version}`), 0o755);
  }
  mkdirSync(join(folder, 'with/node_modules/tsx/dist'), { recursive: true });
  writeFileSync(join(folder, 'with/node_modules/tsx/dist/loader.mjs'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The words between the program and the script. */
function optionsFor(version: string, script: string, nodeOptions?: string): readonly string[] {
  const node = join(folder, `node-${version}`);
  return nodeCommandLine(join(folder, script), [], { node, nodeOptions }, { PATH: '/bin' }).slice(1, -1);
}

test('the name of a file tells whether it is one for Node.js', () => {
  const names = ['a.js', 'a.mjs', 'a.cjs', 'a.ts', 'a.mts', 'a.cts', 'a.tsx', 'a.jsx'];
  expect(names.filter((name) => !isNodeScript(name))).toEqual([]);
  expect(['a.py', 'js', 'a.json', 'a.mtsx', '-'].filter(isNodeScript)).toEqual([]);
});

test('TypeScript is run by Node.js itself where it can', () => {
  expect(optionsFor('24.0.0', 'a.ts')).toEqual([]);
  expect(optionsFor('22.18.0', 'a.mts')).toEqual([]);
  expect(optionsFor('22.6.0', 'a.cts')).toContain('--experimental-strip-types');
  expect(optionsFor('23.5.0', 'a.ts')).toContain('--experimental-strip-types');
  expect(optionsFor('20.19.0', 'a.js')).toEqual([]);
});

test('what Node.js cannot run itself is run by the tsx of the project', () => {
  const loader = pathToFileURL(join(folder, 'with/node_modules/tsx/dist/loader.mjs')).href;
  expect(optionsFor('20.19.0', 'with/a.ts')).toEqual(['--import', loader]);
  expect(optionsFor('24.0.0', 'with/src/a.tsx')).toEqual(['--import', loader]);
  expect(optionsFor('24.0.0', 'with/a.ts')).toEqual([]);
});

test('a loader that the user names is used', () => {
  expect(optionsFor('20.19.0', 'a.ts', '--import ./own.mjs')).toEqual(['--import', './own.mjs']);
  expect(optionsFor('20.19.0', 'a.tsx', '-r ./own.cjs')).toEqual(['-r', './own.cjs']);
});
