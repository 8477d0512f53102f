import { expect, test } from 'vitest';
import { describeEachPython } from '../../../../test/support/pythons.ts';
import { sharedTarget } from '../../../../test/support/target.ts';
import type { FrameStack } from '../stack-namer.ts';
import { AwaitChain } from './await-chain.ts';

/**
 * Makes coroutines wait in every way, and prints for each its address and the chain that it should have. A function's line in a
 * chain is the one with its own name in a comment.
 */
const program = `
import asyncio, json, sys, types
waiting = {}
kept = []

class Awaitable:
    def __init__(self, inner): self.inner = inner
    def __await__(self): return self.inner.__await__()  # coroutine_wrapper
class Generating:
    def __await__(self):
        yield  # __await__
class Iterating:
    def __await__(self): return iter([1, 2])
@types.coroutine
def old_style():
    yield  # old_style
def plain():
    yield from old_style()  # plain
async def bare(): await old_style()  # bare
async def deep(n):
    if n: await deep(n - 1)  # deep
    else: await bare()  # deep:else
async def wrapped(): await Awaitable(bare())  # wrapped
async def generating(): await Generating()  # generating
async def iterating():
    await Iterating()  # iterating
async def numbers():
    await bare()  # numbers
    yield 1
    yield 2
async def over_numbers():
    async for _ in numbers(): pass  # over_numbers
async def sending():
    generator = numbers()
    await generator.asend(None)  # sending
async def throwing():
    generator = closing()
    await generator.asend(None)
    await generator.athrow(ValueError)  # throwing
async def closing():
    try: yield 1
    except ValueError: await bare()  # closing
class Manager:
    async def __aenter__(self): await bare()  # __aenter__
    async def __aexit__(self, *args): pass
async def managed():
    async with Manager(): pass  # managed
async def many_locals():
    ${Array.from({ length: 200 }, (_, at) => `v${at}`).join(' = ')} = 1
    await bare()  # many_locals
async def on_stack():
    [1, 2, (3, await bare())]  # on_stack
async def twice():
    await immediately()
    await bare()  # twice
async def immediately(): pass
async def finished(): pass
async def yielding():
    yield 1  # yielding

def suspend(name, coroutine, chain, sends=1):
    for _ in range(sends): coroutine.send(None)
    waiting[name] = [id(coroutine), chain]
    kept.append(coroutine)

suspend('plain yield', bare(), ['bare', 'old_style'])
suspend('yield from', plain(), ['plain', 'old_style'])
suspend('deep', deep(300), ['deep'] * 300 + ['deep:else', 'bare', 'old_style'])
suspend('wrapper', wrapped(), ['wrapped', 'bare', 'old_style'])
suspend('__await__', generating(), ['generating', '__await__'])
suspend('iterator', iterating(), ['iterating'])
suspend('async for', over_numbers(), ['over_numbers', 'numbers', 'bare', 'old_style'])
suspend('asend', sending(), ['sending', 'numbers', 'bare', 'old_style'])
suspend('athrow', throwing(), ['throwing', 'closing', 'bare', 'old_style'])
suspend('async with', managed(), ['managed', '__aenter__', 'bare', 'old_style'])
suspend('many locals', many_locals(), ['many_locals', 'bare', 'old_style'])
suspend('value stack', on_stack(), ['on_stack', 'bare', 'old_style'])
suspend('twice', twice(), ['twice', 'bare', 'old_style'])
suspend('created', bare(), ['bare:def'], 0)
between = yielding()
try: between.asend(None).send(None)
except StopIteration: pass
suspend('between two turns', between, ['yielding'], 0)

def end(name, coroutine, state):
    kept.append(coroutine)
    try: coroutine.send(None)
    except StopIteration: pass
    waiting[name] = [id(coroutine), state]
end('finished', finished(), 'finished')
running = None
def while_running():
    waiting['executing'] = [id(running), 'executing']
    tell_and_wait()
async def executing(): while_running()

class MyTask(asyncio.Task): pass
class MyPythonTask(asyncio.tasks._PyTask): pass
async def kid(): await asyncio.sleep(1000)  # kid
async def future(): await asyncio.get_running_loop().create_future()  # future
async def outlive(task): await task  # outlive
async def waits(task): await asyncio.wait_for(task, 1000)  # waits
async def gathers(): await asyncio.gather(kid(), kid())  # gathers
async def shields(task): await asyncio.shield(task)  # shields
async def events(): await asyncio.Event().wait()  # events
async def circle(other): await other[0]  # circle
async def main():
    loop = asyncio.get_running_loop()
    def add(name, coroutine, chain, kind=asyncio.Task):
        task = kind(coroutine, loop=loop)
        kept.append(task)
        waiting[name] = [id(coroutine), chain]
        return task
    sleeping = ['kid', 'sleep:*']
    kinds = [asyncio.Task, MyTask, asyncio.tasks._PyTask, MyPythonTask]
    tasks = [add('sleeping %d' % number, kid(), sleeping, kind) for number, kind in enumerate(kinds)]
    add('future', future(), ['future'])
    add('of a C task', outlive(tasks[0]), ['outlive'] + sleeping)
    add('of a subclass', outlive(tasks[1]), ['outlive'] + sleeping)
    add('of a Python task', outlive(tasks[2]), ['outlive', '__await__:*'] + sleeping)
    add('of its subclass', outlive(tasks[3]), ['outlive', '__await__:*'] + sleeping)
    add('of a task of a task', outlive(add('inner', outlive(tasks[0]), ['outlive'] + sleeping)), ['outlive', 'outlive'] + sleeping)
    add('wait_for', waits(tasks[0]), ['waits', 'wait_for:*'] + sleeping)
    add('wait_for of a coroutine', waits(kid()), ['waits', 'wait_for:*'] + sleeping)
    add('gather', gathers(), ['gathers'])
    add('shield', shields(tasks[0]), ['shields'])
    add('event', events(), ['events', 'wait:*'])
    first, second = [], []
    first.append(add('first of a circle', circle(second), 'unknown'))
    second.append(add('second of a circle', circle(first), 'unknown'))
    unstarted = kid()
    kept.append(unstarted)
    waiting['not begun'] = [id(unstarted), ['kid:def']]
    for _ in range(5): await asyncio.sleep(0)
    # A task that runs at this moment is where the chain ends.
    waiting['of a running task'] = [id(add('', outlive(asyncio.current_task()), []).get_coro()), ['outlive']]
    await asyncio.sleep(0)
    global running
    running = executing()
    await running

def tell_and_wait():
    del waiting['']
    for other in ('a list', []), ('a function', end), ('None', None): waiting[other[0]] = [id(other[1]), 'unknown']
    lines = {}
    for number, line in enumerate(open(__file__), 1):
        if '  # ' in line: lines[line.split('  # ')[1].strip()] = number
        if line.strip().startswith(('async def ', 'def ')): lines[line.split('def ')[1].split('(')[0] + ':def'] = number
    def places(chain):
        return chain if isinstance(chain, str) else [[each.split(':')[0], lines.get(each, 0)] for each in chain]
    print(json.dumps({name: [address, places(chain)] for name, (address, chain) in waiting.items()}), flush=True)
    sys.stdin.readline()

asyncio.new_event_loop().run_until_complete(main())
`;

