"""Plain calls of about 80 ns: three chains of their own, one after the other."""


def leaf_a(count):
    total = 0
    for number in range(count):
        total += number
    return total


def a3():
    return leaf_a(3)


def a2():
    return a3()


def a1():
    return a2()


def leaf_b(count):
    total = 0
    for number in range(count):
        total += number
    return total


def b3():
    return leaf_b(3)


def b2():
    return b3()


def b1():
    return b2()


def leaf_c(count):
    total = 0
    for number in range(count):
        total += number
    return total


def c3():
    p = q = r = t = 1
    return leaf_c(3) + p


def c2():
    p = q = r = t = u = v = 1
    return c3() + p


def c1():
    return c2()


def main():
    while True:
        a1()
        b1()
        c1()


main()
