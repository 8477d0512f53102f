/** Does the build run on later versions of Node.js as on the one that runs the tests? */
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { testEachLaterNode } from '../support/nodes.ts';
import { pythons } from '../support/pythons.ts';
import { runCli } from '../support/run-cli.ts';

const saved = fileURLToPath(new URL('../golden/basic.pyisession', import.meta.url));
const script = `
import sys, time
def wait_a_little():
    time.sleep(0.2)
wait_a_little()
print('done')
sys.exit(3)
`;

testEachLaterNode('a saved session gives the same report', async (node) => {
  const args = ['--load', saved, '-r', 'text', '--no-color', '--unicode'];
  const [expected, found] = [await runCli(args), await runCli(args, { node })];
  expect(expected).toMatchObject({ code: 0, stderr: '' });
  expect(found).toEqual(expected);
});

testEachLaterNode('a program is recorded', async (node) => {
  const env = { TIMESINK_PYTHON: pythons.at(-1)?.path };
  const { stdout, code } = await runCli(['--unicode', 'script.py'], { node, env, files: { 'script.py': script } });
  expect(code).toBe(3);
  expect(stdout).toMatch(/^done\n/);
  expect(stdout).toMatch(/<module> {2}script\.py:\d+\n[\s\S]*[├└]─ 0\.\d+ wait_a_little {2}script\.py:3\n/);
});
