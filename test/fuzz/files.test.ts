/** Is reading safe for any bytes? 10,000 broken files of each format: a session, or an error that names the file. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../support/bundle.ts';
import { hostileFiles } from './hostile-files.ts';
import type { FuzzResult } from './read-broken-files.ts';

const golden = fileURLToPath(new URL('../golden', import.meta.url));

let folder = '';
let script = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  script = await bundle(fileURLToPath(new URL('read-broken-files.ts', import.meta.url)), folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** In a process of its own, whose memory is that of the reader alone. */
function run(megabytes: number, ...args: readonly string[]): FuzzResult {
  const command = [`--max-old-space-size=${megabytes}`, script, ...args];
  return JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8' })) as FuzzResult;
}

/** The run time takes 45 of the 200 MB. Of time the CPU's is counted, which other programs do not lengthen much. */
function expectBounds({ failures, slowest, peak }: FuzzResult): void {
  expect(failures).toEqual([]);
  expect(slowest.milliseconds, `file ${slowest.file}`).toBeLessThan(1000);
  expect(peak).toBeLessThan(200);
}

/** Of those that are sessions, the ones that are odd rather than merely large. */
const oddSessions: ReadonlySet<string> = new Set([
  ...['deep-stack', 'deep-samples', 'many-frames', 'many-members', 'longest-times'],
]);

describe.each(Object.entries(hostileFiles))('%s', (format, files) => {
  test('10,000 files with something changed', { timeout: 300_000 }, () => {
    const result = run(120, 'mutated', format, golden, '0', '10000');
    expectBounds(result);
    expect(result.read + result.refused).toBe(10_000);
    // Many are refused; those that are not show that readers go far into what is broken.
    expect(result.refused).toBeGreaterThan(2000);
    expect(result.read).toBeGreaterThan(500);
    expect(result.rendered).toBeGreaterThan(500);
  });

  test.each(Object.entries(files))('a file made to hurt: %s', (name, make) => {
    const path = join(folder, `${format}-${name}`);
    writeFileSync(path, make());
    const result = run(120, 'file', path);
    expectBounds(result);
    if (result.read === 1 && oddSessions.has(name)) expect(run(4000, 'render', path).failures).toEqual([]);
    rmSync(path);
  });
});
