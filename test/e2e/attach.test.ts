/** Can a process be recorded that runs already, and does it go on as before? */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listeningPorts } from '../../src/capture/node/attach/listening-ports.ts';
import { readSession } from '../../src/session/file.ts';
import type { Pid } from '../../src/session/ids.ts';
import { testEachNode } from '../support/nodes.ts';
import { describeEachPython, testWithPython } from '../support/pythons.ts';
import { runCli } from '../support/run-cli.ts';
import { pause, startTarget } from '../support/target.ts';

const pythonProgram = `
import time
def busy():
    end = time.perf_counter() + 0.008
    while time.perf_counter() < end: pass
def main():
    print('ready', flush=True)
    while True:
        busy()
        time.sleep(0.002)
main()
`;

const nodeProgram = `
function busy() {
  let x = 1;
  for (const until = Date.now() + 8; Date.now() < until; ) for (let i = 0; i < 1000; i++) x += Math.sqrt(x);
  return x;
}
function turn() {
  busy();
  setTimeout(turn, 2);
}
turn();
setTimeout(() => console.log('ready'), 50);
`;

/** Seconds by name of function, of all stacks that have it. */
function secondsByName(bytes: Uint8Array): ReadonlyMap<string, number> {
  const { frames, stacks, threads } = readSession(bytes, 'recorded.timesink');
  const sums = new Map<string, number>();
  for (const thread of threads) {
    thread.stack.forEach((stack, row) => {
      const names = new Set<string>();
      for (let at = stack; at >= 0; at = stacks.parent[at] as number) {
        names.add(frames[stacks.frame[at] as number]?.functionName ?? '');
      }
      for (const name of names) sums.set(name, (sums.get(name) ?? 0) + (thread.weight[row] as number));
    });
  }
  return sums;
}

async function startNode(path: string, options: readonly string[] = [], program = nodeProgram): Promise<ChildProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-attach-'));
  const file = join(folder, 'server.cjs');
  writeFileSync(file, program);
  const child = spawn(path, [...options, file], { stdio: ['ignore', 'pipe', 'ignore'], cwd: folder });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  return child;
}

const toFile = ['--duration', '0.5', '-o', 'out.timesink'];

describeEachPython('a running Python process', (python) => {
  test('is recorded from where it stands, and goes on', async () => {
    const target = startTarget(python, pythonProgram);
    expect(await target.line()).toBe('ready');
    const { code, stderr, files } = await runCli(['attach', `${target.pid}`, ...toFile], { collect: ['out.timesink'] });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const sums = secondsByName(files.get('out.timesink') as Buffer);
    const whole = (sums.get('<module>') as number) - (sums.get('[not sampled]') ?? 0);
    expect(whole).toBeGreaterThan(0.2);
    expect((sums.get('main') as number) / whole).toBeGreaterThan(0.9);
    expect((sums.get('busy') as number) / whole).toBeGreaterThan(0.5);
    expect(target.child.exitCode).toBeNull();
  });
});

testWithPython('a recording ends with the process, and shows its children', async (python) => {
  const target = startTarget(
    python,
    `import subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', 'import time\\ndef inner():\\n  time.sleep(2)\\ninner()'])
time.sleep(0.5)
print('ready', flush=True)
child.wait()`,
  );
  expect(await target.line()).toBe('ready');
  const { code, stdout } = await runCli(['attach', `${target.pid}`, '--subprocesses', '--show-all']);
  expect(code).toBe(0);
  expect(stdout).toContain('inner');
  expect(stdout).toContain('wait');
});

