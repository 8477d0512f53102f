"""Calls that come back from C: sort keys, map, reduce, comprehensions, generator expressions."""
from functools import reduce


def leaf_a(count):
    total = 0
    for number in range(count):
        total += number
    return total


def key(value):
    return leaf_a(value)


def leaf_b(count):
    total = 0
    for number in range(count):
        total += number
    return total


def change(value):
    p = q = 1
    return leaf_b(value)


def leaf_c(count):
    total = 0
    for number in range(count):
        total += number
    return total


def join(left, right):
    return leaf_c(3)


def leaf_d(count):
    total = 0
    for number in range(count):
        total += number
    return total


def sorting():
    return sorted((1, 2, 3), key=key)


def mapping():
    x = y = 1
    for value in map(change, (1, 2, 3)):
        pass


def reducing():
    return reduce(join, (1, 2, 3, 4))


def comprehending():
    return [leaf_d(number) for number in (1, 2, 3)]


def generating():
    return sum(leaf_d(number) for number in (1, 2, 3))


def main():
    while True:
        sorting()
        mapping()
        reducing()
        comprehending()
        generating()


main()
