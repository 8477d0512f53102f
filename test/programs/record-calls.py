"""Calls `wait` in every way that the interpreter specialises, each from a function of its own, often enough that it does.

Function by_KIND calls it, at once or by way of a method or a class.
"""

import functools
import time


def wait(first, second=1):
    time.sleep(0.002)


class Made:
    def __init__(self, first, second=1):
        wait(first)

    def method(self, first, second=1):
        wait(first)

    @classmethod
    def of_class(cls, first, second=1):
        wait(first)

    @staticmethod
    def static(first, second=1):
        wait(first)

    def __call__(self, first, second=1):
        wait(first)

    @property
    def attribute(self):
        wait(1)

    def __getitem__(self, key):
        wait(key)

    def __add__(self, other):
        wait(other)


class Derived(Made):
    def __init__(self, first):
        super().__init__(first)


made = Made(1)
bound = made.method
partial = functools.partial(wait, 1)


def by_function():
    wait(1)


def by_keyword():
    wait(1, second=2)


def by_star():
    wait(*[1])


def by_class():
    Made(1)


def by_derived_class():
    Derived(1)


def by_method():
    made.method(1)


def by_method_with_all():
    made.method(1, 2)


def by_bound_method():
    bound(1)


def by_bound_method_with_all():
    bound(1, 2)


def by_class_method():
    Made.of_class(1)


def by_static_method():
    Made.static(1)


def by_callable():
    made(1)


def by_attribute():
    made.attribute


def by_item():
    made[1]


def by_operator():
    made + 1


def by_partial():
    partial()


def by_comprehension():
    [wait(each) for each in [1]]


ways = [function for name, function in sorted(globals().items()) if name.startswith("by_")]

for turn in range(40):
    for way in ways:
        way()
