/** What do the readers of contexts and coroutines do with memory that is not what it should be? */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { badWords, breakPages, damages, withWord } from '../../../../test/support/broken-memory.ts';
import { ImageMemory, type Pages, type ReadRange, RecordingMemory } from '../../../../test/support/memory-image.ts';
import { describeEachPython } from '../../../../test/support/pythons.ts';
import { type OpenTarget, openTarget, sharedTarget, stopTarget, walkerOf } from '../../../../test/support/target.ts';
import { SessionBuilder } from '../../../session/builder.ts';
import type { ProcessMemory } from '../../memory/process-memory.ts';
import { CCallees } from '../code/c-callee.ts';
import { CallSource } from '../code/call-source.ts';
import { CodeCache } from '../code/code-cache.ts';
import { ObjectReader } from '../objects/objects.ts';
import { StackNamer } from '../stack-namer.ts';
import { AwaitChain } from './await-chain.ts';
import { ContextVariable } from './context-variable.ts';
import { RegionFollower } from './region-follower.ts';

/** Waits below a task of an event loop; other tasks wait for each other. */
const program = `
import asyncio, contextvars, json, sys
variables = [contextvars.ContextVar('v%d' % number) for number in range(60)]
for variable in variables: variable.set(object())
class MyTask(asyncio.Task): pass
async def kid(): await asyncio.sleep(1000)
async def numbers():
    await kid()
    yield 1
async def waits(task):
    async for _ in numbers(): pass
async def outlive(task): await task
async def main():
    loop = asyncio.get_running_loop()
    inner = MyTask(kid(), loop=loop)
    python = asyncio.tasks._PyTask(outlive(inner), loop=loop)
    tasks = [asyncio.Task(outlive(python), loop=loop), asyncio.Task(waits(inner), loop=loop)]
    for _ in range(4): await asyncio.sleep(0)
    chains = [id(task.get_coro()) for task in tasks]
    context = contextvars.copy_context()
    print(json.dumps([id(context), id(variables[7]), id(variables[7].get()), chains]), flush=True)
    sys.stdin.readline()
asyncio.new_event_loop().run_until_complete(main())
`;

type Told = readonly [context: number, variable: number, value: number, chains: readonly number[]];

/** Whole, it takes some hundred reads; dicts of modules and classes are read for a loop's frames. */
const mostReads = 60_000;
/** A length that is garbage may ask for megabytes, in each of the five things that are read. */
const mostBytes = 2 ** 28;
const randomBreaks = 120;

/** Reads all that a region needs, through some memory. */
function read(open: OpenTarget, memory: ProcessMemory, [context, variable, value, chains]: Told): unknown {
  const { layout, instructions, main } = open;
  const reader = new ObjectReader(memory, layout);
  const codes = new CodeCache(reader, instructions);
  const namer = new StackNamer(
    new SessionBuilder(),
    reader,
    new CCallees(reader, instructions, new CallSource('', '/')),
  );
  const chain = new AwaitChain(reader, instructions, codes);
  const followed = chains.map((coroutine) => {
    const state = chain.follow(coroutine);
    if (state === 'awaiting') namer.mark('await', namer.stackOf(chain));
    return [state, chain.frames.slice(0, chain.depth).map(({ code }) => code?.name)];
  });
  const found = new ContextVariable(reader, variable).valueIn(context);
  const walker = walkerOf({ layout, reader, instructions, codes }, main.threadState);
  const thread = new RegionFollower({ reader, instructions, codes, namer }, variable).thread(main.threadState, walker);
  const start = { mode: 'enabled', value, parent: 0, hint: 0, inOtherThreads: false } as const;
  const region = thread.begin(start);
  const away = thread.begin({ ...start, value: value + 8, parent: value });
  const regions = [region, away].flatMap((one) => one ?? []);
  const isRead = thread.look(regions, true);
  const roots = regions.map(({ coroutines }) => coroutines.length);
  return { followed, found, isRead, roots, stacks: regions.map((one) => thread.stackOf(one)) };
}

interface Image {
  readonly open: OpenTarget;
  readonly told: Told;
  readonly pages: Pages;
  readonly ranges: readonly ReadRange[];
  readonly memory: ImageMemory;
}

/** Ends, without an error and at a bounded cost, on any memory. */
function readBroken({ open, told, memory }: Image, pages: Pages): void {
  memory.pages = pages;
  memory.resetCounts();
  read(open, memory, told);
  expect(memory.reads).toBeLessThan(mostReads);
  expect(memory.bytesAsked).toBeLessThan(mostBytes);
}

describeEachPython('contexts and coroutines in broken memory', (python) => {
  const shared = sharedTarget(python, program);
  const image = {} as { -readonly [Part in keyof Image]: Image[Part] };

  beforeAll(async () => {
    stopTarget(shared.target);
    const memory = new RecordingMemory(shared.target.pid);
    image.told = JSON.parse(shared.line) as Told;
    image.open = await openTarget(shared.target, memory, () => {});
    memory.clear();
    const { found, followed, isRead } = read(image.open, memory, image.told) as Record<string, unknown>;
    image.pages = new Map(memory.pages);
    image.ranges = [...memory.ranges];
    image.memory = new ImageMemory(image.pages);
    expect({ found, isRead }).toEqual({ found: image.told[2], isRead: true });
    expect(followed).toEqual([
      ['awaiting', ['outlive', '__await__', 'outlive', 'kid', 'sleep']],
      ['awaiting', ['waits', 'numbers', 'kid', 'sleep']],
    ]);
  });

  test('are read as far as they go, whatever word is bad', () => {
    const words = image.ranges.flatMap(({ address, length }) => (length <= 64 ? [address] : [address, address + 64]));
    const seen = [...new Set(words)].filter((_, index) => index % 13 === 0);
    for (const address of seen) {
      for (const value of [badWords[0], badWords[8], badWords[13], badWords[15]] as const) {
        readBroken(image, withWord(image.pages, address, value as bigint));
      }
    }
  });

  test('are read as far as they go, whatever is broken', () => {
    fc.assert(
      fc.property(damages, (changes) => readBroken(image, breakPages(image.pages, image.ranges, changes))),
      { numRuns: randomBreaks },
    );
  });
});
