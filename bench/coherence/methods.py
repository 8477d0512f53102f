"""Methods and what the interpreter calls by itself: constructors, properties, operators, missing attributes."""


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


def leaf_c(count):
    total = 0
    for number in range(count):
        total += number
    return total


def leaf_d(count):
    total = 0
    for number in range(count):
        total += number
    return total


def leaf_e(count):
    total = 0
    for number in range(count):
        total += number
    return total


class Thing:
    def __init__(self):
        self.value = leaf_a(3)

    @property
    def size(self):
        return leaf_b(3)

    def __getitem__(self, index):
        return leaf_c(3)

    def __add__(self, other):
        return leaf_d(3)

    def method(self):
        return leaf_e(3)

    def __getattr__(self, name):
        return leaf_e(3)


thing = Thing()


def making():
    Thing()


def reading():
    p = 1
    return thing.size


def indexing():
    return thing[1]


def adding():
    p = q = r = 1
    return thing + 1


def calling():
    return thing.method()


def missing():
    return thing.nothing


def main():
    while True:
        making()
        reading()
        indexing()
        adding()
        calling()
        missing()


main()
