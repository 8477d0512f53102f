/** Do the walkers find the stack of a program stopped at any moment, as the way down from the current frame shows it? */
import { expect, test } from 'vitest';
import { describeEachPython } from '../../../../test/support/pythons.ts';
import {
  continueTarget,
  type OpenTarget,
  openTarget,
  startTarget,
  stopTarget,
} from '../../../../test/support/target.ts';
import type { Code } from '../code/code.ts';
import { DataStackWalker } from './data-stack-walker.ts';
import { FrameDecoder, FrameView } from './frame-view.ts';

/** Functions of a few hundred ns, called in every way; `calls` below says who calls whom. */
const program = `
import functools
def leaf(count):
    for number in range(count): pass
def shared(function): return function()
def a2(): leaf(12)
def b2():
    p = q = r = 1
    leaf(12)
def plain(): shared(a2); shared(b2)
def sites():
    for at in 0, 1, 2: (a2, b2, plain)[at]()
def arguments(): keywords(*(1, 2), **{'three': 3})
def keywords(*args, **names): leaf(12)
class Thing:
    def __init__(self): leaf(12)
    def __add__(self, other): leaf(12)
    def __getitem__(self, at): leaf(12)
    @property
    def size(self): leaf(12)
def methods():
    thing = Thing()
    thing + 1
    thing[0]
    thing.size
def key(item): leaf(12)
def callbacks():
    sorted((1,), key=key)
    list(map(key, (1,)))
    functools.reduce(change, (1, 2))
def change(one, two): leaf(12)
def generator():
    leaf(12)
    yield 1
def delegating(): yield from generator()
def generators():
    for _ in delegating(): pass
    list(delegating())
async def coroutine(): leaf(12)
async def awaiting(): await coroutine()
def coroutines():
    try: awaiting().send(None)
    except StopIteration: pass
def down(depth):
    if depth: down(depth - 1)
    else: leaf(12)
def recursion(): down(12)
def main():
    while True:
        plain(); sites(); arguments(); methods(); callbacks(); generators(); coroutines(); recursion()
print('up', flush=True)
main()
`;

const calls: Readonly<Record<string, string>> = {
  '<module>': 'main',
  main: 'plain sites arguments methods callbacks generators coroutines recursion',
  plain: 'shared',
  shared: 'a2 b2',
  a2: 'leaf',
  b2: 'leaf',
  sites: 'a2 b2 plain',
  arguments: 'keywords',
  keywords: 'leaf',
  methods: '__init__ __add__ __getitem__ size',
  __init__: 'leaf',
  __add__: 'leaf',
  __getitem__: 'leaf',
  size: 'leaf',
  callbacks: 'key change',
  key: 'leaf',
  change: 'leaf',
  generators: 'delegating',
  delegating: 'generator',
  generator: 'leaf',
  coroutines: 'awaiting',
  awaiting: 'coroutine',
  coroutine: 'leaf',
  recursion: 'down',
  down: 'down leaf',
};

const impossibleCalls = (names: readonly string[]): readonly string[] =>
  names.flatMap((name, at) => {
    const caller = names[at - 1];
    if (caller === undefined) return name === '<module>' ? [] : [`root ${name}`];
    return calls[caller]?.split(' ').includes(name) ? [] : [`${caller} > ${name}`];
  });

/** The walk down from the thread's current frame, which is right while the target stands still. */
function namesFromTop(open: OpenTarget): readonly string[] | undefined {
  const { walker, memory, layout, codes, reader, main } = open;
  const names: string[] = [];
  if (!(walker instanceof DataStackWalker)) {
    const { frame, thread } = layout;
    for (let at = memory.pointer(main.threadState + thread.frame); at !== 0; at = memory.pointer(at + frame.back)) {
      names.push(codes.get(memory.pointer(at + frame.code))?.name ?? '?');
    }
    return names.reverse();
  }
  const decoder = new FrameDecoder(reader, codes);
  for (let at = walker.stack.currentFrame; at !== 0; ) {
    const view = new FrameView();
    if (at < 0 || memory.read(at, view.room.bytes) < decoder.headerSize) return undefined;
    const below = decoder.shimPrevious(view.room, 0);
    if (below === undefined) {
      // A frame being cleared has no code any more.
      if (!decoder.decode(view, view.room, 0, at)) return undefined;
      const { isTrampoline, name } = view.code as Code;
      if (!isTrampoline) names.push(name);
    }
    at = below ?? view.previous;
  }
  return names.reverse();
}

const stops = 200;
/** What remains are the moments of calling and returning, at which one way sees the callee and the other the caller. */
const leastAgreement = 0.85;
const leastPrefixes = 0.98;

describeEachPython('a program stopped at any moment', (python) => {
  test('has the same stack read upwards and downwards, and no call that it does not contain', async () => {
    const target = startTarget(python, program);
    await target.line();
    const open = await openTarget(target);
    const { walker, codes } = open;
    const wait = new Int32Array(new SharedArrayBuffer(4));
    let [compared, equal, prefixes] = [0, 0, 0];
    const impossible: string[] = [];
    for (let stop = 0; stop < stops; stop++) {
      Atomics.wait(wait, 0, 0, 0.2 + Math.random());
      stopTarget(target);
      codes.now += 1000;
      const isWhole = walker.sample(true);
      const fromTop = isWhole ? namesFromTop(open) : undefined;
      continueTarget(target);
      if (!isWhole) continue;
      const frames = walker.frames.slice(0, walker.depth).map(({ code }) => code as Code);
      const names = frames.filter(({ isTrampoline }) => !isTrampoline).map(({ name }) => name);
      impossible.push(...impossibleCalls(names));
      if (fromTop === undefined) continue;
      compared++;
      const [shorter, longer] = names.length < fromTop.length ? [names, fromTop] : [fromTop, names];
      if (shorter.every((name, at) => name === longer[at])) prefixes++;
      if (names.join() === fromTop.join()) equal++;
    }
    expect(impossible).toEqual([]);
    expect(compared).toBeGreaterThan(stops * 0.7);
    expect(equal / compared).toBeGreaterThan(leastAgreement);
    expect(prefixes / compared).toBeGreaterThan(leastPrefixes);
  });
});
