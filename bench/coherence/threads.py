"""Three threads that take turns with the GIL, each with functions of its own; the main thread is one of them."""
import sys
import threading

source = """
def leaf_%(name)s(count):
    total = 0
    for number in range(count):
        total += number
    return total

def %(name)s2():
    return leaf_%(name)s(3)

def %(name)s1():
    p = q = 1
    return %(name)s2()

def %(name)s():
    while True:
        %(name)s1()
"""

sys.setswitchinterval(0.0005)
functions = {}
for name in "abc":
    exec(source % {"name": name}, functions)
for name in "bc":
    threading.Thread(target=functions[name], daemon=True).start()
functions["a"]()
