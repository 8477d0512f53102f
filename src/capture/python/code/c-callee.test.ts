import { describe, expect, test, vi } from 'vitest';
import { describeEachPython, pythons } from '../../../../test/support/pythons.ts';
import { type OpenTarget, openTarget, startTarget, walkerOf } from '../../../../test/support/target.ts';
import { activeThreads, listInterpreters, listThreads, threadNames } from '../runtime/threads.ts';
import { CCallees, unknownCallee } from './c-callee.ts';
import { CallSource } from './call-source.ts';

/** Every function runs in a thread of its own, named like it, and stays in a C function. */
const program = `
import functools, os, queue, socket, threading, time
from time import sleep as doze
lock = threading.Lock()
lock.acquire()
one, other = socket.socketpair()

def of_module():
    time.sleep(1000)
def of_object():
    lock.acquire()
def with_keyword():
    lock.acquire(timeout=1000)
def with_star():
    time.sleep(*[1000])
def with_stars():
    lock.acquire(*[], **{'timeout': 1000})
def of_type():
    list.sort([1, 2], key=lock.acquire)
def of_subclass():
    one.recv(1)
def with_callback():
    sorted([2, 1], key=lock.acquire)
def over_lines():
    time.sleep(
        # seconds (
        1000,
    )
def beside_another():
    return len('') or time.sleep(1000)
def nested():
    print(time.sleep(1000))
def in_f_string():
    print(f'{time.sleep(1000)}')
def renamed():
    doze(1000)
def renamed_and_hot():
    for seconds in [0] * 300 + [1000]:
        doze(seconds)
def found_at_run_time():
    getattr(time, 'sleep')(1000)
def object_of_c():
    functools.partial(time.sleep, 1000)()
def with_lock():
    with lock:
        pass
def spinning():
    while True:
        pass
sources = {
    'without_source': 'def without_source(): time.sleep(1000)',
    'without_source_and_hot': 'def without_source_and_hot():\\n  for s in [0] * 300 + [1000]: time.sleep(s)',
}
functions = [value for value in globals().values() if type(value) is type(of_module)]
for name, source in sources.items():
    namespace = dict(globals())
    exec(source, namespace)
    functions.append(namespace[name])
for function in functions:
    threading.Thread(target=function, name=function.__name__, daemon=True).start()
print('up', flush=True)
time.sleep(1000)
`;

/** The thread states of a target by the names of the threads. */
function threadStates({ reader, runtime }: OpenTarget): ReadonlyMap<string, number> {
  const [main = 0] = listInterpreters(reader, runtime);
  const threads = listThreads(reader, [main]);
  const idents = threads.map(({ ident }) => ident);
  const names = threadNames(reader, activeThreads(reader, main), idents);
  return new Map(threads.map(({ threadState, ident }) => [names.get(ident) ?? '', threadState]));
}

/** What each thread but the main one calls. */
function calleesOf(open: OpenTarget): Readonly<Record<string, string | undefined>> {
  const callees = new CCallees(open.reader, open.instructions, new CallSource('', '/'));
  const found: Record<string, string | undefined> = {};
  for (const [name, threadState] of threadStates(open)) {
    if (name === 'MainThread') continue;
    const walker = walkerOf(open, threadState);
    expect(walker.sample(true)).toBe(true);
    const leaf = walker.frames[walker.depth - 1];
    expect(leaf?.code?.name).toBe(name);
    if (leaf !== undefined) found[name] = callees.calledBy(leaf, walker);
  }
  return found;
}

/** Where the callee itself is on the value stack, whatever the source calls it. */
const fromStack = {
  of_module: 'sleep',
  of_object: 'lock.acquire',
  with_keyword: 'lock.acquire',
  with_star: 'sleep',
  with_stars: 'lock.acquire',
  of_type: 'list.sort',
  of_subclass: 'socket.recv',
  with_callback: 'sorted',
  over_lines: 'sleep',
  beside_another: 'sleep',
  nested: 'sleep',
  in_f_string: 'sleep',
  renamed: 'sleep',
  renamed_and_hot: 'sleep',
  found_at_run_time: 'sleep',
  object_of_c: undefined,
  with_lock: 'lock.__enter__',
  spinning: undefined,
  without_source: 'sleep',
  without_source_and_hot: 'sleep',
};

