/** Is what a Node.js program did kept, however it ends, and does it end as it would without? */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type NodeVersion, nodeVersions } from '../support/nodes.ts';
import { functionsIn, recordNode, rowsWhere } from '../support/record-node.ts';

const program = `
const { spawn } = require('node:child_process');
function work(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) Math.sqrt(end);
}
function later(then) {
  const end = performance.now() + 1000;
  const timer = setInterval(() => {
    work(5);
    if (performance.now() < end) return;
    clearInterval(timer);
    then();
  }, 10);
}
const ways = {
  returns: () => {},
  exits: () => process.exit(3),
  throws: () => { throw new Error('thrown'); },
  rejects: () => { Promise.reject(new Error('rejected')); },
  'is stopped': () => later(() => process.kill(process.pid, 'SIGTERM')),
  'is killed': () => later(() => process.kill(process.pid, 'SIGKILL')),
  'never yields': () => {
    spawn('sh', ['-c', 'sleep 2; kill -INT ' + process.pid]);
    for (;;) work(1);
  },
};
work(100);
ways[process.argv[2]]();
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  writeFileSync(join(folder, 'main.js'), program);
});
afterAll(() => rmSync(folder, { recursive: true }));

const versions: readonly NodeVersion[] = [nodeVersions[0], nodeVersions.at(-1)].filter((node) => node !== undefined);
const cases = versions.flatMap((node) =>
  ['returns', 'exits', 'throws', 'rejects', 'is stopped', 'is killed', 'never yields'].map(
    (way) => [way, node.major, node] as const,
  ),
);

test.each(cases)('a program that %s, on Node.js %i', async (way, _, node) => {
  const file = join(folder, 'main.js');
  const plain = spawnSync(node.path, [file, way], { encoding: 'utf8' });
  const { session, code, signal, stderr } = await recordNode(node, [file, way]);
  expect({ code, signal }).toEqual({ code: plain.status, signal: plain.signal });
  expect(withoutPlaces(stderr)).toBe(withoutPlaces(plain.stderr));
  expect(functionsIn(rowsWhere(session, () => true))).toContain('work');
  const isCut = plain.signal !== null;
  expect(session.meta.notes.some((note) => note.includes('ended without warning'))).toBe(isCut);
});

test.each(versions.map((node) => [node.major, node] as const))(
  'a program that does not compile is told of as one of Node.js %i',
  async (_, node) => {
    const { session, code, stderr } = await recordNode(node, ['bad.js'], { files: { 'bad.js': 'const = 1;\n' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\S+bad\.js:1\nconst = 1;\n[\s\S]*SyntaxError: [\s\S]*\nNode\.js v\S+\n$/);
    expect(session.threads).toEqual([]);
    expect(session.meta).toMatchObject({ engine: 'v8', sampleCount: 0, notes: [] });
    expect(session.processes).toMatchObject([{ runtime: 'node', command: [expect.any(String), expect.any(String)] }]);
  },
);

/** Stacks of errors reach into Node.js itself. */
function withoutPlaces(text: string): string {
  return text.replace(/^ +at .*\n/gm, '');
}
