"""Sleep and work in turn: 3 ms asleep, about 2 ms at work."""
from time import sleep

from truth import arguments, clock, write


def nap():
    sleep(0.003)


def work():
    end = clock() + 2_000_000
    while clock() < end:
        pass


def measured(nanoseconds):
    napping = working = 0
    begin = clock()
    while True:
        a = clock()
        nap()
        b = clock()
        work()
        c = clock()
        napping += b - a
        working += c - b
        if c - begin > nanoseconds:
            return c - begin, {"nap": napping, "work": working}


path, nanoseconds = arguments()
write(path, *measured(nanoseconds))
