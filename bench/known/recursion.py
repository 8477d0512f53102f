"""Binary recursions with the same body: 63, 127 and 255 calls, so 14.2, 28.5 and 57.3 % if calls cost the same."""
from truth import arguments, clock, gap, write


def small(depth):
    total = 0
    for number in range(20):
        total += number
    if depth > 1:
        small(depth - 1)
        small(depth - 1)
    return total


def middle(depth):
    total = 0
    for number in range(20):
        total += number
    if depth > 1:
        middle(depth - 1)
        middle(depth - 1)
    return total


def large(depth):
    total = 0
    for number in range(20):
        total += number
    if depth > 1:
        large(depth - 1)
        large(depth - 1)
    return total


def measured(nanoseconds):
    in_small = in_middle = in_large = 0
    begin = clock()
    while True:
        a = clock()
        small(6)
        b = clock()
        middle(7)
        c = clock()
        large(8)
        d = clock()
        in_small += b - a - gap
        in_middle += c - b - gap
        in_large += d - c - gap
        if d - begin > nanoseconds:
            return d - begin, {"small": in_small, "middle": in_middle, "large": in_large}


path, nanoseconds = arguments()
write(path, *measured(nanoseconds))
