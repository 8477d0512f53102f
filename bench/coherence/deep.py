"""Short calls on top of 480 frames."""


def leaf_a(count):
    total = 0
    for number in range(count):
        total += number
    return total


def leaf_b(count):
    total = 0
    for number in range(count):
        total += number
    return total


def a1():
    return leaf_a(3)


def b1():
    p = q = 1
    return leaf_b(3)


def loop():
    while True:
        a1()
        b1()


def descend(frames):
    if frames > 0:
        descend(frames - 1)
    else:
        loop()


descend(480)
