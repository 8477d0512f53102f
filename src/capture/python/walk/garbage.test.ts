/** What do the readers do with memory that is not what it should be? Real images, broken in thousands of ways. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { badWords, breakPages, damages, withWord } from '../../../../test/support/broken-memory.ts';
import { ImageMemory, type Pages, type ReadRange, RecordingMemory } from '../../../../test/support/memory-image.ts';
import { describeEachPython } from '../../../../test/support/pythons.ts';
import {
  framesOf,
  type OpenTarget,
  openTarget,
  sharedTarget,
  stopTarget,
  type Target,
  type ToldFrame,
  tellProgram,
  toldFrames,
  walkerOf,
} from '../../../../test/support/target.ts';
import { SessionBuilder } from '../../../session/builder.ts';
import type { ProcessMemory } from '../../memory/process-memory.ts';
import { CCallees } from '../code/c-callee.ts';
import { CallSource } from '../code/call-source.ts';
import { CodeCache } from '../code/code-cache.ts';
import { ObjectReader } from '../objects/objects.ts';
import { Gil } from '../runtime/gil.ts';
import { activeThreads, listInterpreters, listThreads, sysFacts, threadNames } from '../runtime/threads.ts';
import { StackNamer } from '../stack-namer.ts';
import { DataStackWalker } from './data-stack-walker.ts';

/** Waits in a C function, below generators, a callback, methods, a class method and several chunks of frames. */
const program = `
import threading, time
threading.Thread(target=time.sleep, args=(1000,), daemon=True, name='sleeper').start()
class Thing:
    def __init__(self):
        __tracebackhide__ = True
        held = self
        sorted([1], key=lambda item: held.method())
    def method(self): list(delegating())
    @classmethod
    def made(cls): return cls()
def generator():
    block()
    yield 1
def delegating():
    for one in generator(): yield one
def deep(depth):
    if depth: deep(depth - 1)
    else: Thing.made()
deep(150)
`;

/** What one operation may cost at most, however broken the memory is. Whole, each takes less than a thousand reads. */
const mostReads = { sample: 20_000, lists: 40_000 } as const;
const mostBytes = 2 ** 26;
const randomBreaks = { sample: 150, lists: 250 } as const;

type Operation = keyof typeof mostReads;

/** All that is read of a process, through some memory. */
class Reading {
  readonly sample: (isAsleep: boolean) => boolean;
  readonly lists: () => unknown;
  readonly frames: () => readonly ToldFrame[];
  readonly setTime: (ms: number) => void;
  readonly builder: SessionBuilder = new SessionBuilder();

  constructor(open: OpenTarget, memory: ProcessMemory) {
    const { layout, instructions, runtime } = open;
    const reader = new ObjectReader(memory, layout);
    const codes = new CodeCache(reader, instructions);
    const walker = walkerOf({ layout, reader, instructions, codes }, open.main.threadState);
    const callees = new CCallees(reader, instructions, new CallSource('', '/'));
    const namer = new StackNamer(this.builder, reader, callees);
    this.setTime = (ms) => {
      codes.now = ms;
      callees.now = ms;
    };
    this.frames = () => framesOf(walker);
    this.sample = (isAsleep) => {
      const isWhole = walker.sample(isAsleep);
      if (isWhole) namer.stackOf(walker);
      return isWhole;
    };
    this.lists = () => {
      const interpreters = listInterpreters(reader, runtime);
      const threads = listThreads(reader, interpreters);
      const idents = threads.map(({ ident }) => ident);
      const holders = interpreters.map((interpreter) => {
        const gil = new Gil(memory, layout, runtime, interpreter);
        gil.read();
        return gil.holder;
      });
      const named = interpreters.map((interpreter) => [
        ...threadNames(reader, activeThreads(reader, interpreter), idents).values(),
      ]);
      return { threads, holders, named, facts: interpreters.map((interpreter) => sysFacts(reader, interpreter)) };
    };
  }
}

interface Image {
  readonly open: OpenTarget;
  readonly told: readonly ToldFrame[];
  readonly lists: unknown;
  readonly pages: Readonly<Record<Operation, Pages>>;
  readonly ranges: Readonly<Record<Operation, readonly ReadRange[]>>;
}

/** Reads a program once while it stands still, and keeps what was read. */
async function recordImage(target: Target, line: string): Promise<Image> {
  stopTarget(target);
  const memory = new RecordingMemory(target.pid);
  const open = await openTarget(target, memory, () => {});
  const keep = <Result>(read: (reading: Reading) => Result): [Pages, readonly ReadRange[], Result] => {
    memory.clear();
    const result = read(new Reading(open, memory));
    return [new Map(memory.pages), [...memory.ranges], result];
  };
  const [samplePages, sampleRanges] = keep((reading) => {
    reading.sample(true);
    reading.setTime(1000);
    return reading.sample(false);
  });
  const [listsPages, listsRanges, lists] = keep((reading) => reading.lists());
  // For the addresses of its frames.
  expect(open.walker.sample(true)).toBe(true);
  memory.close();
  return {
    ...{ open, told: toldFrames(line), lists },
    pages: { sample: samplePages, lists: listsPages },
    ranges: { sample: sampleRanges, lists: listsRanges },
  };
}

