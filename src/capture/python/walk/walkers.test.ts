/** Do both walkers see the stack that a waiting program itself tells, whatever the frames are? */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeEachPython, type Python } from '../../../../test/support/pythons.ts';
import {
  framesOf,
  type OpenTarget,
  openTarget,
  startTarget,
  type Target,
  type ToldFrame,
  tellProgram,
  toldFrames,
  waitsForInput,
  walkerOf,
} from '../../../../test/support/target.ts';
import type { Address } from '../../memory/process-memory.ts';
import type { Code } from '../code/code.ts';
import { CodeCache } from '../code/code-cache.ts';

const frameKinds = readFileSync(new URL('../../../../test/programs/frame-kinds.py', import.meta.url), 'utf8');

/** Goes up and down as it is told: `a` and `b` call, `r` returns; a line of them is done before the stack is told. */
const climbing = `
sys.setrecursionlimit(20000)
pending = []

def command():
    global pending
    if not pending:
        tell(sys._getframe(1))
        pending = list(sys.stdin.readline().strip())[::-1]
    return pending.pop()

def a():
    while True:
        step = command()
        if step == 'r': return
        (a if step == 'a' else b)()

def b():
    one = two = three = four = five = 1
    while True:
        step = command()
        if step == 'r': return
        (a if step == 'a' else b)()

a()
`;

/** Runs each kind of call as fast as it can for a while, then waits inside it. */
const suddenlyWaiting = `
import time
def main():
    while True:
        for kind in kinds:
            end = time.perf_counter() + 0.08
            while time.perf_counter() < end:
                for _ in range(20): kind(0)
            kind(1)

def leaf(waits):
    if waits: block()

def generator(waits):
    leaf(waits)
    yield 1
def delegating(waits): yield from generator(waits)
async def coroutine(waits): leaf(waits)
async def awaiting(waits): await coroutine(waits)
def other(waits): leaf(0)

def by_map(waits): list(map(lambda item: leaf(waits), (1,)))
def by_list(waits): list(delegating(waits))
def for_loop(waits):
    for _ in delegating(waits): pass
def sent(waits):
    try: awaiting(waits).send(None)
    except StopIteration: pass
def one_of_two(waits):
    for at in 0, 1: (other, leaf)[at](waits)

kinds = [by_map, by_list, for_loop, sent, one_of_two]
main()
`;

/** Counts how many code objects are asked for: one for each frame that is decoded. */
class CountingCodes extends CodeCache {
  asked = 0;

  override get(address: Address): Code | undefined {
    this.asked++;
    return super.get(address);
  }
}

/** The stack told next, once the program stands still there. */
async function nextStack(target: Target): Promise<readonly ToldFrame[]> {
  const line = await target.line();
  await waitsForInput(target);
  return toldFrames(line);
}

/** The same numbers at every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describeEachPython('a waiting program', (python: Python) => {
  test('has the stack that it tells itself, in every kind of frame', async () => {
    const target = startTarget(python, tellProgram + frameKinds);
    let line = await target.line();
    await waitsForInput(target);
    const { walker, codes } = await openTarget(target);
    const [seen, told]: [unknown[], unknown[]] = [[], []];
    const kinds: string[] = [];
    for (; line !== 'end'; line = await target.line()) {
      await waitsForInput(target);
      if (line.startsWith('left')) {
        kinds.push(line);
      } else {
        codes.now += 1000;
        told.push([kinds.length, toldFrames(line)]);
        seen.push([kinds.length, walker.sample(true) && framesOf(walker)]);
      }
      target.say('go');
    }
    expect(seen).toEqual(told);
    expect(kinds.length).toBeGreaterThan(50);
    expect(told.length).toBeGreaterThanOrEqual(kinds.length);
  });

  test('has the stack that it tells itself while thousands of frames come and go', async () => {
    const target = startTarget(python, tellProgram + climbing);
    const first = await nextStack(target);
    const open = await openTarget(target);
    const codes = new CountingCodes(open.reader, open.instructions);
    const walker = walkerOf({ ...open, codes }, open.main.threadState);
    const random = numbers(python.minor);
    // `command` itself is on the told stack only as the reader of the line.
    const seen = (): readonly ToldFrame[] | false => {
      codes.now += 1000;
      return walker.sample(true) && framesOf(walker).slice(0, first.length - 1 + depth);
    };
    let depth = 1;
    expect(seen()).toEqual(first);
    for (let step = 0; step < 12; step++) {
      const down = Math.min(depth - 1, Math.floor(random() * 1200));
      const up = Math.floor(random() * 1500);
      depth += up - down;
      const calls = Array.from({ length: up }, () => (random() < 0.5 ? 'a' : 'b')).join('');
      target.say(`${'r'.repeat(down)}${calls}`);
      const told = await nextStack(target);
      expect(told.length).toBe(first.length - 1 + depth);
      expect(seen()).toEqual(told);
    }
    codes.asked = 0;
    walker.sample();
    const asked = codes.asked;
    expect(depth).toBeGreaterThan(1000);
    // What has not changed since the last sample is not decoded again: of 16 KiB chunks all but the newest.
    expect(asked).toBeLessThan(250);
  });

  test('has the stack that it tells itself when it ran fast until then', async () => {
    const target = startTarget(python, tellProgram + suddenlyWaiting);
    let { walker, codes }: Partial<OpenTarget> = {};
    for (let kind = 0; kind < 6; kind++) {
      let line: string | undefined;
      const told = target.line().then((text) => {
        line = text;
      });
      // The first one is not watched: opening it takes its time.
      while (line === undefined && walker && codes) {
        for (let look = 0; look < 50; look++) {
          codes.now = performance.now();
          walker.sample();
        }
        await new Promise(setImmediate);
      }
      await told;
      await waitsForInput(target);
      if (!walker || !codes) ({ walker, codes } = await openTarget(target));
      for (let look = 0; look < 4; look++) {
        codes.now += 1000;
        expect(walker.sample(true) && framesOf(walker)).toEqual(toldFrames(line as unknown as string));
      }
      target.say('go');
    }
  });
});
