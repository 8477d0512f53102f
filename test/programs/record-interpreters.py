"""Makes interpreters, runs code in them and destroys them; then works in what is left, over the memory that they had."""

import time

try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

inside = """
import time
def inside():
    end = time.monotonic() + 0.2
    while time.monotonic() < end: sum(range(100))
inside()
"""


def after():
    end = time.monotonic() + 0.8
    kept = []
    while time.monotonic() < end:
        kept.append([number * 2**70 for number in range(1000)])
        del kept[:-50]


def main():
    for _ in range(2):
        interpreter = interpreters.create()
        interpreters.run_string(interpreter, inside)
        interpreters.destroy(interpreter)
    after()


main()
