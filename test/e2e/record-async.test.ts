/** Does the time in which an event loop is idle go to where its main task waits? */
import { expect, test } from 'vitest';
import { describeEachPython, testWithPackage, testWithPython } from '../support/pythons.ts';
import {
  mainRows,
  pathOf,
  programText,
  type Recorded,
  type Row,
  record,
  Stacks,
  secondsBy,
  totalSeconds,
} from '../support/record.ts';
import { runCli } from '../support/run-cli.ts';

const text = programText('record-async.py');
const files = { 'main.py': text };

/** Functions that all others stand on. */
const below: ReadonlySet<string> = new Set(['<module>', 'main', 'timed', 'in_thread']);

/** The program's own functions, and what stands for time rather than for code. */
function ownPath({ frames }: Row): string {
  return frames
    .filter(({ file, functionName }) => (file === null || file.endsWith('main.py')) && !below.has(functionName))
    .map(({ functionName }) => functionName)
    .join(' > ');
}

const isIn =
  (functionName: string) =>
  ({ frames }: Row): boolean =>
    frames.some((frame) => frame.functionName === functionName);

/** What the thread beside the main one does. */
const inThread = 'thread_main > [await]';

/** Every path has about the share of time that the program says. */
function expectShares(recorded: Recorded): void {
  const told = JSON.parse(recorded.stdout) as Readonly<Record<string, number>>;
  const found = secondsBy(mainRows(recorded.session).filter(isIn('main')), ownPath);
  for (const [path, seconds] of Object.entries(told)) {
    if (path === inThread) continue;
    const difference = Math.abs((found.get(path) ?? 0) - seconds);
    const { notSampled } = recorded.session.meta.quality;
    expect(difference, `${path}: ${JSON.stringify([...found])}`).toBeLessThan(0.05 + 0.1 * seconds + notSampled);
  }
}

/** What `main` stands on: whether it runs or waits, that is the same. */
function basesOfMain({ session }: Recorded): readonly string[] {
  const bases = mainRows(session)
    .filter(isIn('main'))
    .map(({ frames }) => pathOf(frames.slice(0, frames.findIndex(({ functionName }) => functionName === 'main') + 1)));
  return [...new Set(bases)];
}

describeEachPython('an asyncio program', (python) => {
  test('shows where it awaits, by function and line', async () => {
    const recorded = await record(python, ['main.py'], { files });
    expect(recorded.stderr).toBe('');
    expectShares(recorded);
    const rows = mainRows(recorded.session);
    expect(basesOfMain(recorded)).toHaveLength(1);
    const fetching = rows.filter(({ frames }) => isIn('fetch')({ frames } as Row) && frames.at(-1)?.kind === 'await');
    const lines = new Set(fetching.map(({ frames }) => frames.find((frame) => frame.functionName === 'fetch')?.line));
    expect([...lines]).toEqual([text.split('\n').findIndex((line) => line.includes('# fetch waits')) + 1]);

    const { session } = recorded;
    const waited = (JSON.parse(recorded.stdout) as Record<string, number>)[inThread] as number;
    const others = session.threads
      .filter(({ name }) => name === 'loop')
      .flatMap((one) => new Stacks(session).rowsOf(one));
    const difference = (secondsBy(others, ownPath).get(inThread) ?? 0) - waited;
    expect(Math.abs(difference)).toBeLessThan(0.05 + 0.1 * waited + session.meta.quality.notSampled);
  });
});

testWithPackage('uvloop', 'a program on uvloop shows where it awaits', async (path) => {
  expectShares(await record({ path } as Parameters<typeof record>[0], ['main.py', 'uvloop'], { files }));
});

testWithPackage('trio', 'a program on trio shows where it awaits', async (path) => {
  const program = `
import json, time, trio
async def nap(): await trio.sleep(0.2)
async def work():
    end = time.perf_counter() + 0.1
    while time.perf_counter() < end: pass
async def main():
    seconds = {}
    for name, function in ('nap > [await]', nap), ('work', work):
        start = time.perf_counter()
        await function()
        seconds[name] = time.perf_counter() - start
    print(json.dumps(seconds))
trio.run(main)
`;
  const python = { path } as Parameters<typeof record>[0];
  const recorded = await record(python, ['main.py'], { files: { 'main.py': program } });
  expectShares(recorded);
  expect(basesOfMain(recorded)).toHaveLength(1);
});

/** Waits for almost all of its time. */
const nap = `
import asyncio
async def main():
    await nap()
async def nap():
    await asyncio.sleep(0.3)
asyncio.run(main())
`;

describeEachPython('the report of an asyncio program', (python) => {
  test('names the lines that await', async () => {
    const { stdout } = await runCli(['nap.py'], { files: { 'nap.py': nap }, env: { TIMESINK_PYTHON: python.path } });
    expect(stdout).toMatch(/─ 0\.\d+ nap {2}nap\.py:5/);
    expect(stdout).toMatch(/\[await\]/);
    expect(stdout).toMatch(/nap\.py:6 +await asyncio\.sleep\(0\.3\)/);
  });
});

testWithPython('an event loop is shown as it is with --async=off', async (python) => {
  const { session } = await record(python, ['--async=off', 'nap.py'], { files: { 'nap.py': nap } });
  const rows = mainRows(session).filter(isIn('run_until_complete'));
  expect(rows.some(({ frames }) => frames.some(({ kind }) => kind === 'await'))).toBe(false);
  expect(totalSeconds(rows.filter(isIn('select'))) / totalSeconds(rows)).toBeGreaterThan(0.5);
});