/**
 * What the source and the value stack agree on; where the call is specialised for C, what the source says. Where the source
 * says nothing, callables of C on the value stack, and none of Python, say that it is one of them.
 */
const fromColumns = {
  ...fromStack,
  renamed: undefined,
  renamed_and_hot: 'doze',
  found_at_run_time: unknownCallee,
  object_of_c: unknownCallee,
  with_lock: undefined,
  without_source: unknownCallee,
  without_source_and_hot: unknownCallee,
};

/** The same with no more of the source than the line. */
const fromLines = {
  ...fromStack,
  beside_another: unknownCallee,
  nested: unknownCallee,
  in_f_string: unknownCallee,
  renamed: undefined,
  renamed_and_hot: undefined,
  found_at_run_time: unknownCallee,
  object_of_c: unknownCallee,
  with_lock: undefined,
  without_source: unknownCallee,
  without_source_and_hot: unknownCallee,
};

describeEachPython('a leaf inside a C function', (python) => {
  test('is named by what can be known', async () => {
    const expected = python.minor >= 14 ? fromStack : python.minor >= 11 ? fromColumns : fromLines;
    const target = startTarget(python, program);
    await target.line();
    const open = await openTarget(target);
    // Not every thread is there at once.
    await vi.waitFor(() => expect(calleesOf(open)).toEqual(expected), { timeout: 20_000 });
  });
});

/** Every function runs in a thread of its own, and resumes a generator that stays in a C function. */
const resuming = `
import threading, time
def sleeper():
    time.sleep(1000)
    yield
async def sleeping():
    time.sleep(1000)

def by_next():
    next(sleeper())
def by_next_or_default():
    next(sleeper(), None)
def by_send():
    sleeper().send(None)
def by_send_to_coroutine():
    sleeping().send(None)
def by_bound_send():
    send = sleeper().send
    send(None)
def by_sum():
    sum(sleeper())
def by_sum_beside_another():
    sum((one for one in sleeper()), len([sleeper()]))
functions = [value for name, value in globals().items() if name.startswith('by_')]
for function in functions:
    threading.Thread(target=function, name=function.__name__, daemon=True).start()
print('up', flush=True)
time.sleep(1000)
`;

/** By thread: the function of the generator that its call is known to resume, and of the first one that it passes. */
function generatorsOf(open: OpenTarget): Readonly<Record<string, readonly [string | undefined, string | undefined]>> {
  const { reader } = open;
  const { generator, frame, code } = reader.layout;
  const callees = new CCallees(reader, open.instructions, new CallSource('', '/'));
  const functionOf = (object: number): string | undefined => {
    const executable = object && reader.memory.pointer(object + generator.frame + frame.executable);
    return executable ? reader.string(reader.memory.pointer(executable - (executable % 8) + code.name)) : undefined;
  };
  const isGenerator = (object: number): boolean =>
    ['generator', 'coroutine'].includes(reader.typeName(reader.typeOf(object)) ?? '');
  const found: Record<string, readonly [string | undefined, string | undefined]> = {};
  for (const [name, threadState] of threadStates(open)) {
    const walker = walkerOf(open, threadState);
    expect(walker.sample(true)).toBe(true);
    const caller = walker.frames.find((one) => one.code?.name === name);
    if (caller === undefined) continue;
    const passed = callees.passedBy(caller, walker, isGenerator);
    found[name] = [functionOf(callees.resumedBy(caller, walker)), functionOf(passed)];
  }
  return found;
}

describe.each(pythons.filter(({ minor }) => minor >= 11))(
  'a call that resumes a generator through C (Python $version)',
  (python) => {
    test('says which one it is', async () => {
      const target = startTarget(python, resuming);
      await target.line();
      const open = await openTarget(target);
      const expected = {
        by_next: ['sleeper', 'sleeper'],
        by_next_or_default: ['sleeper', 'sleeper'],
        by_send: ['sleeper', 'sleeper'],
        by_send_to_coroutine: ['sleeping', 'sleeping'],
        by_bound_send: ['sleeper', undefined],
        by_sum: [undefined, 'sleeper'],
        by_sum_beside_another: [undefined, '<genexpr>'],
      };
      await vi.waitFor(() => expect(generatorsOf(open)).toEqual(expected), { timeout: 20_000 });
    });
  },
);
