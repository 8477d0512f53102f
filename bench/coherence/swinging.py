"""A stack that swings between 2 and 400 frames, so that chunks of the data stack come and go."""


def leaf(count):
    total = 0
    for number in range(count):
        total += number
    return total


def odd(depth):
    p = q = 1
    if depth > 0:
        even(depth - 1)
    return leaf(2)


def even(depth):
    if depth > 0:
        odd(depth - 1)
    return leaf(2)


def main():
    while True:
        for depth in (400, 20, 200, 100, 300):
            odd(depth)


main()
