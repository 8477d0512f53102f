"""Spends time in pairs of equal functions, three times in the first for seven times in the second, in many ways.

Prints, for each way, the share of time that the first really had: 0.3, or measured where it sleeps.
"""

import asyncio
import json
import time

# Every way has its turn several times, so that a machine that is elsewhere for a moment hides none of them.
turns = 5
duration = 0.1
shares = {}
slept = [0, 0]


def way(function):
    """Runs a way of spending time for a while."""

    def run():
        end = time.perf_counter() + duration
        while time.perf_counter() < end:
            function()

    shares[function.__name__] = 0.3
    return run


def first_call():
    number = 0
    while number < 50:
        number += 1


def second_call():
    number = 0
    while number < 50:
        number += 1


@way
def calls():
    for _ in range(10):
        first_call(), first_call(), first_call()
        second_call(), second_call(), second_call(), second_call(), second_call(), second_call(), second_call()


def first_recursion(depth):
    number = 0
    while number < 50:
        number += 1
    if depth > 1:
        first_recursion(depth - 1)


def second_recursion(depth):
    number = 0
    while number < 50:
        number += 1
    if depth > 1:
        second_recursion(depth - 1)


@way
def recursion():
    first_recursion(12)
    second_recursion(28)


def first_generator(count):
    for item in range(count):
        number = 0
        while number < 150:
            number += 1
        yield item


def second_generator(count):
    for item in range(count):
        number = 0
        while number < 150:
            number += 1
        yield item


@way
def generators():
    for _ in first_generator(30):
        pass
    for _ in second_generator(70):
        pass


def first_yielding():
    while True:
        number = 0
        while number < 100:
            number += 1
        yield


def second_yielding():
    while True:
        number = 0
        while number < 100:
            number += 1
        yield


first_resumed, second_resumed = first_yielding(), second_yielding()


@way
def nexts():
    for _ in range(3):
        next(first_resumed)
    for _ in range(7):
        next(second_resumed)


class Pause:
    def __await__(self):
        yield


async def first_pausing():
    while True:
        first_call()
        await Pause()


async def second_pausing():
    while True:
        second_call()
        await Pause()


first_coroutine, second_coroutine = first_pausing(), second_pausing()


@way
def sends():
    for _ in range(3):
        first_coroutine.send(None)
    for _ in range(7):
        second_coroutine.send(None)


class First:
    def method(self):
        number = 0
        while number < 50:
            number += 1


class Second:
    def method(self):
        number = 0
        while number < 50:
            number += 1


objects = [First() for _ in range(3)] + [Second() for _ in range(7)]


@way
def methods():
    for item in objects:
        item.method()


def first_key(item):
    number = 0
    while number < 150:
        number += 1
    return number


def second_key(item):
    number = 0
    while number < 150:
        number += 1
    return number


@way
def sort_keys():
    sorted(range(30), key=first_key)
    sorted(range(70), key=second_key)


def first_mapped(item):
    number = 0
    while number < 150:
        number += 1


def second_mapped(item):
    number = 0
    while number < 150:
        number += 1


@way
def maps():
    list(map(first_mapped, range(30)))
    list(map(second_mapped, range(70)))


async def first_awaited():
    number = 0
    while number < 1500:
        number += 1


async def second_awaited():
    number = 0
    while number < 1500:
        number += 1


async def task():
    for _ in range(3):
        await first_awaited()
    for _ in range(7):
        await second_awaited()


async def loop():
    end = time.perf_counter() + duration
    while time.perf_counter() < end:
        await asyncio.gather(task(), task())


def awaits():
    shares["awaits"] = 0.3
    asyncio.run(loop())


def first_sleep():
    time.sleep(0.002)


def second_sleep():
    time.sleep(0.005)


def sleeps():
    end = time.perf_counter() + duration
    while time.perf_counter() < end:
        started = time.perf_counter()
        first_sleep()
        between = time.perf_counter()
        second_sleep()
        slept[0] += between - started
        slept[1] += time.perf_counter() - between
    shares["sleeps"] = slept[0] / sum(slept)


for _ in range(turns):
    calls()
    recursion()
    generators()
    methods()
    sort_keys()
    maps()
    awaits()
    sleeps()
    nexts()
    sends()
print(json.dumps(shares))
