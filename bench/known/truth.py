"""What a program of known split says about itself: where its time really went.

A program imports `Truth`, brackets its parts with `clock()` and calls `write()` at the end. Times between two readings
of the clock include the cost of reading it once; `gap` is that cost, to be taken off.
"""
import json
import sys
import time

clock = time.perf_counter_ns


def smallest_gap():
    smallest = 1_000_000
    for _ in range(10_000):
        first = clock()
        second = clock()
        smallest = min(smallest, second - first)
    return smallest


gap = smallest_gap()


def arguments():
    """The file for the result, and how many nanoseconds to run."""
    return sys.argv[1], int(float(sys.argv[2]) * 1e9)


def write(path, total, parts):
    """`parts`: nanoseconds by name of function, inclusive; `total`: nanoseconds inside the function `measured`."""
    with open(path, "w", encoding="utf-8") as file:
        json.dump({name: spent / total for name, spent in parts.items()}, file)
