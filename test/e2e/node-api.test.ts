/** Does a Node.js program get of itself what docs/node-api.md promises? The build, on each version. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { type NodeVersion, testEachNode } from '../support/nodes.ts';

const library = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

/** A tree of the json format. */
interface Frame {
  readonly function: string;
  readonly time: number;
  readonly children: readonly Frame[];
}

const common = `
import { setTimeout as sleep } from 'node:timers/promises';
export function spin(ms) {
  let x = 1;
  for (const until = Date.now() + ms; Date.now() < until; ) for (let i = 0; i < 1000; i++) x += Math.sqrt(x);
  return x;
}
export { sleep };
`;

/** Runs a program; gives what it prints as JSON. */
function run({ path }: NodeVersion, program: string, extension = '.mjs'): { stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-api-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'common.mjs'), common);
  const file = join(folder, `program${extension}`);
  writeFileSync(file, program.replaceAll("'timesink'", JSON.stringify(library)));
  const { stdout, stderr, status } = spawnSync(path, [file], { encoding: 'utf8', cwd: folder, timeout: 40_000 });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return { stdout, stderr };
}

/** Seconds of the calls of a function below `root` that are not within another call of it. */
function secondsIn(root: Frame, name: string): number {
  if (root.function === name) return root.time;
  return root.children.reduce((sum, child) => sum + secondsIn(child, name), 0);
}

testEachNode('profile() of a function tells what it called', (node) => {
  const { stdout } = run(
    node,
    `import { profile } from 'timesink';
    import { spin } from './common.mjs';
    function short() { return spin(40); }
    function long() { return spin(300); }
    const call = profile(function work() { short(); long(); return 'result'; });
    console.log(JSON.stringify({ result: call.result, tree: JSON.parse(call.toJson({ showAll: true })).root_frame }));`,
  );
  const { result, tree } = JSON.parse(stdout) as { result: string; tree: Frame };
  expect(result).toBe('result');
  expect(tree.function).toBe('work');
  // On a busy machine V8 may not come to look at all of it.
  const known = tree.time - secondsIn(tree, '[not sampled]');
  const [short, long] = [secondsIn(tree, 'short'), secondsIn(tree, 'long')];
  expect(known).toBeGreaterThan(0);
  expect((short + long) / known).toBeGreaterThan(0.8);
  expect(long / (short + long)).toBeGreaterThan(0.6);
});

testEachNode('profile() of an async function charges awaits to who awaited, and keeps others apart', (node) => {
  const { stdout } = run(
    node,
    `import { profile } from 'timesink';
    import { sleep, spin } from './common.mjs';
    let isOver = false;
    async function stranger() { while (!isOver) { await sleep(10); spinOfStranger(); } }
    function spinOfStranger() { spin(5); }
    async function query() { await sleep(150); spin(50); }
    async function handler() { await query(); await Promise.all([sleep(40), sleep(90)]); return 7; }
    const strange = stranger();
    const call = await profile(handler);
    isOver = true;
    await strange;
    console.log(JSON.stringify({ result: call.result, duration: call.meta.duration,
      tree: JSON.parse(call.toJson({ showAll: true })).root_frame }));`,
  );
  const { result, duration, tree } = JSON.parse(stdout) as { result: number; duration: number; tree: Frame };
  expect(result).toBe(7);
  expect(tree.function).toBe('handler');
  expect(Math.abs(tree.time - duration)).toBeLessThan(0.002);
  expect(secondsIn(tree, 'spinOfStranger')).toBe(0);
  expect(secondsIn(tree, 'query') / duration).toBeGreaterThan(0.5);
  const waiting = secondsIn(tree, '[await]') + secondsIn(tree, '[event loop busy with other work]');
  expect(waiting / duration).toBeGreaterThan(0.5);
  expect(secondsIn(tree, '[event loop busy with other work]')).toBeGreaterThan(0);
  expect(secondsIn(tree, 'spin') + secondsIn(tree, '[not sampled]')).toBeGreaterThan(0.03);
});

