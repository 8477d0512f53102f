/** Is every process of a program recorded, however it was started, and does the program notice nothing? */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/session/session.ts';
import { describeEachPython, type Python } from '../support/pythons.ts';
import { nameOf, programText, record, rootsOf, Stacks } from '../support/record.ts';

const pool = programText('record-pool.py');
const processes = programText('record-processes.py');

/** Names of all functions that were seen in the main thread of a process; a process that called `exec` counts as one. */
function functionsOf(session: Session, pid: number): ReadonlySet<string> {
  const stacks = new Stacks(session);
  const threads = session.threads.filter(({ process, isMain }) => isMain && session.processes[process]?.pid === pid);
  return new Set(threads.flatMap((thread) => stacks.rowsOf(thread).flatMap(({ frames }) => frames.map(nameOf))));
}

/** Every main thread has one root, and it is a module's code. */
function checkRoots(session: Session): void {
  for (const thread of session.threads.filter(({ isMain }) => isMain)) {
    const command = session.processes[thread.process]?.command.join(' ');
    expect(rootsOf(session, thread), command).toEqual(['<module>']);
  }
}

/** Every process has its parent in the recording, but the first. */
function checkParents({ processes: [first, ...others] }: Session): void {
  const pids = new Set([first?.pid, ...others.map(({ pid }) => pid)]);
  expect(others.filter(({ parentPid }) => !pids.has(parentPid))).toEqual([]);
}

interface PoolOutput {
  readonly numbers: readonly number[];
  readonly pids: readonly number[];
}

function poolOutput(text: string): PoolOutput {
  const [numbers, pids] = JSON.parse(text) as [number[], number[]];
  return { numbers, pids };
}

describeEachPython('a pool of processes', (python) => {
  test.each(['fork', 'spawn', 'forkserver'])('started by %s works, and all of it is recorded', async (method) => {
    const recorded = await record(python, ['main.py', method], { files: { 'main.py': pool } });
    expect(recorded).toMatchObject({ stderr: '', code: 0 });
    const alone = plainly(python, method);
    const { numbers, pids } = poolOutput(recorded.stdout);
    expect(numbers).toEqual(poolOutput(alone).numbers);
    for (const pid of pids) expect(functionsOf(recorded.session, pid)).toContain('Job.run');
    checkRoots(recorded.session);
    checkParents(recorded.session);
  });
});

/** What the pool prints without timesink. */
function plainly(python: Python, method: string): string {
  const file = fileURLToPath(new URL('../programs/record-pool.py', import.meta.url));
  return spawnSync(python.path, ['-B', file, method], { encoding: 'utf8' }).stdout;
}

/** Needs rights that a test may not have. */
const hasNamespaces = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0;

const inNamespace = `
import os, threading, time
def work():
    while time.thread_time() < 0.15: pass
other = threading.Thread(target=work, name='other')
other.start()
work()
other.join()
print(os.getpid())
`;

describe('processes', () => {
  describeEachPython('started by', (python) => {
    test('fork, a daemon, subprocess, a shell and exec are recorded', async () => {
      const recorded = await record(python, ['main.py'], { files: { 'main.py': processes } });
      expect(recorded).toMatchObject({ stderr: '', code: 0 });
      const started = recorded.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' '));
      expect(started.map(([name]) => name)).toEqual([
        'before_exec',
        'in_fork_of_fork',
        'in_fork',
        'in_daemon',
        'in_child',
        'in_shell',
        'after_exec',
      ]);
      for (const [name = '', pid] of started) expect(functionsOf(recorded.session, Number(pid))).toContain(name);
      const [first] = recorded.session.processes;
      const images = recorded.session.processes.filter(({ pid }) => pid === first?.pid);
      expect(images.map(({ command }) => command.at(-1))).toEqual([expect.stringContaining('main.py'), 'after_exec']);
      checkRoots(recorded.session);
    });

    test('a shell are recorded, or counted where they end at once', async () => {
      const short = 8;
      const script = `for i in 1 2 3 4 5 6 7 8; do '${python.path}' -c pass; done; '${python.path}' main.py`;
      const files = { 'main.py': 'import time\nwhile time.process_time() < 0.3: pass\n' };
      const { session } = await record(python, ['--', 'sh', '-c', script], { files });
      expect(session.processes.some(({ command }) => command.at(-1) === 'main.py')).toBe(true);
      const known = session.processes.length + session.meta.quality.unseenProcesses;
      expect(known).toBeLessThanOrEqual(short + 1);
      // A machine that is elsewhere while one starts and ends hides that one.
      expect(known).toBeGreaterThan(short / 2);
    });

    test.skipIf(!hasNamespaces)('a pid namespace of their own are recorded, threads and all', async () => {
      const files = { 'main.py': inNamespace };
      const args = ['--', 'unshare', '--pid', '--fork', python.path, 'main.py'];
      const { session, stdout, stderr } = await record(python, args, { files });
      expect({ stdout, stderr }).toEqual({ stdout: '1\n', stderr: '' });
      expect(session.processes).toHaveLength(1);
      expect(session.processes[0]?.pid).not.toBe(1);
      expect(session.threads.map(({ name, isMain }) => [name, isMain]).sort()).toEqual([
        ['MainThread', true],
        ['other', false],
      ]);
      const stacks = new Stacks(session);
      for (const thread of session.threads) {
        const names = stacks.rowsOf(thread).flatMap(({ frames }) => frames.map(nameOf));
        expect(names, thread.name).toContain('work');
      }
    });
  });
});
