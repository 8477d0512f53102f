import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import type { Pid } from '../../session/ids.ts';
import { commandOf, isForkOf, processStatus } from './process-facts.ts';
import { idsSince, type NewProcess, ProcessTree } from './process-tree.ts';

const started: ChildProcess[] = [];
const trees: ProcessTree[] = [];
afterEach(() => {
  for (const child of started.splice(0)) process.kill(-(child.pid as number), 'SIGKILL');
  for (const tree of trees.splice(0)) tree.close();
});

/** A shell in a process group of its own; it ends, with all it started, at the end of the test. */
function shell(script: string): ChildProcess {
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  started.push(child);
  return child;
}

function treeOf(child: ChildProcess): ProcessTree {
  const tree = new ProcessTree();
  trees.push(tree);
  tree.add(child.pid as Pid);
  return tree;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** Polls until so many processes were found. */
async function poll(tree: ProcessTree, count: number): Promise<NewProcess[]> {
  const found: NewProcess[] = [];
  while (found.length < count) {
    found.push(...tree.poll());
    await pause();
  }
  return found;
}

/** What a child prints, once it has printed so many lines. */
function lines(child: ChildProcess, count: number): Promise<string[]> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout?.on('data', (piece: Buffer) => {
      text += piece.toString();
      const complete = text.split('\n').slice(0, -1);
      if (complete.length >= count) resolve(complete);
    });
  });
}

const go = (child: ChildProcess): void => void child.stdin?.write('go\n');

test('children and their children are found, with their parents', async () => {
  const child = shell('read _; sh -c \'sleep 60 & echo "$$ $!"; wait\'; :');
  const tree = treeOf(child);
  const printed = lines(child, 1);
  go(child);
  const [inner, sleeper] = ((await printed)[0] as string).split(' ').map(Number);
  expect(await poll(tree, 2)).toEqual([
    { pid: inner, parent: child.pid },
    { pid: sleeper, parent: inner },
  ]);
});

/** Starts a copy of the shell whose parent has ended when "over" is printed. */
const orphan = 'read _; ( (sleep 60; :) & echo $! ); echo over; sleep 60; :';

test('a copy of a member is found though its parent has ended, one of another program is not', async () => {
  const [child, other] = [shell(orphan), shell(orphan)];
  const tree = treeOf(child);
  tree.keepImage(child.pid as Pid);
  const printed = Promise.all([lines(child, 2), lines(other, 2)]);
  go(other);
  go(child);
  const [[mine], [another]] = (await printed).map((all) => all.map(Number)) as [number[], number[]];
  // The copy, and what both have started to sleep.
  const found = await poll(tree, 3);
  expect(found.find(({ pid }) => pid === mine)?.parent).toBe(child.pid);
  expect(processStatus(another as Pid)?.hasEnded).toBe(false);
  expect(found.map(({ pid }) => pid)).not.toContain(another);
});

test('what does not descend from a member is not found', async () => {
  const child = shell('read _; sleep 60');
  const tree = treeOf(child);
  const other = shell('sleep 60 & echo $!; wait');
  await lines(other, 1);
  go(child);
  const [found, ...more] = await poll(tree, 1);
  expect(found?.parent).toBe(child.pid);
  expect(more).toEqual([]);
});

test('each of many processes started at once is found exactly once', async () => {
  const count = 300;
  const child = shell(`read _; i=0; while [ $i -lt ${count} ]; do sleep 60 & echo $!; i=$((i+1)); done; wait`);
  const tree = treeOf(child);
  const printed = lines(child, count);
  go(child);
  // Asked all the time, so that many polls fall into the making of a process.
  const found: NewProcess[] = [];
  let pids: string[] | undefined;
  void printed.then((all) => {
    pids = all;
  });
  while (pids === undefined) {
    for (let round = 0; round < 50; round++) found.push(...tree.poll());
    await new Promise(setImmediate);
  }
  found.push(...tree.poll());
  expect(found.map(({ pid }) => pid).sort()).toEqual(pids.map(Number).sort());
});

test('a fork is told from a process of its own', async () => {
  const child = shell('read _; (sleep 60; :) & echo $!; read _; sleep 60 & echo $!; wait');
  const printed = lines(child, 1);
  go(child);
  const fork = Number((await printed)[0]) as Pid;
  expect(isForkOf(fork, child.pid as Pid)).toBe(true);
  const second = lines(child, 1);
  go(child);
  const sleeper = Number((await second)[0]) as Pid;
  while (commandOf(sleeper)[0] !== 'sleep') await pause();
  expect(isForkOf(sleeper, child.pid as Pid)).toBe(false);
});

test('the same command started again is no fork', () => {
  const [one, two] = [shell('read _; :'), shell('read _; :')];
  expect(commandOf(one.pid as Pid)).toEqual(commandOf(two.pid as Pid));
  expect(isForkOf(one.pid as Pid, two.pid as Pid)).toBe(false);
});

test('parents and commands of processes that are there, and that are not', () => {
  const child = shell('read _; :');
  expect(processStatus(child.pid as Pid)).toEqual({ parent: process.pid, hasEnded: false });
  expect(commandOf(child.pid as Pid)).toEqual(['/bin/sh', '-c', 'read _; :']);
  const nobody = 0x3fff_fff0 as Pid;
  expect([processStatus(nobody), commandOf(nobody), isForkOf(nobody, child.pid as Pid)]).toEqual([
    undefined,
    [],
    false,
  ]);
});

test('a process that has ended does not hide its children', async () => {
  const child = shell('read _; sleep 60 & echo $!; wait');
  const tree = treeOf(child);
  const printed = lines(child, 1);
  tree.remove(0x3fff_fff0 as Pid);
  go(child);
  const [found] = await poll(tree, 1);
  expect(found?.pid).toBe(Number((await printed)[0]));
});

test('a process that has ended stays known as such until its parent asks for it', async () => {
  const child = shell('read _; sleep 0.5 & echo $!; exec sleep 60');
  const printed = lines(child, 1);
  go(child);
  const pid = Number((await printed)[0]) as Pid;
  while (processStatus(pid)?.hasEnded !== true) await pause();
  expect(processStatus(pid)).toEqual({ parent: child.pid, hasEnded: true });
});

test('after the highest id they begin anew: what is above the last one came before what is below it', () => {
  const pids = [7, 1, 32_000, 31_001, 30_000, 12].map((pid) => pid as Pid);
  expect(idsSince(pids, 31_000, 12)).toEqual([31_001, 32_000, 1, 7, 12]);
  expect(idsSince(pids, 7, 31_000)).toEqual([12, 30_000]);
});
