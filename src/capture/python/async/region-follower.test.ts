import { expect, test } from 'vitest';
import { describeEachPython } from '../../../../test/support/pythons.ts';
import { expectFollowed, followRegions } from '../../../../test/support/regions.ts';

/** Each function makes a region, or several, and says what should be found of it. */
const asyncioProgram = `
import asyncio, contextvars, functools

async def sleeps(mode):
    with Region('sleep ' + mode, mode):
        timed()
        await asyncio.sleep(0.1)
        waited = timed()
    expect('sleep ' + mode, {'' if mode == 'disabled' else 'sleeps > [await]': waited})

async def burner(stop):
    while not stop: busy(0.01); await asyncio.sleep(0)
async def isolated():
    stop = []
    burners = [asyncio.ensure_future(burner(stop)) for _ in range(2)]
    await asyncio.sleep(0)
    with Region('isolated'):
        timed(); busy(0.06); working = timed()
        await asyncio.sleep(0.15); waiting = timed()
    stop.append(1)
    await asyncio.gather(*burners)
    expect('isolated', {'isolated > busy': working, 'isolated > [await]': waiting})

async def child(seconds):
    timed(); busy(0.03); worked[0] += timed()
    await asyncio.sleep(seconds)
worked = [0]
async def gathers():
    with Region('gather'):
        start = time.perf_counter()
        await asyncio.gather(child(0.05), child(0.1), child(0.12))
        waited = time.perf_counter() - start - worked[0]
    expect('gather', {'child > busy': worked[0], 'gathers > [await]': waited})

async def kid():
    await asyncio.sleep(0.15)
async def outlive():
    with Region('outlive'):
        timed()
        task = asyncio.ensure_future(kid())
        await asyncio.sleep(0.05); own = timed()
        await task; of_kid = timed()
        await asyncio.wait_for(kid(), 10); of_kid += timed()
    expect('outlive', {'outlive > [await]': own, 'outlive > kid > [await]': of_kid})

async def early(): busy(0.02)
async def kid_ends():
    with Region('kid ends'):
        timed()
        task = asyncio.ensure_future(early())
        await asyncio.sleep(0.15)
        await task
        waited = timed()
    expect('kid ends', {'kid_ends > [await]': waited - took[-1], 'early > busy': took[-1]})

async def numbers():
    with Region('async generator'):
        timed()
        await asyncio.sleep(0.1)
        yield 1
        await asyncio.sleep(0.05)
        waited = timed()
    expect('async generator', {'over_numbers > numbers > [await]': waited})
async def over_numbers():
    async for _ in numbers(): pass

class Awaitable:
    def __await__(self): return asyncio.sleep(0.1).__await__()
class Manager:
    async def __aenter__(self): await asyncio.sleep(0.1)
    async def __aexit__(self, *error): pass
async def awaitables():
    with Region('awaitables'):
        timed()
        await Awaitable(); first = timed()
        async with Manager(): pass
        second = timed()
    expect('awaitables', {'awaitables > [await]': first, 'awaitables > __aenter__ > [await]': second})

region = None
async def begins():
    global region
    region = Region('begun deeper')
    region.start()
    timed()
    await asyncio.sleep(0.1)
async def begun_deeper():
    await begins(); deep = timed()
    busy(0.05); working = timed()
    await asyncio.sleep(0.1); waited = timed()
    region.stop()
    expect('begun deeper', {'begun_deeper > begins > [await]': deep, 'begun_deeper > busy': working, 'begun_deeper > [await]': waited})

async def leaves(mode):
    elsewhere = contextvars.copy_context()
    name = 'leaves ' + mode
    with Region(name, mode):
        timed()
        # Not in a function of its own: wherever the last look before the exit is taken, it finds the same.
        while time.perf_counter() < _last[0] + 0.05: pass
        working = timed()
        elsewhere.run(functools.partial(away, 0.1)); left = timed()
    away_at = {'enabled': 'leaves > away > busy', 'strict': 'leaves > [out-of-context]'}[mode]
    expect(name, {'leaves': working, away_at: left})
def away(seconds): busy(seconds)

async def nests():
    with Region('outer'):
        timed()
        await asyncio.sleep(0.05); outer = timed()
        with Region('inner'):
            copy = contextvars.copy_context()
            await asyncio.sleep(0.1); inner = timed()
        # What was copied in the inner region is still in the outer one.
        copy.run(busy, 0.05); working = timed()
    expect('inner', {'nests > [await]': inner})
    expect('outer', {'nests > [await]': outer + inner, 'nests > busy': working})

class Turn:
    def __await__(self): yield
async def driven():
    with Region('driven'):
        timed()
        await Turn()
        waited = timed()
    expect('driven', {'driving > drives > busy': waited})
def drives():
    coroutine = driven()
    coroutine.send(None)
    busy(0.1)
    try: coroutine.send(None)
    except StopIteration: pass
async def driving(): drives()

async def in_thread():
    stopped = threading.Event(); up = threading.Event(); ident = []
    def work():
        ident.append(threading.get_ident()); up.set()
        stopped.wait()
        # By then the other thread waits: two that run would wait for the GIL.
        time.sleep(0.04)
        context.run(thread_work)
        time.sleep(0.05)
    def thread_work(): busy(0.1)
    thread = threading.Thread(target=work); thread.start(); up.wait()
    loop = asyncio.get_running_loop()
    with Region('threads', threads=ident):
        context = contextvars.copy_context()
        timed()
        stopped.set()
        await loop.run_in_executor(None, thread.join)
        waited = timed()
    expect('threads', {'in_thread > [await]': waited, 'work > thread_work > busy': took[-1]})

async def main():
    for mode in 'enabled', 'strict', 'disabled': await sleeps(mode)
    for each in isolated, gathers, outlive, kid_ends, over_numbers, awaitables, begun_deeper, nests, driving, in_thread: await each()
    for mode in 'enabled', 'strict': await leaves(mode)
    if hasattr(asyncio, 'eager_task_factory'):
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        await asyncio.ensure_future(starts_eagerly())

async def eager():
    with Region('eager'):
        timed()
        await asyncio.sleep(0.1)
        waited = timed()
    expect('eager', {'starts_eagerly > eager > [await]': waited})
async def starts_eagerly():
    await asyncio.ensure_future(eager())

asyncio.run(main())

def synchronous():
    with Region('synchronous'):
        timed()
        asyncio.run(amain()); waited = timed()
        time.sleep(0.05); slept = timed()
    expect('synchronous', {'synchronous > amain > [await]': waited, 'synchronous': slept})
async def amain(): await asyncio.sleep(0.15)
synchronous()

def not_bound():
    with Region('not bound', 'disabled'):
        timed()
        asyncio.run(amain())
        waited = timed()
    expect('not bound', {'not_bound > amain > [await]': waited})
not_bound()

def plain():
    with Region('plain', 'strict'):
        timed(); busy(0.05); working = timed()
        time.sleep(0.05); slept = timed()
    expect('plain', {'plain > busy': working, 'plain': slept})
plain()
finish()
`;

describeEachPython('regions', (python) => {
  test('have the time of what runs in their context, and of what it waits for', async () => {
    const followed = await followRegions(python, asyncioProgram);
    expect(Object.keys(followed.found)).toHaveLength(python.minor >= 12 ? 20 : 19);
    expectFollowed(followed);
  });
});
