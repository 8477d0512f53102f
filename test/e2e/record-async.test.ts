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

/** Every path has about the share of time that the program says. */
function expectShares(recorded: Recorded): void {
  const told = JSON.parse(recorded.stdout) as Readonly<Record<string, number>>;
  const found = secondsBy(mainRows(recorded.session).filter(isIn('main')), ownPath);
  for (const [path, seconds] of Object.entries(told)) {
    const difference = Math.abs((found.get(path) ?? 0) - seconds);
    const { notSampled } = recorded.session.meta.quality;
    expect(difference, `${path}: ${JSON.stringify([...found])}`).toBeLessThan(0.05 + 0.1 * seconds + notSampled);
  }
}

describeEachPython('an asyncio program', (python) => {
  test('shows where it awaits, by function and line', async () => {
    const recorded = await record(python, ['main.py'], { files });
    expect(recorded.stderr).toBe('');
    expectShares(recorded);
    const rows = mainRows(recorded.session);
    // Whether it runs or waits, the main task stands at the same place.
    const bases = rows.filter(isIn('main')).map(({ frames }) => {
      const at = frames.findIndex(({ functionName }) => functionName === 'main');
      return pathOf(frames.slice(0, at + 1));
    });
    expect([...new Set(bases)]).toHaveLength(1);
    const fetching = rows.filter(({ frames }) => isIn('fetch')({ frames } as Row) && frames.at(-1)?.kind === 'await');
    const lines = new Set(fetching.map(({ frames }) => frames.find((frame) => frame.functionName === 'fetch')?.line));
    expect([...lines]).toEqual([text.split('\n').findIndex((line) => line.includes('# fetch waits')) + 1]);

    const thread = recorded.session.threads.find(({ name }) => name === 'loop');
    const others = thread === undefined ? [] : new Stacks(recorded.session).rowsOf(thread);
    const waiting = others.filter((row) => ownPath(row) === 'thread_main > [await]');
    expect(totalSeconds(waiting) / totalSeconds(others)).toBeGreaterThan(0.7);
  });
});

testWithPackage('uvloop', 'a program on uvloop shows where it awaits', async (path) => {
  expectShares(await record({ path } as Parameters<typeof record>[0], ['main.py', 'uvloop'], { files }));
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
