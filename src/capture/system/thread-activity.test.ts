import { expect, test, vi } from 'vitest';
import { testWithPython } from '../../../test/support/pythons.ts';
import { pause, startTarget, type Target, waitsForInput } from '../../../test/support/target.ts';
import type { Pid, Tid } from '../../session/ids.ts';
import { ThreadActivity } from './thread-activity.ts';

/** A busy machine may take its time. */
const patience = { timeout: 20_000 } as const;

/** Tells the ids of three threads: one that runs, one that waits for a lock, one that ends when it is told to. */
const program = `
import os, sys, threading
lock = threading.Lock()
lock.acquire()
end = threading.Event()
def spin():
    while True: pass
for target in spin, lock.acquire, end.wait:
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    print(thread.native_id, flush=True)
sys.stdin.readline()
end.set()
thread.join()
print('ended', flush=True)
sys.stdin.read()
`;

async function threadsOf(target: Target): Promise<readonly [ThreadActivity, ThreadActivity, ThreadActivity]> {
  const ids = [await target.line(), await target.line(), await target.line()];
  await waitsForInput(target);
  const [spinning, waiting, ending] = ids.map((id) => new ThreadActivity(target.pid, Number(id) as Tid));
  return [spinning, waiting, ending] as [ThreadActivity, ThreadActivity, ThreadActivity];
}

testWithPython('a thread that runs is seen to run', async (python) => {
  const [spinning] = await threadsOf(startTarget(python, program));
  await vi.waitFor(() => {
    spinning.look();
    expect(spinning.isRunning).toBe(true);
  }, patience);
  expect(spinning.futex).toBe(0);
  spinning.hasChanged();
  const before = spinning.cpuNanoseconds;
  await vi.waitFor(() => {
    expect(spinning.hasChanged()).toBe(true);
    expect(spinning.cpuNanoseconds).toBeGreaterThan(before);
  }, patience);
  await vi.waitFor(() => expect(spinning.hasRun()).toBe(true), patience);
  expect(spinning.isGone).toBe(false);
  spinning.close();
});

testWithPython('a thread that waits for a lock does not change', async (python) => {
  const [, waiting] = await threadsOf(startTarget(python, program));
  await vi.waitFor(() => {
    waiting.look();
    expect([waiting.isRunning, waiting.futex > 0]).toEqual([false, true]);
  }, patience);
  // The first call knows of none before.
  expect(waiting.hasChanged()).toBe(true);
  for (let look = 0; look < 20; look++) {
    await pause(1);
    expect(waiting.hasChanged()).toBe(false);
    expect(waiting.hasRun()).toBe(false);
  }
  waiting.close();
});

testWithPython('a thread that has ended is gone', async (python) => {
  const target = startTarget(python, program);
  const [, , ending] = await threadsOf(target);
  ending.look();
  ending.hasChanged();
  expect(ending.isGone).toBe(false);
  target.say('end');
  await target.line();
  await vi.waitFor(() => {
    ending.look();
    expect(ending.isGone).toBe(true);
  }, patience);
  expect(ending.hasChanged()).toBe(true);
  ending.close();
});

test('a thread that was never there is gone', () => {
  const activity = new ThreadActivity(0x3fff_fff0 as Pid, 0x3fff_fff0 as Tid);
  expect(activity.isGone).toBe(true);
  expect(activity.hasChanged()).toBe(true);
  activity.look();
  expect([activity.isGone, activity.isRunning]).toEqual([true, false]);
  activity.close();
});
