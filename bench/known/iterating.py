"""Generators that a loop and a C function iterate over, some microseconds at a time, beside a plain function."""
from truth import arguments, clock, gap, write


def produce(count):
    for _ in range(count):
        total = 0
        for number in range(100):
            total += number
        yield total


def feed(count):
    for _ in range(count):
        total = 0
        for number in range(60):
            total += number
        yield total


def plain():
    total = 0
    for number in range(150):
        total += number
    return total


def measured(nanoseconds):
    producing = feeding = in_plain = 0
    begin = a = clock()
    while True:
        for _ in produce(100):
            b = clock()
            plain()
            c = clock()
            producing += b - a - gap
            in_plain += c - b - gap
            a = clock()
        b = clock()
        # Of this, the little that is `sum` itself lies within the bound.
        sum(feed(100))
        a = clock()
        feeding += a - b - gap
        if a - begin > nanoseconds:
            return a - begin, {"produce": producing, "feed": feeding, "plain": in_plain}


path, nanoseconds = arguments()
write(path, *measured(nanoseconds))
