"""A program with a period of exactly 1 ms: the first 5 % of each in one function, the rest in another."""
from truth import arguments, clock, write


def early(end):
    while clock() < end:
        pass


def late(end):
    while clock() < end:
        pass


def measured(nanoseconds):
    in_early = in_late = 0
    begin = clock()
    period = begin
    while True:
        a = clock()
        early(period + 50_000)
        b = clock()
        late(period + 1_000_000)
        c = clock()
        in_early += b - a
        in_late += c - b
        # A period that was missed is skipped, not made up for.
        period += 1_000_000 * max(1, (c - period) // 1_000_000)
        if c - begin > nanoseconds:
            return c - begin, {"early": in_early, "late": in_late}


path, nanoseconds = arguments()
write(path, *measured(nanoseconds))
