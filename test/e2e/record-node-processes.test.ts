/** Is every process and thread of a Node.js program recorded, together with the Python that a command starts? */
import { expect, test } from 'vitest';
import { nodeVersions, testEachNode } from '../support/nodes.ts';
import { testWithPython } from '../support/pythons.ts';
import { programText } from '../support/record.ts';
import { functionsIn, recordNode, rowsWhere } from '../support/record-node.ts';

testEachNode('processes and workers are recorded, however they are started and ended', async (node) => {
  const files = { 'main.mjs': programText('node-processes.mjs') };
  const { session, stderr, code } = await recordNode(node, ['main.mjs'], { files });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const [program, ...others] = session.processes;
  expect(program).toMatchObject({ runtime: 'node', runtimeVersion: expect.stringMatching(`^${node.major}\\.`) });
  expect(others).toHaveLength(5);
  expect(others.filter(({ parentPid }) => parentPid === program?.pid).length).toBeGreaterThanOrEqual(4);
  const main = functionsIn(rowsWhere(session, ({ isMain }) => isMain));
  const workers = functionsIn(rowsWhere(session, ({ isMain }) => !isMain));
  for (const name of ['inFork', 'inKilled', 'inSpawn', 'inExec', 'inSync']) expect(main).toContain(name);
  for (const name of ['inWorker', 'inTerminated']) expect(workers).toContain(name);
  expect(session.meta.notes.filter((note) => note.includes('without warning'))).toEqual([]);
});

const python = `
import time
def in_python():
    end = time.perf_counter() + 0.3
    while time.perf_counter() < end: pass
in_python()
`;
const node = `
function inNode() {
  const end = performance.now() + 300;
  while (performance.now() < end) Math.sqrt(end);
}
inNode();
`;

testWithPython('a command with Python and Node.js gives one session, on one clock', async ({ path }) => {
  const [newest] = nodeVersions.slice(-1);
  if (newest === undefined) throw new Error('there is no Node.js');
  const command = `"${path}" work.py && "${newest.path}" work.js`;
  const files = { 'work.py': python, 'work.js': node };
  const { session, code } = await recordNode(newest, ['--', 'sh', '-c', command], { files });
  expect(code).toBe(0);
  expect(session.processes.map(({ runtime }) => runtime)).toEqual(['python', 'node']);
  const [first, second] = session.processes;
  expect(functionsIn(rowsWhere(session, ({ process }) => process === 0))).toContain('in_python');
  expect(functionsIn(rowsWhere(session, ({ process }) => process === 1))).toContain('inNode');
  expect(second?.start).toBeGreaterThanOrEqual((first?.start ?? 0) + 0.25);
});

test('a program finds its options, input and outputs as they are', async () => {
  const [oldest] = nodeVersions;
  if (oldest === undefined) throw new Error('there is no Node.js');
  const text = `
    const { title, argv, execArgv } = process;
    process.stdin.on('data', (data) => console.log(JSON.stringify([title, argv.slice(2), execArgv, String(data)])));
    process.stdin.on('end', () => { console.error('told'); process.exitCode = 7; });
  `;
  const args = ['--node-options', '--title=own', 'main.js', '-o', 'x y', '--', '-i'];
  const ran = await recordNode(oldest, args, { files: { 'main.js': text }, input: 'given' });
  expect(ran).toMatchObject({ stderr: 'told\n', code: 7 });
  expect(JSON.parse(ran.stdout)).toEqual(['own', ['-o', 'x y', '--', '-i'], ['--title=own'], 'given']);
});

testEachNode('Node’s own profiler and coverage do not mind', async (one) => {
  const files = { 'main.js': `${node}console.log('done');` };
  const env = { NODE_V8_COVERAGE: './coverage' };
  const options = ['--node-options', '--cpu-prof --cpu-prof-dir=profiles'];
  const ran = await recordNode(one, [...options, 'main.js'], { files, env });
  expect(ran).toMatchObject({ stdout: 'done\n', stderr: '', code: 0 });
  expect(functionsIn(rowsWhere(ran.session, () => true))).toContain('inNode');
});