type Told = Readonly<
  Record<string, readonly [coroutine: number, chain: string | readonly (readonly [string, number])[]]>
>;

/** Function and line of each frame; 0 for lines outside the program. */
function placesOf(stack: FrameStack, file: string): readonly (readonly [string, number])[] {
  return stack.frames.slice(0, stack.depth).map(({ code, rawUnit }) => {
    if (code === undefined) return ['', -1];
    const line = rawUnit < 0 ? -1 : (code.lines[rawUnit] as number);
    return [code.name, code.file === file ? (line < 0 ? code.firstLine : line) : 0];
  });
}

describeEachPython('what a coroutine waits for', (python) => {
  const shared = sharedTarget(python, program);

  test('is found through everything that can be awaited', () => {
    const { reader, instructions, codes } = shared.open;
    const chain = new AwaitChain(reader, instructions, codes);
    const told = JSON.parse(shared.line) as Told;
    const found = Object.entries(told).map(([name, [coroutine]]) => {
      const state = chain.follow(coroutine);
      return [name, [coroutine, state === 'awaiting' ? placesOf(chain, shared.target.file) : state]] as const;
    });
    expect(Object.fromEntries(found)).toEqual(told);
    expect(found.length).toBeGreaterThan(35);
  });

  test('cannot be told where there is no coroutine', () => {
    const { reader, instructions, codes } = shared.open;
    const chain = new AwaitChain(reader, instructions, codes);
    for (const address of [0, 8, 12345, 2 ** 47, -8]) expect(chain.follow(address)).toBe('unknown');
  });
});
