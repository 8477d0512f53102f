"""Tasks that wait for each other for a second, and one that keeps the loop busy."""

import asyncio
import time


async def fetch(name):
    await asyncio.sleep(0.05)
    return name


async def crawl():
    for _ in range(10):
        await asyncio.gather(*(fetch(f"page {number}") for number in range(20)))


def parse(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(number * number for number in range(100))


async def index():
    for _ in range(20):
        parse(0.03)
        await asyncio.sleep(0.005)


async def main():
    await asyncio.gather(crawl(), index())


asyncio.run(main())
