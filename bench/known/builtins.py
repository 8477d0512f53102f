"""Time inside C functions: sorting and adding up, each from a function of its own."""
from truth import arguments, clock, gap, write

numbers = [(number * 7919) % 1000 for number in range(300)]


def order():
    # The list is freed here, in the function's own time.
    sorted(numbers)


def add():
    return sum(numbers)


def measured(nanoseconds):
    ordering = adding = 0
    begin = clock()
    while True:
        a = clock()
        order()
        b = clock()
        add()
        c = clock()
        ordering += b - a - gap
        adding += c - b - gap
        if c - begin > nanoseconds:
            return c - begin, {"order": ordering, "add": adding}


path, nanoseconds = arguments()
write(path, *measured(nanoseconds))
