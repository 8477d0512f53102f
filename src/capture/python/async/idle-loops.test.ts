import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeEachPython, type Python } from '../../../../test/support/pythons.ts';
import { type OpenTarget, openTarget, pause, startTarget, type Target } from '../../../../test/support/target.ts';
import type { FrameStack } from '../stack-namer.ts';
import { IdleLoops } from './idle-loops.ts';

/** What the programs have in common: `kid` waits for a line on standard input, in the event loop or not. */
const head = `
import asyncio, os, sys, threading

async def line():
    # stdin may be waited for by the loop only
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().add_reader(0, future.set_result, None)
    print('up', flush=True)
    await future

async def kid(): await line()
async def outlive(task): await task
async def other():
    while True: await asyncio.sleep(1000)
`;

/** Names of the frames of which there are different ones from version to version: of the loop, but not of the program. */
const loop = ['run_until_complete', 'run_forever', '_run_once', '_run'];

async function opened(
  python: Python,
  program: string,
): Promise<{ target: Target; open: OpenTarget; loops: IdleLoops }> {
  const target = startTarget(python, head + program);
  await target.line();
  const open = await openTarget(target);
  const { reader, instructions, codes } = open;
  return { target, open, loops: new IdleLoops(reader, instructions, codes) };
}

/** Resolves once the main thread sleeps in `epoll_wait` or `epoll_pwait` (x86-64; arm64 has the latter only). */
async function waitsInLoop({ pid }: Target): Promise<void> {
  while (!/^(232|281|22) /.test(readFileSync(`/proc/${pid}/syscall`, 'latin1'))) await pause(1);
}

const names = (stack: FrameStack | undefined): readonly string[] | undefined =>
  stack?.frames.slice(0, stack.depth).map(({ code }) => code?.name ?? '?');

describeEachPython('a thread that sleeps in an event loop', (python) => {
  const mains: readonly (readonly [
    name: string,
    program: string,
    before: readonly string[],
    chain: readonly string[],
  ])[] = [
    ['asyncio.run', 'async def main(): await kid()\nasyncio.run(main())', ['<module>'], ['main', 'kid', 'line']],
    [
      'run_until_complete with other tasks',
      `
async def main():
    asyncio.get_running_loop().create_task(other())
    await outlive(asyncio.get_running_loop().create_task(kid()))
def start(): asyncio.new_event_loop().run_until_complete(main())
start()
`,
      ['<module>', 'start'],
      ['main', 'outlive', 'kid', 'line'],
    ],
    [
      'a task of its own',
      `
event_loop = asyncio.new_event_loop()
event_loop.run_until_complete(event_loop.create_task(kid()))
`,
      ['<module>'],
      ['kid', 'line'],
    ],
  ];

  test.for(mains)('waits where its main task does: %s', async ([, program, before, chain]) => {
    const { target, open, loops } = await opened(python, program);
    await waitsInLoop(target);
    expect(open.walker.sample(true)).toBe(true);
    const found = names(loops.waiting(open.walker));
    expect(found?.slice(0, before.length)).toEqual(before);
    expect(found?.slice(-chain.length - loop.length)).toEqual([...loop, ...chain]);
    // A second time it comes from what is remembered.
    expect(open.walker.sample(true)).toBe(true);
    expect(names(loops.waiting(open.walker))).toEqual(found);
  });

  test('stays in the loop where that runs for no task, or for one that is no coroutine', async () => {
    for (const end of ['event_loop.run_forever()', 'event_loop.run_until_complete(event_loop.create_future())']) {
      const program = `
event_loop = asyncio.new_event_loop()
event_loop.call_soon(print, 'up')
event_loop.call_soon(sys.stdout.flush)
${end}
`;
      const { target, open, loops } = await opened(python, program);
      await waitsInLoop(target);
      expect(open.walker.sample(true)).toBe(true);
      expect(names(open.walker)?.at(-1)).toBe('select');
      expect(loops.waiting(open.walker)).toBeUndefined();
    }
  });

  test('is seen as it is where it sleeps elsewhere', async () => {
    const program = `
async def main():
    print('up', flush=True)
    os.read(0, 1)
asyncio.run(main())
`;
    const { target, open, loops } = await opened(python, program);
    while (!/^(0|63) 0x0 /.test(readFileSync(`/proc/${target.pid}/syscall`, 'latin1'))) await pause(1);
    expect(open.walker.sample(true)).toBe(true);
    expect(names(open.walker)?.slice(-2)).toEqual(['_run', 'main']);
    expect(loops.waiting(open.walker)).toBeUndefined();
  });
});
