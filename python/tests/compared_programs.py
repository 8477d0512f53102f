"""Programs of which pyinstrument and timesink should say the same, and what both say.

usage: compared_programs.py PROGRAM...

Prints one JSON object: for each program, for each profiler, the share of the time in each function below. Programs that
sleep, or compute in C, are recorded by both profilers at once, so that both see the same run. Those that make many calls
are run with one profiler at a time, and without any (`plain`): then they take the time of their parts themselves.
Needs an interpreter with pyinstrument 5.1.3.
"""

from __future__ import annotations

import asyncio
import bz2
import hashlib
import inspect
import json
import re
import subprocess
import sys
import threading
import time
import zlib
from typing import Any, Callable

import pyinstrument

import timesink

Shares = dict[str, float]
Program = Callable[[], Any]

text = "".join("line %d: %s\n" % (number, hashlib.sha256(b"%d" % number).hexdigest()) for number in range(8000))
numbers = [number * 7919 % 100_003 for number in range(40_000)]

this_file = (lambda: None).__code__.co_filename


# Programs that sleep.


def sleep_long() -> None:
    time.sleep(0.12)


def sleep_short() -> None:
    time.sleep(0.03)


def sleep_twice() -> None:
    sleep_short()
    time.sleep(0.06)


def sleeps() -> None:
    sleep_long()
    sleep_twice()


def wait_for_process() -> None:
    subprocess.run(["sleep", "0.1"], check=True)


def wait_for_event() -> None:
    threading.Event().wait(0.15)


def waits() -> None:
    wait_for_process()
    wait_for_event()


async def fetch() -> None:
    await asyncio.sleep(0.12)


async def store() -> None:
    await asyncio.sleep(0.04)
    await asyncio.sleep(0.06)


async def awaits() -> None:
    await fetch()
    await store()


# Programs that compute in C.


def derive_key() -> None:
    hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 100_000)


def scramble() -> None:
    hashlib.scrypt(b"password", salt=b"salt", n=2**14, r=8, p=1)


def hashes() -> None:
    derive_key()
    scramble()


def deflate() -> None:
    zlib.compress(text.encode(), 9)


def pack() -> None:
    bz2.compress(text.encode())


def compresses() -> None:
    deflate()
    pack()


def backtrack() -> None:
    re.match("(a+)+b", "a" * 20)


def scan() -> None:
    re.findall(r"[a-f]+\d+[a-f]{2}", text)


def matches() -> None:
    backtrack()
    scan()


def order() -> None:
    for _ in range(8):
        sorted(numbers)


def add_up() -> None:
    sum(range(3_000_000))


def computes() -> None:
    order()
    add_up()


# Programs that make many calls: one function of two does.


def fib(number: int) -> int:
    return number if number < 2 else fib(number - 1) + fib(number - 2)


def recurse() -> None:
    fib(21)


class Point:
    def __init__(self, x: int, y: int) -> None:
        self.x, self.y = x, y

    def plus(self, other: Point) -> Point:
        return Point(self.x + other.x, self.y + other.y)


def use_methods() -> None:
    sum_of_all, step = Point(0, 0), Point(1, 2)
    for _ in range(20_000):
        sum_of_all = sum_of_all.plus(step)


def call_back() -> None:
    for _ in range(50):
        sorted(numbers[:1500], key=lambda number: -number)


def count() -> None:
    total = 0
    for number in range(100_000):
        total += number * number


def in_turns(calling: Program) -> float:
    """Runs it and `count` one after the other, many times; gives the share of `count` by the clock."""
    spent = counting = 0.0
    for _ in range(20):
        begin = time.perf_counter()
        calling()
        middle = time.perf_counter()
        count()
        end = time.perf_counter()
        spent += end - begin
        counting += end - middle
    return counting / spent


recorded_together: list[Program] = [sleeps, waits, awaits, hashes, compresses, matches, computes]
recorded_alone: dict[str, Program] = {"recursion": recurse, "methods": use_methods, "callbacks": call_back}


def shares_in(session: Any) -> Shares:
    """Of each function of this file, with what it calls, however deep in itself it stands; of the time that was looked at."""
    root = session.root_frame()
    total = root.time
    spent: dict[str, float] = {}
    rest = [(root, frozenset())]
    while rest:
        frame, callers = rest.pop()
        if frame.function == "[not sampled]":
            total -= frame.time
            for caller in callers:
                spent[caller] -= frame.time
        elif frame.file_path == this_file:
            if frame.function not in callers:
                spent[frame.function] = spent.get(frame.function, 0.0) + frame.time
            callers |= {frame.function}
        rest.extend((child, callers) for child in frame.children)
    return {function: seconds / total for function, seconds in spent.items()}


def record_together(program: Program) -> dict[str, Shares]:
    ours, theirs = timesink.Profiler(), pyinstrument.Profiler()

    async def run_async() -> None:
        with ours, theirs:
            await program()

    if inspect.iscoroutinefunction(program):
        asyncio.run(run_async())
    else:
        with ours, theirs:
            program()
    return {"timesink": shares_in(ours.last_session), "pyinstrument": shares_in(theirs.last_session)}


def record_alone(calling: Program) -> dict[str, Shares]:
    """Each in turns, three times: the middle one of what was found."""
    found: dict[str, list[float]] = {"plain": [], "timesink": [], "pyinstrument": []}
    for _ in range(3):
        found["plain"].append(in_turns(calling))
        for package in (timesink, pyinstrument):
            with package.Profiler() as profiler:
                in_turns(calling)
            shares = shares_in(profiler.last_session)
            found[package.__name__].append(shares["count"] / (shares["count"] + shares[calling.__name__]))
    return {name: {"count": sorted(shares)[1]} for name, shares in found.items()}


def main() -> None:
    together = {program.__name__: program for program in recorded_together}
    found = {
        name: record_together(together[name]) if name in together else record_alone(recorded_alone[name])
        for name in sys.argv[1:]
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
