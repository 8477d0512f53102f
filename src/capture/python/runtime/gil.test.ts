import { expect, test, vi } from 'vitest';
import { describeEachPython } from '../../../../test/support/pythons.ts';
import { type OpenTarget, openTarget, startTarget, waitsForInput } from '../../../../test/support/target.ts';
import { ThreadActivity } from '../../system/thread-activity.ts';
import { Gil } from './gil.ts';
import { listThreads, type PythonThread } from './threads.ts';

/** A busy machine may take its time. */
const patience = { timeout: 20_000 } as const;

/** At the first line of input one thread begins to run Python for ever, at the second another one. */
const program = `
import sys, threading
def spin():
    while True: pass
print('up', flush=True)
for line in sys.stdin:
    threading.Thread(target=spin, daemon=True).start()
    print('spinning', flush=True)
`;

const gilOf = ({ memory, layout, runtime, main }: OpenTarget): Gil =>
  new Gil(memory, layout, runtime, main.interpreter);

const spinnersOf = ({ reader, main }: OpenTarget): readonly PythonThread[] =>
  listThreads(reader, [main.interpreter]).slice(1);

describeEachPython('the GIL', (python) => {
  test('is held by nobody while all threads wait, and does not change hands', async () => {
    const target = startTarget(python, program);
    await target.line();
    await waitsForInput(target);
    const open = await openTarget(target);
    const gil = gilOf(open);
    await vi.waitFor(() => {
      gil.read();
      expect([gil.holder, gil.isUnswitched]).toEqual([0, true]);
    }, patience);
    expect(gil.lastHolder).toBe(open.main.threadState);
  });

  test('is held by the thread that runs Python', async () => {
    const target = startTarget(python, program);
    await target.line();
    target.say('one');
    await target.line();
    await waitsForInput(target);
    const open = await openTarget(target);
    const gil = gilOf(open);
    // The main thread may only just have left it.
    await vi.waitFor(() => {
      gil.read();
      expect(spinnersOf(open).map(({ threadState }) => threadState)).toEqual([gil.holder]);
      expect(gil.isUnswitched).toBe(true);
    }, patience);
  });

  test('is waited for by one of two threads that run Python', async () => {
    const target = startTarget(python, program);
    await target.line();
    for (const line of ['one', 'two']) {
      target.say(line);
      await target.line();
    }
    await waitsForInput(target);
    const open = await openTarget(target);
    const gil = gilOf(open);
    const spinners = spinnersOf(open);
    expect(spinners.length).toBe(2);
    const activities = spinners.map(({ tid }) => new ThreadActivity(target.pid, tid));
    const switches = new Set<number>();
    // Between two reads the GIL may go to the other one.
    await vi.waitFor(() => {
      gil.read();
      switches.add(gil.holder);
      for (const activity of activities) activity.look();
      const waiting = spinners.filter((_, at) => gil.isWaitedOn((activities[at] as ThreadActivity).futex));
      expect(waiting.length).toBe(1);
      expect(waiting[0]?.threadState).not.toBe(gil.holder);
    }, patience);
    await vi.waitFor(() => {
      gil.read();
      expect(gil.isUnswitched).toBe(false);
    }, patience);
    for (const activity of activities) activity.close();
  });
});