testEachNode('many regions at a time each hold their own work', (node) => {
  const { stdout } = run(
    node,
    `import { profile } from 'timesink';
    import { sleep, spin } from './common.mjs';
    ${Array.from({ length: 30 }, (_, n) => `function work${n}() { return spin(6); }`).join('\n')}
    const handlers = [${Array.from({ length: 30 }, (_, n) => `work${n}`).join()}].map((own, n) => {
      return async () => { for (let i = 0; i < 3; i++) { await sleep(10 + (n % 7)); own(); } };
    });
    const calls = await Promise.all(handlers.map((handler) => profile(handler)));
    console.log(JSON.stringify(calls.map((call) => [...new Set(call.frames.map((frame) => frame.functionName))])));`,
  );
  const names = JSON.parse(stdout) as string[][];
  const foreign = names.flatMap((own, index) =>
    own.filter((name) => name.startsWith('work') && name !== `work${index}`),
  );
  // V8 notes a sample's time right after it: where the thread has to wait in between, it is that of who ran next.
  expect(foreign.length).toBeLessThanOrEqual(3);
  expect(names.filter((own) => own.some((name) => name.startsWith('work'))).length).toBeGreaterThan(20);
});

testEachNode('start and stop, modes, using, errors', (node) => {
  const { stdout, stderr } = run(
    node,
    `import { Profiler, profile } from 'timesink';
    import { sleep, spin } from './common.mjs';
    async function main() {
      const profiler = new Profiler({ description: 'mine', interval: 0.0005 }).start();
      await sleep(40);
      spin(40);
      const session = profiler.stop();
      session.print();
      const strict = new Profiler({ async: 'strict' }).start();
      await sleep(40);
      const outside = strict.stop().toText();
      const everything = new Profiler({ async: 'disabled' }).start();
      setTimeout(() => spin(30), 1);
      await sleep(60);
      const all = everything.stop().toText({ showAll: true });
      let ended;
      const error = await profile(async () => { throw new Error('broken'); }, { onEnd: (s) => { ended = s; } }).catch((e) => e);
      try { profile(() => { spin(20); throw new Error('shown'); }, { description: 'lost?' }); } catch {}
      let wrong;
      try { new Profiler({ interval: -1 }); } catch (e) { wrong = e.code; }
      let unfit;
      try { profile(3); } catch (e) { unfit = e.code; }
      console.log('\\n#' + JSON.stringify({ outside, all, error: error.message, ended: ended.meta.description, wrong, unfit,
        bytes: session.toTimesink().length, again: profiler.session === session, running: profiler.isRunning }));
    }
    await main();`,
  );
  const [printed, told = ''] = stdout.split('\n#');
  const answers = JSON.parse(told) as Record<string, unknown>;
  expect(printed).toMatch(/\nmine\n\n0\.\d+ main {2}program\.mjs:\d+\n[\s\S]*\[await\] {2}program\.mjs/);
  expect(answers['outside']).toContain('[out-of-context]');
  expect(answers['all']).toContain('spin');
  expect(answers).toMatchObject({ error: 'broken', wrong: 'USAGE', unfit: 'USAGE', again: true, running: false });
  expect(answers['ended']).toMatch(/^Profile at .*program\.mjs:\d+$/);
  expect(answers['bytes']).toBeGreaterThan(100);
  expect(stderr).toContain('lost?');
});

testEachNode('require gives the same as import', (node) => {
  const { stdout } = run(
    node,
    `const { profile, findRenderer } = require('timesink');
    const call = profile(() => { for (const until = Date.now() + 30; Date.now() < until; ); return 5; });
    console.log(call.result, findRenderer('text').render(call).includes('Duration'));`,
    '.cjs',
  );
  expect(stdout).toBe('5 true\n');
});
