/** Are CPU profiles of V8 shown, compared and merged as our own recordings are? */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunResult, runCli } from '../support/run-cli.ts';

const source = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

let folder = '';
const file = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  copyFileSync(source('programs/profile-shop.mjs'), file('profile-shop.mjs'));
  for (const version of ['22', '24']) {
    const text = readFileSync(source(`profiles/node-${version}.cpuprofile`), 'utf8');
    writeFileSync(file(`${version}.cpuprofile`), text.replaceAll('/srv/shop', folder));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = async (...args: readonly string[]): Promise<string> => {
  const { stdout, stderr, code }: RunResult = await runCli(args, { env: { LC_ALL: 'C.UTF-8', NO_COLOR: '1' } });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return stdout;
};

test('the report reads as those of our own recordings', async () => {
  const report = await run('view', '--unicode', file('24.cpuprofile'));
  expect(report.replace(/^timesink \S+/, 'timesink')).toMatchInlineSnapshot(`
    "timesink · V8 sampler
    Recorded: --:--:--   Samples: 288 every 2.21 ms   Duration: 0.636   CPU time: 0.537

    CPU profile: 24.cpuprofile

    0.636 MainThread  
    ├─ 0.454 <module>  profile-shop.mjs:1
    │  └─ 0.454 handle  profile-shop.mjs:30
    │     ├─ 0.194 Quote.total  profile-shop.mjs:17
    │     │  └─ 0.194 until  profile-shop.mjs:6
    │     │     ├─ 0.188 [self]  profile-shop.mjs
    │     │     └─ 0.007 now  node:internal/perf/performance:137
    │     │        └─ 0.007 now  <built-in>
    │     ├─ 0.145 (callback of map)  profile-shop.mjs:33
    │     │  └─ 0.145 until  profile-shop.mjs:6
    │     ├─ 0.108 Quote.tax  profile-shop.mjs:21
    │     │  └─ 0.108 until  profile-shop.mjs:6
    │     │     ├─ 0.101 [self]  profile-shop.mjs
    │     │     └─ 0.007 now  node:internal/perf/performance:137
    │     │        └─ 0.007 now  <built-in>
    │     └─ 0.007 [self]  profile-shop.mjs
    ├─ 0.099 (idle)  
    ├─ 0.042 handle  profile-shop.mjs:30
    │  └─ 0.042 (returned by makeRounder)  profile-shop.mjs:27
    │     └─ 0.042 until  profile-shop.mjs:6
    └─ 0.039 (program)  

    Hottest lines
       485 ms  76 %  profile-shop.mjs:8   while (performance.now() < end) for (let i = 0; i < 1000; i++…

    "
  `);
  expect(await run('--unicode', '--load', file('24.cpuprofile'))).toBe(report);
});

test('every format can be made of it', async () => {
  for (const [format, part] of [
    ['json', '"function": "total"'],
    ['speedscope', '"Quote.total"'],
    ['markdown', '`Quote.total`'],
    ['pyisession', 'total\\u0000'],
    ['collapsed', 'Quote.total (profile-shop.mjs:17);'],
    ['cpuprofile', '"Quote.total"'],
    ['firefox', 'Quote.total'],
  ] as const) {
    expect(await run('view', '-r', format, file('24.cpuprofile')), format).toContain(part);
  }
});

test('two are compared, and made one', async () => {
  expect(await run('diff', file('22.cpuprofile'), file('24.cpuprofile'))).toContain(
    'Quote.total  profile-shop.mjs:17\n',
  );
  await run('merge', file('22.cpuprofile'), file('24.cpuprofile'), '-o', file('both.timesink'));
  expect(await run('view', file('both.timesink'))).toContain('(callback of map)  profile-shop.mjs:33\n');
});
