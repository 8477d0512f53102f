/** Do test runners list their slowest tests with the line that took the time? */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { testEachNode } from '../support/nodes.ts';
import { declareMissing, providedFolder } from '../support/provided.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packages = join(providedFolder, 'node-web/node_modules');

/** The same tests for all runners: lines 7, 8 and 13 take the time. */
const tests = `
interface Long {
  readonly text: string;
}
function spin(ms: number): number {
  let x = 1;
  for (const until = Date.now() + ms; Date.now() < until; ) {
    x += Math.sqrt(x);
  }
  return x;
}
test('waits', async () => {
  await new Promise((resolve) => setTimeout(resolve, 400));
});
test('is quick', () => {});
describe('a group', () => {
  test('computes', () => {
    spin(250);
  });
});
`;

const plainTests = tests.replace(/interface Long \{\n.*\n\}/, '\n\n').replace('(ms: number): number', '(ms)');

/** What only Jest knows. */
const testsOfJest = `
test('calls done', (done) => {
  setTimeout(() => { spin(100); done(); }, 1);
});
test('yields', function* () {
  if ((yield Promise.resolve(1)) !== 1) throw new Error('not run through');
});
test.failing('never ends', () => new Promise(() => {}), 120);
`;

function makeFolder(files: Readonly<Record<string, string>>, modules: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-tests-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(modules, join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** What a runner prints, on both outputs. */
function run(program: string, args: readonly string[], cwd: string): string {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST|NODE_ENV|CI)/.test(name)),
  );
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', cwd, env, timeout: 60_000 });
  expect({ status, printed: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, printed: '' });
  return stdout + stderr;
}

/** Both tests, the slower one first, each with its line. */
function checkReport(printed: string, file: string): void {
  const report = printed.slice(printed.indexOf('Slowest tests'));
  const place = file.replaceAll('.', '\\.');
  expect(report).toMatch(/^Slowest tests, with the line that took most of each\n/);
  expect(report).toMatch(new RegExp(`waits\\n.*\\d ms in ${place}:13 {3}await new Promise`));
  expect(report).toMatch(new RegExp(`a group.* computes\\n.*\\d ms in ${place}:[78] `));
  expect(report.indexOf('waits')).toBeLessThan(report.indexOf('computes'));
  expect(report).not.toContain('is quick\n    ');
}

testEachNode('node:test', ({ path }) => {
  const file = `import { test, describe } from 'node:test';${plainTests}`;
  const folder = makeFolder({ 'slow.test.mjs': file }, packages);
  const printed = run(path, ['--import', join(root, 'dist/test.js'), '--test', 'slow.test.mjs'], folder);
  // Some versions write what tests say to standard error as comments.
  checkReport(printed.replaceAll(/^# /gm, ''), 'slow.test.mjs');
});

test('Vitest, through what it does to TypeScript', () => {
  const plugin = JSON.stringify(join(root, 'dist/vitest.js'));
  const files = {
    'slow.test.ts': `import { describe, test } from 'vitest';${tests}`,
    'vitest.config.mjs': `import { slowTests } from ${plugin};
      export default { plugins: [slowTests()], server: { fs: { strict: false } } };`,
  };
  const folder = makeFolder(files, join(root, 'node_modules'));
  const printed = run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--root', '.'], folder);
  checkReport(printed, 'slow.test.ts');
  expect(printed).toMatch(/Tests .*3 passed/);
});

if (existsSync(packages)) {
  test('Jest, through what it does to JavaScript', () => {
    const files = { 'slow.test.js': plainTests + testsOfJest, 'package.json': '{}' };
    const folder = makeFolder(files, packages);
    const environment = join(root, 'dist/jest.js');
    const printed = run(process.execPath, ['node_modules/jest/bin/jest.js', '--env', environment], folder);
    checkReport(printed, 'slow.test.js');
    expect(printed).toMatch(/calls done\n.*\d ms in slow\.test\.js:[78] /);
    expect(printed).toMatch(/never ends\n/);
    expect(printed).toContain('6 passed');
  });
} else declareMissing('Jest', 'Jest');
