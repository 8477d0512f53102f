/** What does a recording of real processes hold? The clock is the test's own, so that all times are known. */
import { type ChildProcess, spawn } from 'node:child_process';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { describeEachPython, type Python, testWithPython } from '../../../test/support/pythons.ts';
import { pause, startTarget, type Target, waitsForInput } from '../../../test/support/target.ts';
import type { Pid } from '../../session/ids.ts';
import { type Session, type ThreadSamples, threadState } from '../../session/session.ts';
import { milliseconds, seconds } from '../../session/units.ts';
import type { Recording } from '../recorder.ts';
import { Ticker } from '../system/ticker.ts';
import { ProcessSampler } from './process-sampler.ts';
import { TreeRecorder } from './tree-recorder.ts';

const interval = 1;

/** A recorder whose clock goes on by one ms with each tick. */
class Recorder {
  now = 0;
  readonly #recorder: TreeRecorder;
  readonly #ticker: Ticker;

  constructor() {
    this.#ticker = new Ticker(milliseconds(interval), 0);
    this.#recorder = new TreeRecorder(
      { interval: seconds(interval / 1000), description: 'test', followAwaits: true },
      this.#ticker,
    );
  }

  follow({ pid }: Pick<Target, 'pid'>): void {
    this.#recorder.follow(pid, this.now);
  }

  async tick(count = 1): Promise<void> {
    for (let tick = 0; tick < count; tick++) {
      this.now += interval;
      this.#ticker.advance(this.now);
      this.#recorder.tick(this.now);
      while (this.#recorder.isLoading) await new Promise(setImmediate);
    }
  }

  /** Real time passes with the clock. */
  async tickFor(ms: number): Promise<void> {
    for (const end = this.now + ms; this.now < end; await pause(1)) await this.tick();
  }

  finish(): Recording {
    return this.#recorder.finish(this.now);
  }
}

const total = (thread: ThreadSamples): number => thread.weight.reduce((sum, weight) => sum + weight, 0);

function mainOf({ threads }: Session): ThreadSamples {
  const main = threads.find(({ isMain }) => isMain);
  if (main === undefined) throw new Error('no main thread');
  return main;
}

/** Seconds of a thread by the innermost Python function. */
function secondsByLeaf({ frames, stacks }: Session, thread: ThreadSamples): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const [row, weight] of thread.weight.entries()) {
    let at = thread.stack[row] as number;
    while (at >= 0 && frames[stacks.frame[at] as number]?.kind === 'builtin') at = stacks.parent[at] as number;
    const name = frames[stacks.frame[at] as number]?.functionName ?? '';
    sums[name] = (sums[name] ?? 0) + weight;
  }
  return sums;
}

const waiting = `
import sys
def wait(): sys.stdin.readline()
print('up', flush=True)
wait()
print('again', flush=True)
wait()
`;

const spinning = `
import sys, threading
def spin():
    while True: pass
for name in sys.argv[1:] or ['one', 'two']: threading.Thread(target=spin, name=name, daemon=True).start()
print('up', flush=True)
sys.stdin.readline()
`;

async function startWaiting(python: Python): Promise<Target> {
  const target = startTarget(python, waiting);
  await target.line();
  await waitsForInput(target);
  return target;
}

