"""Functions of about 1, 2, 5 and 12 microseconds, called in turn."""
from truth import arguments, clock, gap, write


def one():
    total = 0
    for number in range(20):
        total += number
    return total


def two():
    total = 0
    for number in range(45):
        total += number
    return total


def five():
    total = 0
    for number in range(120):
        total += number
    return total


def twelve():
    total = 0
    for number in range(290):
        total += number
    return total


def measured(nanoseconds):
    in_one = in_two = in_five = in_twelve = 0
    begin = clock()
    while True:
        a = clock()
        one()
        b = clock()
        two()
        c = clock()
        five()
        d = clock()
        twelve()
        e = clock()
        in_one += b - a - gap
        in_two += c - b - gap
        in_five += d - c - gap
        in_twelve += e - d - gap
        if e - begin > nanoseconds:
            return e - begin, {"one": in_one, "two": in_two, "five": in_five, "twelve": in_twelve}


path, nanoseconds = arguments()
write(path, *measured(nanoseconds))
