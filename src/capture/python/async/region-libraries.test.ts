import { testWithPackage } from '../../../../test/support/pythons.ts';
import { expectFollowed, followRegions } from '../../../../test/support/regions.ts';

const trioProgram = `
import trio

async def sleeps(mode):
    with Region('sleep ' + mode, mode):
        timed(); busy(0.05); working = timed()
        await trio.sleep(0.1); waited = timed()
    expect('sleep ' + mode, {'sleeps > busy': working, 'sleeps > [await]': waited})

async def burner():
    while True: busy(0.01); await trio.sleep(0)
async def isolated():
    async with trio.open_nursery() as nursery:
        nursery.start_soon(burner)
        await trio.sleep(0.02)
        with Region('isolated'):
            timed(); busy(0.05); working = timed()
            await trio.sleep(0.15); waited = timed()
        nursery.cancel_scope.cancel()
    expect('isolated', {'isolated > busy': working, 'isolated > [await]': waited})

async def child(seconds): await trio.sleep(seconds); busy(0.03)
async def nursery():
    with Region('nursery'):
        timed()
        async with trio.open_nursery() as children:
            children.start_soon(child, 0.1)
        waited = timed() - took[-1]
    expect('nursery', {'nursery > [await]': waited, 'child > busy': took[-1]})

async def in_thread():
    with Region('thread'):
        timed()
        await trio.to_thread.run_sync(time.sleep, 0.1)
        waited = timed()
    expect('thread', {'in_thread > [await]': waited})

async def main():
    for mode in 'enabled', 'strict': await sleeps(mode)
    for each in isolated, nursery, in_thread: await each()
trio.run(main)

def synchronous():
    with Region('synchronous'):
        timed()
        trio.run(amain)
        waited = timed()
    expect('synchronous', {'synchronous > amain > [await]': waited})
async def amain(): await trio.sleep(0.15)
synchronous()
finish()
`;

const uvloopProgram = `
import asyncio, uvloop

async def sleeps():
    with Region('sleep'):
        timed()
        await asyncio.sleep(0.1)
        waited = timed()
    expect('sleep', {'sleeps > [await]': waited})
async def burner(stop):
    while not stop: busy(0.01); await asyncio.sleep(0)
async def isolated():
    stop = []
    task = asyncio.ensure_future(burner(stop))
    await asyncio.sleep(0)
    with Region('isolated'):
        timed(); busy(0.05); working = timed()
        await asyncio.sleep(0.15); waiting = timed()
    stop.append(1)
    await task
    expect('isolated', {'isolated > busy': working, 'isolated > [await]': waiting})
async def main():
    await sleeps()
    await isolated()
uvloop.install()
asyncio.run(main())

def synchronous():
    with Region('synchronous'):
        timed()
        asyncio.run(amain())
        waited = timed()
    expect('synchronous', {'synchronous > amain > [await]': waited})
async def amain(): await asyncio.sleep(0.15)
synchronous()
finish()
`;

const anyioProgram = `
import anyio

async def sleeps(name):
    with Region(name):
        timed()
        async with anyio.create_task_group() as group:
            group.start_soon(child)
            await anyio.sleep(0.1)
        waited = timed() - took[-1]
    expect(name, {'sleeps > [await]': waited, 'child > busy': took[-1]})
async def child():
    await anyio.sleep(0.02)
    busy(0.03)
for backend in 'asyncio', 'trio': anyio.run(sleeps, backend, backend=backend)
finish()
`;

const greenletProgram = `
import greenlet

def away():
    busy(0.1)
    green.switch()
def in_greenlet(mode):
    with Region(mode, mode):
        other = greenlet.greenlet(away)
        timed()
        while time.perf_counter() < _last[0] + 0.05: pass
        working = timed()
        other.switch(); left = timed()
        while time.perf_counter() < _last[0] + 0.05: pass
        working += timed()
    there = {'enabled': 'away > busy', 'strict': 'in_greenlet > [out-of-context]'}[mode]
    expect(mode, {'in_greenlet': working, there: left})
for mode in 'enabled', 'strict':
    green = greenlet.greenlet(in_greenlet)
    green.switch(mode)
finish()
`;

const geventProgram = `
import gevent

def other(): busy(0.05)
def waits(mode):
    spawned = gevent.spawn(other)
    with Region(mode, mode):
        timed(); gevent.sleep(0.2); waited = timed()
    # What runs instead is the other greenlet, and gevent's hub.
    instead = {'other > busy': took[-1], '': waited - took[-1]}
    expect(mode, instead if mode == 'enabled' else {'waits > [out-of-context]': waited})
for mode in 'enabled', 'strict': gevent.spawn(waits, mode).join()
finish()
`;

const programs = {
  trio: trioProgram,
  uvloop: uvloopProgram,
  anyio: anyioProgram,
  greenlet: greenletProgram,
  gevent: geventProgram,
};

for (const [name, program] of Object.entries(programs)) {
  testWithPackage(name as keyof typeof programs, `regions are followed through ${name}`, async (path) => {
    expectFollowed(await followRegions({ path }, program));
  });
}
