/** What does a profile of `node --cpu-prof` say of a program whose time is known? */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readScripts } from '../../src/capture/node/source-maps.ts';
import { parseCpuProfile } from '../../src/session/cpuprofile-reader.ts';
import type { FrameInfo, Session } from '../../src/session/session.ts';
import { LineTimes } from '../../src/tree/hottest-lines.ts';
import { mainThreadOf } from '../support/arbitrary-session.ts';
import { testWithDevTools } from '../support/devtools.ts';
import { testEachLaterNode } from '../support/nodes.ts';
import { expectSeconds, nameOf, type StackSeconds, StackSums, stackSeconds } from '../support/stack-seconds.ts';

const program = fileURLToPath(new URL('../programs/profile-shop.mjs', import.meta.url));
const recorded = new URL('../profiles/', import.meta.url);
const versions = ['20', '22', '24', '26'];

/** What the program is called in the profiles that were recorded once. */
const recordedProgram = '/srv/shop/profile-shop.mjs';

const scripts = readScripts((path) => readFileSync(path === recordedProgram ? program : path, 'utf8'));

const recordedProfile = (version: string): string =>
  readFileSync(new URL(`node-${version}.cpuprofile`, recorded), 'utf8');

/** The text of a profile of the program. */
function recordProfile(node: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  try {
    execFileSync(node, ['--cpu-prof', `--cpu-prof-dir=${folder}`, program, '12'], { env: {} });
    return readFileSync(join(folder, readdirSync(folder)[0] as string), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of the program's own time, the parts of functions with all that they call; of the whole, how much is idle. */
function shares(session: Session): Readonly<Record<string, number>> {
  const { frames, stacks } = session;
  const thread = mainThreadOf(session);
  const seconds = new Map<string, number>();
  thread.stack.forEach((stack, row) => {
    const names = new Set<string>();
    for (let at = stack; at >= 0; at = stacks.parent[at] as number)
      names.add(nameOf(frames[stacks.frame[at] as number] as FrameInfo));
    for (const name of names) seconds.set(name, (seconds.get(name) ?? 0) + (thread.weight[row] as number));
  });
  const busy = seconds.get('until') ?? 0;
  return Object.fromEntries([...seconds].map(([name, value]) => [name, value / busy]));
}

const parts = { 'Quote.total': 0.4, '(callback of map)': 0.3, 'Quote.tax': 0.2, '(returned by makeRounder)': 0.1 };

/** Whatever the machine did meanwhile: the names, places and lines. */
function checkNames(session: Session, file: string): void {
  const found = shares(session);
  for (const name of Object.keys(parts)) expect(found[name], name).toBeGreaterThan(0);
  expect(found['(idle)']).toBeGreaterThan(0);
  const method = session.frames.find((frame) => nameOf(frame) === 'Quote.total');
  expect(method).toMatchObject({ kind: 'javascript', file, firstLine: 17 });
  expect(session.frames).toContainEqual(expect.objectContaining({ functionName: '<module>', file, firstLine: 1 }));
  expect(session.processes).toMatchObject([{ runtime: 'node' }]);
  const lines = new LineTimes(session).hottest(session.threads, 3).lines;
  expect(lines[0]).toMatchObject({ file, line: 8 });
}

test.each(versions)('a known split, recorded by Node.js %s', (version) => {
  const session = parseCpuProfile(recordedProfile(version), 'x.cpuprofile', scripts);
  checkNames(session, recordedProgram);
  const found = shares(session);
  for (const [name, part] of Object.entries(parts)) {
    expect(Math.abs((found[name] as number) - part), name).toBeLessThan(0.05);
  }
  // Four times 24 ms of sleep, to 480 ms of work, on a machine that had other things to do.
  expect(Math.abs((found['(idle)'] as number) - 0.2)).toBeLessThan(0.1);
});

test('a profile of the Node.js that runs the tests', () => {
  checkNames(parseCpuProfile(recordProfile(process.execPath), 'x.cpuprofile', scripts), program);
});

testEachLaterNode('a profile', (node) => {
  checkNames(parseCpuProfile(recordProfile(node), 'x.cpuprofile', scripts), program);
});

testWithDevTools('our times are those of DevTools', async (read) => {
  for (const version of versions) {
    const text = recordedProfile(version);
    const shown = await read(text);
    const session = parseCpuProfile(text, 'x.cpuprofile');
    const ours = bySelf(stackSeconds(session, session.threads, () => null));
    const theirs = bySelf(shown.selfSeconds);
    // For DevTools the last sample is as long as they are on average.
    expectSeconds(ours, theirs, 0.005);
  }
});

/** Seconds by innermost function. DevTools leaves out what has nothing to do. */
function bySelf(seconds: StackSeconds): StackSeconds {
  const sums = new StackSums();
  for (const [stack, value] of seconds) {
    const name = (stack.split(' > ').at(-1) ?? '').replace('<module>', '(anonymous)').replace('get tax', 'tax');
    if (name !== '(idle)') sums.add([name === '' ? '(anonymous)' : name], value);
  }
  return sums.seconds;
}
