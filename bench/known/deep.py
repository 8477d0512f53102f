"""The same under 300 frames: two functions of 3 and 9 microseconds, three frames above the deep ones."""
from truth import arguments, clock, gap, write


def three():
    total = 0
    for number in range(70):
        total += number
    return total


def through():
    return three()


def nine():
    total = 0
    for number in range(215):
        total += number
    return total


def measured(nanoseconds):
    in_through = in_nine = 0
    begin = clock()
    while True:
        a = clock()
        through()
        b = clock()
        nine()
        c = clock()
        in_through += b - a - gap
        in_nine += c - b - gap
        if c - begin > nanoseconds:
            return c - begin, {"through": in_through, "nine": in_nine}


def descend(frames, nanoseconds):
    return descend(frames - 1, nanoseconds) if frames else measured(nanoseconds)


path, nanoseconds = arguments()
write(path, *descend(300, nanoseconds))
