/** Is what a program for Node.js did shown as it was, on every version? */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { nodeVersions, testEachNode } from '../support/nodes.ts';
import { mainRows, programText, type Row, rootsOf, totalSeconds } from '../support/record.ts';
import { recordNode } from '../support/record-node.ts';
import { runCli } from '../support/run-cli.ts';
import { splitOf, toleranceOf } from '../support/split.ts';

/** Longest time in seconds that counts for a row of work. */
const longestRow = 0.002;

const awaits = ({ frames }: Row): boolean => frames.at(-1)?.kind === 'await';

testEachNode('a program of known split is shown as it is', async (node) => {
  const files = { 'main.cjs': programText('node-splits.cjs') };
  const recorded = await recordNode(node, ['main.cjs'], { files });
  expect(recorded).toMatchObject({ stderr: '', code: 0 });
  const rows = mainRows(recorded.session);
  const shares = JSON.parse(recorded.stdout) as Record<string, number>;
  expect(Object.keys(shares)).toHaveLength(6);
  for (const [way, truth] of Object.entries(shares)) {
    const split = splitOf(rows, way, longestRow, awaits);
    const { share, inside, samples } = split;
    expect(Math.abs(share - truth), `${way}: ${share} of ${samples}`).toBeLessThan(toleranceOf(truth, split, 0.04));
    expect(inside, way).toBeGreaterThan(0.75);
  }
  const [thread] = recorded.session.threads;
  expect(thread && rootsOf(recorded.session, thread)).toEqual(['<module>']);
});

testEachNode('TypeScript is run and shown as it is written', async (node) => {
  const file = fileURLToPath(new URL('../programs/node-typed.ts', import.meta.url));
  const { session, stderr, code } = await recordNode(node, [file]);
  expect({ stderr: withoutWarnings(stderr), code }).toEqual({ stderr: '', code: 0 });
  const rows = mainRows(session);
  const seconds = (name: string): number =>
    totalSeconds(
      rows.filter(({ frames }) => frames.some((frame) => frame.functionName === name && frame.file === file)),
    );
  expect(seconds('work')).toBeGreaterThan(0.1);
  expect(seconds('load')).toBeGreaterThan(0.1);
  const lines = new Set(rows.flatMap(({ frames }) => frames.filter((frame) => frame.functionName === 'work')));
  expect([...lines].map(({ firstLine }) => firstLine)).toEqual([...lines].map(() => 8));
});

/** Some versions say that they leave out types. */
function withoutWarnings(text: string): string {
  return text.replace(/^\(.*ExperimentalWarning.*\n|^\(Use `node --trace-warnings.*\n/gm, '');
}

test('TypeScript that is more than types is run by the tsx of the project', async () => {
  const [oldest] = nodeVersions;
  if (oldest === undefined || oldest.major >= 22) return;
  const files = {
    'package.json': '{ "type": "module" }',
    'node_modules/tsx/dist/loader.mjs': `import ${JSON.stringify(import.meta.resolve('tsx'))};`,
    'src/total.ts': `export interface Order {
  readonly size: number;
}
export function total(orders: readonly Order[]): number {
  for (const end: number = Date.now() + 300; Date.now() < end; ) Math.sqrt(orders.length);
  return orders.reduce((sum, { size }) => sum + size, 0);
}`,
    'src/app.ts': `import { type Order, total } from './total.ts';
enum Size { Small = 1, Large = 3 }
class Shop {
  constructor(private readonly orders: readonly Order[]) {}
  async run(): Promise<number> {
    await new Promise((done) => setTimeout(done, 200));
    return total(this.orders);
  }
}
console.log(await new Shop([{ size: Size.Small }, { size: Size.Large }]).run());`,
  };
  const { session, stdout, stderr, code } = await recordNode(oldest, ['src/app.ts'], { files });
  expect({ stdout, stderr, code }).toEqual({ stdout: '4\n', stderr: '', code: 0 });
  const rows = mainRows(session);
  const working = rows.filter(({ frames }) => frames.at(-1)?.functionName === 'total');
  expect(working[0]?.frames.at(-1)).toMatchObject({ file: expect.stringMatching(/src\/total\.ts$/), firstLine: 4 });
  expect(totalSeconds(working)).toBeGreaterThan(0.1);
  const waiting = rows.filter((row) => awaits(row) && row.frames.at(-2)?.functionName === 'run');
  expect(waiting[0]?.frames.at(-2)).toMatchObject({
    className: 'Shop',
    file: expect.stringMatching(/src\/app\.ts$/),
    firstLine: 5,
  });
  expect(totalSeconds(waiting)).toBeGreaterThan(0.1);
});

test('TypeScript that no Node.js at hand can run is refused with what to do', async () => {
  const [oldest] = nodeVersions;
  if (oldest === undefined || oldest.major >= 22) return;
  const { stderr, code } = await runCli(['--node', oldest.path, 'main.ts'], { files: { 'main.ts': 'let x: number;' } });
  expect(code).toBe(4);
  expect(stderr).toMatch(/main\.ts: Node\.js 20\.\S+ runs no TypeScript by itself\n {2}Install tsx/);
});

test.each(['bun', 'deno'])('%s is named, with how it records itself', async (name) => {
  const stand = `cp "$(command -v sleep)" ${name}; exec ./${name} 0.1`;
  const { stdout, stderr, code } = await runCli(['--', 'sh', '-c', stand]);
  expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
  expect(stderr).toMatch(
    new RegExp(`what ran was .*\\b${name}\\n {2}\\w+ cannot be recorded yet, but records itself: ${name} .*--cpu-prof`),
  );
});
