"""Functions made by exec again and again: addresses of code objects are reused by other code."""
source = """
def a2():
    return leaf(3)

def a1():
    return a2()

def b2():
    p = q = 1
    return leaf(3)

def b1():
    return b2()

def c2():
    p = q = r = s = 1
    return leaf(3)

def c1():
    x = 1
    return c2()
"""


def leaf(count):
    total = 0
    for number in range(count):
        total += number
    return total


code = compile(source, "x", "exec")


def main():
    turn = 0
    while True:
        namespace = {"leaf": leaf}
        turn += 1
        if turn % 3 == 0:
            exec(compile(source, "x%d" % turn, "exec"), namespace)
        else:
            exec(code.replace(), namespace)
        a1, b1, c1 = namespace["a1"], namespace["b1"], namespace["c1"]
        for _ in (1, 2):
            a1()
            b1()
            c1()


main()
