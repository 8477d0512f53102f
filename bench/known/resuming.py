"""A generator and a coroutine that run some microseconds each time they are resumed, beside a plain function."""
from truth import arguments, clock, gap, write


def crunch(count):
    total = 0
    for number in range(count):
        total += number
    return total


def produce():
    while True:
        total = 0
        for number in range(100):
            total += number
        yield total


class Pause:
    def __await__(self):
        yield


async def answer():
    while True:
        crunch(60)
        await Pause()


def plain():
    total = 0
    for number in range(150):
        total += number
    return total


def measured(nanoseconds):
    producing = answering = in_plain = 0
    generator = produce()
    coroutine = answer()
    begin = clock()
    while True:
        a = clock()
        next(generator)
        b = clock()
        coroutine.send(None)
        c = clock()
        plain()
        d = clock()
        producing += b - a - gap
        answering += c - b - gap
        in_plain += d - c - gap
        if d - begin > nanoseconds:
            return d - begin, {"produce": producing, "answer": answering, "plain": in_plain}


path, nanoseconds = arguments()
write(path, *measured(nanoseconds))