testWithPython('Ctrl-C ends the recording, not the process', async (python) => {
  const target = startTarget(python, pythonProgram);
  await target.line();
  const { code, stdout } = await runCli(['attach', `${target.pid}`], {
    started: (child) => void pause(1500).then(() => child.kill('SIGINT')),
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/busy {2}program\.py:\d+/);
  expect(target.child.exitCode).toBeNull();
});

testEachNode('a running Node.js process is recorded, and its inspector is closed again', async ({ path }) => {
  const child = await startNode(path);
  const { code, stderr, files } = await runCli(['attach', `${child.pid}`, ...toFile], { collect: ['out.timesink'] });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const sums = secondsByName(files.get('out.timesink') as Buffer);
  const whole = sums.get('<module>') as number;
  expect(whole).toBeGreaterThan(0.3);
  const known = whole - (sums.get('[not sampled]') ?? 0);
  expect((sums.get('busy') as number) / known).toBeGreaterThan(0.5);
  expect((sums.get('(idle)') as number) / known).toBeGreaterThan(0.05);
  expect(listeningPorts(child.pid as Pid)).toEqual([]);
  expect(child.exitCode).toBeNull();
});

test('worker threads of a Node.js process are recorded, too', async () => {
  const program = `
    const { Worker, isMainThread } = require('node:worker_threads');
    function crunch() {
      let x = 1;
      for (const until = Date.now() + 20; Date.now() < until; ) x += Math.sqrt(x);
      setTimeout(crunch, 5);
    }
    if (!isMainThread) crunch();
    else {
      new Worker(__filename, { name: 'cruncher' });
      setInterval(() => {}, 1000);
      setTimeout(() => console.log('ready'), 300);
    }`;
  const child = await startNode(process.execPath, [], program);
  const { code, files } = await runCli(['attach', `${child.pid}`, ...toFile], { collect: ['out.timesink'] });
  expect(code).toBe(0);
  const { threads } = readSession(files.get('out.timesink') as Buffer, 'out.timesink');
  expect(threads.map(({ isMain }) => isMain)).toEqual([true, false]);
  expect(secondsByName(files.get('out.timesink') as Buffer).get('crunch')).toBeGreaterThan(0.1);
});

test('an inspector that is open already is used, and stays open', async () => {
  const child = await startNode(process.execPath, ['--inspect=127.0.0.1:0', '--inspect-port=9339']);
  const [port] = listeningPorts(child.pid as Pid);
  const { code, stdout } = await runCli(['attach', `${child.pid}`, '--duration', '0.3']);
  expect(code).toBe(0);
  expect(stdout).toContain('busy');
  expect(listeningPorts(child.pid as Pid)).toEqual([port]);
});

test('what was recorded of a Node.js process that is killed is shown', async () => {
  const child = await startNode(process.execPath);
  const { code, stdout } = await runCli(['attach', `${child.pid}`], {
    started: () => void pause(3500).then(() => child.kill('SIGKILL')),
  });
  expect(code).toBe(0);
  expect(stdout).toContain('busy');
});

test('a Node.js process that cannot open its inspector is told from others', async () => {
  const child = await startNode(process.execPath, [], `process.on('SIGUSR1', () => {}); ${nodeProgram}`);
  const silent = await runCli(['attach', `${child.pid}`]);
  expect(silent).toMatchObject({ code: 4, stdout: '' });
  expect(silent.stderr).toContain(`process ${child.pid} did not open its inspector within 3 s`);
  expect(child.exitCode).toBeNull();
});

test('words that name no process to record are told apart', async () => {
  const sleeper = spawn('sleep', ['20']);
  onTestFinished(() => void sleeper.kill('SIGKILL'));
  const last = Number(readFileSync('/proc/sys/kernel/pid_max', 'latin1'));
  const cases: readonly (readonly [readonly string[], number, string])[] = [
    [[], 2, 'takes the id of one process'],
    [['1', '2'], 2, 'takes the id of one process'],
    [['python'], 2, '"python" is not the id of a process'],
    [[`${last}`], 1, `there is no process ${last}`],
    [[`${sleeper.pid}`], 4, 'is neither Python nor Node.js: it is sleep'],
    [[`${process.pid}`, '--duration', '0'], 2, 'the duration "0" is not a number of seconds above 0'],
    [[`${process.pid}`, '-i', '7e9'], 2, 'is out of range'],
  ];
  for (const [words, code, message] of cases) {
    const found = await runCli(['attach', ...words]);
    expect({ code: found.code, stdout: found.stdout }).toEqual({ code, stdout: '' });
    expect(found.stderr).toContain(message);
  }
});