describeEachPython('a recording', (python) => {
  test('of a thread that sleeps charges all its time to where it sleeps, however long nobody looks', async () => {
    const recorder = new Recorder();
    recorder.follow(await startWaiting(python));
    await recorder.tick(20);
    const begin = recorder.now;
    await recorder.tick(100);
    recorder.now += 5000;
    await recorder.tick(10);
    const { session, failures } = recorder.finish();
    expect(failures).toEqual([]);
    const main = mainOf(session);
    expect(session.meta.duration).toBeGreaterThanOrEqual((recorder.now - begin) / 1000);
    expect(total(main)).toBeCloseTo(session.meta.duration, 9);
    expect(Object.keys(secondsByLeaf(session, main))).toEqual(['wait']);
    expect([...new Set(main.state)]).toEqual([0]);
    expect(main.stack.length).toBe(1);
    expect(session.meta.quality?.notSampled).toBe(0);
  });

  test('of a thread that runs shows time in which nobody looked as such', async () => {
    const target = startTarget(python, spinning);
    await target.line();
    const recorder = new Recorder();
    recorder.follow(target);
    await recorder.tickFor(60);
    // Both run meanwhile: one of them for 5 ms, then the other.
    await pause(100);
    recorder.now += 3000;
    await recorder.tickFor(60);
    const { session } = recorder.finish();
    const spinners = session.threads.filter(({ isMain }) => !isMain);
    expect(spinners.map(({ name }) => name).sort()).toEqual(['one', 'two']);
    for (const thread of spinners) {
      const { spin = 0, '[not sampled]': gap = 0 } = secondsByLeaf(session, thread);
      expect(gap).toBeGreaterThanOrEqual(3);
      expect(gap).toBeLessThan(3.1);
      expect(spin).toBeGreaterThan(0.02);
      expect(thread.start + total(thread)).toBeCloseTo(session.meta.duration, 1);
    }
    expect(session.meta.quality?.notSampled).toBeGreaterThanOrEqual(6);
  });

  test('of two threads that run says who holds the GIL and who waits for it', async () => {
    const target = startTarget(python, spinning);
    await target.line();
    const recorder = new Recorder();
    recorder.follow(target);
    await recorder.tickFor(150);
    const { session } = recorder.finish();
    const held = (thread: ThreadSamples, bit: number): number =>
      thread.weight.reduce((sum, weight, row) => sum + (((thread.state[row] as number) & bit) === 0 ? 0 : weight), 0);
    for (const thread of session.threads.filter(({ isMain }) => !isMain)) {
      expect(held(thread, threadState.holdsGil)).toBeGreaterThan(0);
      expect(held(thread, threadState.waitsForGil)).toBeGreaterThan(0);
      for (const state of thread.state) expect(state & 6).not.toBe(6);
    }
    const main = mainOf(session);
    expect(held(main, threadState.holdsGil)).toBe(0);
  });

  test('goes on when a thread wakes, and ends with the process', async () => {
    const target = await startWaiting(python);
    const recorder = new Recorder();
    recorder.follow(target);
    await recorder.tick(30);
    target.say('go');
    await target.line();
    await waitsForInput(target);
    await recorder.tick(30);
    const ended = new Promise((resolve) => target.child.once('exit', resolve));
    target.say('go');
    await ended;
    await recorder.tick(30);
    const { session, failures } = recorder.finish();
    expect(failures).toEqual([]);
    expect(session.processes.length).toBe(1);
    const [process] = session.processes;
    expect(process).toMatchObject({
      pid: target.pid,
      runtime: 'python',
      runtimeVersion: expect.stringMatching(/^3\./),
    });
    expect(process?.duration).toBeLessThan(session.meta.duration);
    expect(secondsByLeaf(session, mainOf(session))['wait']).toBeGreaterThan(0.05);
  });
});

testWithPython(
  'a fault in reading one process costs neither what was recorded of it nor the others',
  async (python) => {
    const [first, second] = [await startWaiting(python), await startWaiting(python)];
    const recorder = new Recorder();
    recorder.follow(first);
    recorder.follow(second);
    await recorder.tick(20);
    const { tick } = ProcessSampler.prototype;
    const spy = vi.spyOn(ProcessSampler.prototype, 'tick').mockImplementation(function (this: ProcessSampler, now) {
      if (this.pid === first.pid) throw new RangeError('broken');
      return tick.call(this, now);
    });
    onTestFinished(() => spy.mockRestore());
    await recorder.tick(20);
    const { session, failures } = recorder.finish();
    expect(failures.map(({ code, message }) => [code, message])).toEqual([
      ['INTERNAL', `process ${first.pid} was not recorded to its end: broken`],
    ]);
    const seconds = (pid: Pid): number =>
      total(session.threads.find(({ process }) => session.processes[process]?.pid === pid) as ThreadSamples);
    expect(seconds(first.pid)).toBeGreaterThan(0);
    expect(seconds(second.pid)).toBeGreaterThan(1.5 * seconds(first.pid));
  },
);

describe('processes of a tree', () => {
  function start(script: string): ChildProcess {
    const child = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    onTestFinished(() => {
      process.kill(-(child.pid as number), 'SIGKILL');
    });
    return child;
  }
  const pidOf = (child: ChildProcess): { pid: Pid } => ({ pid: child.pid as Pid });

  test('that are no Python are named', async () => {
    const recorder = new Recorder();
    recorder.follow(pidOf(start('exec sleep 60')));
    await recorder.tick(5);
    const { session, failures } = recorder.finish();
    expect(session.threads).toEqual([]);
    expect(failures.map(({ code, message }) => [code, message])).toEqual([
      ['NOT_PYTHON', expect.stringMatching(/^no Python process was seen/)],
    ]);
  });

  testWithPython('become Python by exec, or start one', async ({ path }) => {
    const started = `${path} -c 'import threading; print("up", flush=True); threading.Event().wait()'`;
    const become = `${path} -c 'import time; print("up", flush=True); time.sleep(60)'`;
    const child = start(`read _; ${started} & exec ${become}`);
    let output = '';
    child.stdout?.on('data', (piece: Buffer) => {
      output += piece.toString();
    });
    const recorder = new Recorder();
    recorder.follow(pidOf(child));
    await recorder.tick(5);
    child.stdin?.write('go\n');
    while (output.split('up').length < 3) await recorder.tickFor(1);
    await recorder.tickFor(200);
    const { session, failures } = recorder.finish();
    expect(failures).toEqual([]);
    const programs = session.processes.map(({ command }) => command.at(-1)?.split(/[ ;]/)[1]);
    expect(programs.sort()).toEqual(['threading', 'time']);
    expect(session.processes.find(({ pid }) => pid !== child.pid)?.parentPid).toBe(child.pid);
    expect(session.threads.map(({ isMain }) => isMain)).toEqual([true, true]);
  });
});
