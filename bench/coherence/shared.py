"""Functions with several callers: only whole stacks tell whether the calls fit together."""


def leaf(count):
    total = 0
    for number in range(count):
        total += number
    return total


def short(function):
    return function()


def long(function):
    x = y = 1
    return short(function)


def a2():
    return leaf(3)


def b2():
    p = q = 1
    return leaf(3)


def c2():
    p = q = r = t = u = 1
    return leaf(3)


def a1():
    return short(a2)


def b1():
    p = 1
    return short(b2)


def c1():
    return long(c2)


def main():
    while True:
        a1()
        b1()
        c1()


main()
