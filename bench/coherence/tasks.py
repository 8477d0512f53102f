"""Two asyncio tasks with chains of awaits."""
import asyncio


def leaf_a(count):
    total = 0
    for number in range(count):
        total += number
    return total


async def a3():
    return leaf_a(3)


async def a2():
    return await a3()


def leaf_b(count):
    total = 0
    for number in range(count):
        total += number
    return total


async def b3():
    p = q = 1
    return leaf_b(3)


async def b2():
    return await b3()


async def a1():
    while True:
        for _ in range(20):
            await a2()
        await asyncio.sleep(0)


async def b1():
    while True:
        for _ in range(20):
            await b2()
        await asyncio.sleep(0)


async def main():
    await asyncio.gather(a1(), b1())


asyncio.run(main())
