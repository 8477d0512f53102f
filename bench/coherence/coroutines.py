"""Coroutines of about 100 ns, driven by send."""


def leaf_a(count):
    total = 0
    for number in range(count):
        total += number
    return total


async def a4():
    return leaf_a(3)


async def a3():
    return await a4()


async def a2():
    return await a3()


def leaf_b(count):
    total = 0
    for number in range(count):
        total += number
    return total


class Pause:
    def __await__(self):
        yield 1


async def b4():
    await Pause()
    return leaf_b(3)


async def b3():
    p = q = r = 1
    return await b4()


async def b2():
    return await b3()


def a1():
    coroutine = a2()
    try:
        coroutine.send(None)
    except StopIteration:
        pass


def b1():
    p = 1
    coroutine = b2()
    try:
        while True:
            coroutine.send(None)
    except StopIteration:
        pass


def main():
    while True:
        a1()
        b1()


main()