function expectLittleWork(memory: ImageMemory, operation: Operation): void {
  expect(memory.reads).toBeLessThanOrEqual(mostReads[operation]);
  expect(memory.bytesAsked).toBeLessThanOrEqual(mostBytes);
}

/** Samples broken memory cold and warm, then the image as it was. */
function sampleBroken({ open, pages, told }: Image, broken: Pages, isEndless: boolean): void {
  const memory = new ImageMemory(pages.sample);
  memory.mostReads = mostReads.sample;
  for (const isWarm of [false, true]) {
    const reading = new Reading(open, memory);
    reading.setTime(1000);
    memory.isEndless = false;
    memory.pages = pages.sample;
    if (isWarm) reading.sample(false);
    memory.isEndless = isEndless;
    memory.pages = broken;
    for (const look of [1, 2, 3]) {
      memory.resetCounts();
      reading.setTime(2000 * look);
      reading.sample(look === 2);
      expectLittleWork(memory, 'sample');
    }
    for (const { line } of linesOf(reading)) expect(line).toBeGreaterThanOrEqual(-1);
    if (!isWarm) continue;
    memory.isEndless = false;
    memory.pages = pages.sample;
    memory.resetCounts();
    reading.setTime(60_000);
    // The list of chunks that was read may only now turn out to be wrong: the recorder reads up to four times.
    expect(reading.sample(true) || reading.sample(true)).toBe(true);
    expect(reading.frames()).toEqual(told);
  }
  memory.close();
}

/** The words of the structures that a sample goes through, each once: of a generator and a method, their frames and code. */
function fieldsOf({ walker, layout, main }: OpenTarget): readonly number[] {
  const frames = walker.frames.filter(({ code }) => code?.name === 'delegating' || code?.name === 'method');
  const [chunk] = walker instanceof DataStackWalker ? walker.stack.chunks : [];
  const { generator, object } = layout;
  const at = (address: number, fields: Readonly<Record<string, number>>): readonly number[] =>
    Object.values(fields).flatMap((offset) => (offset < 0 ? [] : [address + offset]));
  return [
    ...at(main.threadState, layout.thread),
    ...(chunk ? at(chunk.address, { previous: 0, size: 8, top: 16 }) : []),
    ...frames.flatMap(({ address, code }) => [
      ...at(address, layout.frame),
      ...at(code?.address ?? 0, { ...layout.code, type: object.type, units: object.variableSize }),
      ...(generator.frame < 0 ? [] : at(address - generator.frame, generator)),
    ]),
  ];
}

const emptyMeta = {} as Parameters<SessionBuilder['finish']>[0];

const linesOf = ({ builder }: Reading): readonly { readonly line: number }[] =>
  [...builder.finish(emptyMeta).stacks.line].map((line) => ({ line }));

describeEachPython('broken memory', (python) => {
  const shared = sharedTarget(python, tellProgram + program);
  let image: Image;
  beforeAll(async () => {
    image = await recordImage(shared.target, shared.line);
  });

  test('an image holds all that was read, and reads the same', () => {
    const reading = new Reading(image.open, new ImageMemory(image.pages.sample));
    expect(reading.sample(true) && reading.frames()).toEqual(image.told);
    expect(new Reading(image.open, new ImageMemory(image.pages.lists)).lists()).toEqual(image.lists);
    expect(image.lists).toMatchObject({ named: [expect.arrayContaining(['MainThread', 'sleeper'])] });
  });

  test('is sampled without an error, in bounds, and forgotten when it is whole again', () => {
    const property = fc.property(damages, fc.boolean(), (changes, isEndless) => {
      sampleBroken(image, breakPages(image.pages.sample, image.ranges.sample, changes), isEndless);
    });
    fc.assert(property, { numRuns: randomBreaks.sample, seed: python.minor });
  });

  test('is sampled in bounds with any one field as bad as can be', () => {
    const { open, pages } = image;
    const fields = fieldsOf(open);
    const addresses = open.walker.frames.slice(0, open.walker.depth).map(({ address }) => BigInt(address));
    const values = [...badWords, ...addresses.slice(-4), ...addresses.slice(0, 1)];
    const memory = new ImageMemory(pages.sample);
    memory.mostReads = mostReads.sample;
    for (const field of fields) {
      for (const [index, value] of values.entries()) {
        memory.isEndless = index % 2 === 0;
        memory.pages = withWord(pages.sample, field, value);
        memory.resetCounts();
        new Reading(open, memory).sample(index % 3 === 0);
        expectLittleWork(memory, 'sample');
      }
    }
    expect(fields.length).toBeGreaterThan(40);
    memory.close();
  });

  test('is listed without an error, in bounds', () => {
    const memory = new ImageMemory(image.pages.lists);
    memory.mostReads = mostReads.lists;
    const property = fc.property(damages, fc.boolean(), (changes, isEndless) => {
      memory.isEndless = isEndless;
      memory.pages = breakPages(image.pages.lists, image.ranges.lists, changes);
      memory.resetCounts();
      new Reading(image.open, memory).lists();
      expectLittleWork(memory, 'lists');
    });
    fc.assert(property, { numRuns: randomBreaks.lists, seed: python.minor });
  });
});
