"""Recursion 10,000 deep, through calls; 300 deep, through generators and coroutines; each sleeps, then runs."""

import asyncio
import sys
import threading
import time

sys.setrecursionlimit(50_000)
threading.stack_size(512 * 1024 * 1024)


def rest(seconds=0.25):
    time.sleep(seconds)


def spin():
    end = time.monotonic() + 0.25
    while time.monotonic() < end:
        pass


def recursive(depth):
    if depth > 1:
        return recursive(depth - 1)
    # Reading so many frames for the first time takes a while.
    rest(0.8)
    spin()


def generator(depth):
    if depth > 1:
        yield from generator(depth - 1)
    else:
        rest()
        yield 1


async def coroutine(depth):
    if depth > 1:
        await coroutine(depth - 1)
    else:
        rest()
        await asyncio.sleep(0)
        spin()


async def tasks():
    await asyncio.gather(coroutine(300), asyncio.sleep(0.01))


def run():
    recursive(10_000)
    for _ in generator(300):
        list(generator(300))
    asyncio.run(tasks())


thread = threading.Thread(target=run, name="deep")
thread.start()
thread.join()
