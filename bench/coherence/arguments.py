"""Calls with *arguments, **keywords, defaults, and through a decorator."""


def leaf_a(count):
    total = 0
    for number in range(count):
        total += number
    return total


def a3(*values, **options):
    return leaf_a(*values)


def a2(*values, **options):
    return a3(*values, **options)


def a1():
    return a2(*(3,), **{"option": 1})


def leaf_b(start=1, *, count=3):
    total = 0
    for number in range(count):
        total += number
    return total


def b3(*, x=1):
    return leaf_b(count=x)


def b2(y=2, *, x=3):
    return b3(x=x)


def b1():
    return b2(x=3)


def leaf_c(count):
    total = 0
    for number in range(count):
        total += number
    return total


def decorate(function):
    def wrapper(*values):
        return function(*values)

    return wrapper


@decorate
def c3(count):
    return leaf_c(count)


def c1():
    p = q = r = 1
    return c3(3)


def main():
    while True:
        a1()
        b1()
        c1()


main()
