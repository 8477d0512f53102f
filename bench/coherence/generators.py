"""Generators of about 100 ns: plain, nested, delegating with yield from."""


def leaf_a(count):
    total = 0
    for number in range(count):
        total += number
    return total


def a2():
    for number in (1, 2, 3):
        yield leaf_a(3)


def b4():
    for number in (1, 2, 3):
        yield number


def b3():
    x = y = 1
    yield from b4()


def b2():
    yield from b3()


def leaf_c(count):
    total = 0
    for number in range(count):
        total += number
    return total


def c3():
    p = q = r = 1
    for number in (1, 2):
        yield leaf_c(3)


def c2():
    for number in c3():
        yield leaf_c(number)


def a1():
    for number in a2():
        pass


def b1():
    for number in b2():
        pass


def c1():
    p = q = 1
    for number in c2():
        pass


def main():
    while True:
        a1()
        b1()
        c1()


main()
