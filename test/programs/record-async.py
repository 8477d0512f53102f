"""Waits and works in coroutines, and prints as JSON how long each path of functions took."""

import asyncio
import json
import sys
import threading
import time

seconds = {}


def busy(duration):
    end = time.perf_counter() + duration
    while time.perf_counter() < end:
        pass


async def fetch():
    await asyncio.sleep(0.15)  # fetch waits


async def store():
    for _ in range(5):
        await asyncio.sleep(0.02)


async def compute():
    busy(0.1)


async def kid():
    await asyncio.sleep(0.08)


async def task():
    await asyncio.ensure_future(kid())


async def limited():
    await asyncio.wait_for(kid(), 10)


async def gather():
    await asyncio.gather(kid(), kid(), kid())


async def thread_main():
    start = time.perf_counter()
    await asyncio.sleep(0.3)
    seconds["thread_main > [await]"] = time.perf_counter() - start


def in_thread():
    asyncio.run(thread_main())


async def timed(path, coroutine):
    start = time.perf_counter()
    await coroutine
    seconds[path] = time.perf_counter() - start


async def main():
    await timed("fetch > [await]", fetch())
    await timed("store > [await]", store())
    await timed("compute > busy", compute())
    await timed("task > kid > [await]", task())
    await timed("limited > kid > [await]", limited())
    await timed("gather > [await]", gather())


if len(sys.argv) > 1:
    import uvloop

    uvloop.install()

thread = threading.Thread(target=in_thread, name="loop")
thread.start()
asyncio.run(main())
thread.join()
print(json.dumps(seconds))
