"""Calls C functions that take long, each from a function of its own whose name says how."""

import functools
import hashlib
import json
import math
import re
import threading
import time
import zlib

numbers = list(range(100_000, 0, -1)) * 2
words = ["%d" % number for number in range(200_000)]
data = bytes(range(256)) * 4000
pattern = re.compile("(a+)+b")
long_list = [0] * 50_000
equal = [[0] * 2_000 for _ in range(300)]
held = threading.Lock()
held.acquire()
partial = functools.partial(time.sleep, 0.005)
snooze = time.sleep


class PythonList(list):
    def sort_itself(self):
        super().sort()


class Callable:
    def __call__(self):
        for _ in range(20_000):
            pass


def python_function(number):
    return number + 1


def module_function():
    time.sleep(0.005)


def imported_function():
    snooze(0.005)


def type_method():
    sorted_words = list(words)
    sorted_words.sort(key=None, reverse=False)


def string_method():
    ",".join(words)


def pattern_method():
    pattern.match("a" * 18)


def lock_method():
    held.acquire(timeout=0.005)


def keyword_call():
    sorted(numbers, reverse=True)


def unpacked_call():
    sorted(*[numbers], **{"reverse": True})


def type_call():
    int("9" * 4_000, 10)
    set(words)


def over_two_lines():
    zlib.compress(
        data,
        6,
    )


def nested_calls():
    len(sorted(sorted(numbers)))


def two_on_a_line():
    sorted(words), sorted(numbers)


def subclass_method():
    PythonList(words).sort_itself()


def encoder_object():
    json.dumps(numbers)


def partial_object():
    partial()


def callable_object():
    Callable()()


def hash_method():
    hashlib.sha256(data).update(data)


def with_callback():
    sorted(words, key=len)
    list(map(python_function, numbers))


def no_call():
    long_list == list(long_list), 1 in long_list, 3**20_000


def python_calls():
    for number in range(20_000):
        python_function(number)


def between_python_calls():
    for _ in range(30):
        python_function(len(sorted(words[:2000])))


namespace = {"numbers": numbers}
exec(compile("def without_source():\n    sorted(numbers)", "<nowhere>", "exec"), namespace)
without_source = namespace["without_source"]
arguments = ", ".join("equal[%d]" % number for number in range(300))
exec(compile("def many_arguments():\n    max(%s)" % arguments, "<nowhere>", "exec"), globals())

kinds = [module_function, imported_function, type_method, string_method, pattern_method, lock_method, keyword_call]
kinds += [unpacked_call, type_call, over_two_lines, nested_calls, two_on_a_line, subclass_method, encoder_object]
kinds += [partial_object, callable_object, hash_method, with_callback, no_call, python_calls, between_python_calls]
kinds += [without_source, many_arguments]


def main():
    # In turns, so that a machine that is elsewhere for a moment hides none of them.
    for _ in range(5):
        for kind in kinds:
            end = time.monotonic() + 0.03
            kind()
            while time.monotonic() < end:
                kind()


main()
