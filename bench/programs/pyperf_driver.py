"""Runs one pyperformance program for a fixed number of rounds in this very process and writes how long they took.

usage: pyperf_driver.py NAME RESULT --rounds N [program's own arguments]
       pyperf_driver.py NAME RESULT --calibrate SECONDS [program's own arguments]
       pyperf_driver.py NAME RESULT --alternate SECONDS [program's own arguments]

The program is the unmodified bm_NAME/run_benchmark.py; a stand-in for pyperf's Runner catches what it would measure,
so that no worker processes, warm-ups or repetitions come between. RESULT gets one JSON object: the rounds, and the wall and
CPU seconds of just those rounds (start-up and imports are outside); with --calibrate the number of rounds that takes
about SECONDS; with --alternate for about SECONDS pairs of neighbouring stretches, one with the parent process (the
profiler) stopped, one with it going, each as the seconds that a round took.
"""
import argparse
import asyncio
import importlib.util
import json
import os
import runpy
import signal
import sys
import time
import types


class Runner:
    """What the programs use of pyperf.Runner: collects the callables instead of measuring them."""

    caught = []

    def __init__(self, **_options):
        self.argparser = argparse.ArgumentParser()
        self.metadata = {}
        self.args = None

    def parse_args(self):
        self.args = self.argparser.parse_args()
        return self.args

    def bench_func(self, _name, function, *args, **_options):
        def run(rounds):
            for _ in range(rounds):
                function(*args)

        self.caught.append(run)

    def bench_time_func(self, _name, function, *args, **_options):
        self.caught.append(lambda rounds: function(rounds, *args))

    def bench_async_func(self, _name, function, *args, **_options):
        async def run(rounds):
            for _ in range(rounds):
                await function(*args)

        self.caught.append(lambda rounds: asyncio.run(run(rounds)))


def load(name, arguments):
    """Runs the program's module as __main__ up to where it would measure."""
    stand_in = types.ModuleType("pyperf")
    stand_in.Runner = Runner
    stand_in.perf_counter = time.perf_counter
    stand_in.python_implementation = lambda: sys.implementation.name
    sys.modules["pyperf"] = stand_in
    package = importlib.util.find_spec("pyperformance").submodule_search_locations[0]
    script = os.path.join(package, "data-files", "benchmarks", "bm_" + name, "run_benchmark.py")
    sys.argv = [script, *arguments]
    sys.path.insert(0, os.path.dirname(script))
    runpy.run_path(script, run_name="__main__")


def measure(rounds):
    wall, cpu = time.perf_counter(), time.process_time()
    for run in Runner.caught:
        run(rounds)
    return {"rounds": rounds, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def calibrate(seconds):
    rounds = 1
    while True:
        taken = measure(rounds)["wall"]
        if taken > min(0.3, seconds / 2):
            return {"rounds": max(1, round(rounds * seconds / taken))}
        rounds *= 2


STRETCH = 0.25
"""Seconds; short, so that a machine whose speed drifts is equally fast in two neighbours."""


def stretch():
    """Runs whole rounds for a while; seconds per round."""
    begin, rounds, taken = time.perf_counter(), 0, 0.0
    while taken < STRETCH:
        for run in Runner.caught:
            run(1)
        rounds += 1
        taken = time.perf_counter() - begin
    return taken / rounds


def alternate(seconds):
    profiler = os.getppid()
    pairs = []
    stretch()
    end = time.perf_counter() + seconds
    try:
        while time.perf_counter() < end:
            order = [signal.SIGSTOP, signal.SIGCONT]
            taken = {}
            for state in order if len(pairs) % 2 == 0 else reversed(order):
                os.kill(profiler, state)
                taken[state] = stretch()
            pairs.append([taken[state] for state in order])
    finally:
        os.kill(profiler, signal.SIGCONT)
    return {"pairs": pairs}


def main():
    name, result, mode, amount, *arguments = sys.argv[1:]
    load(name, arguments)
    modes = {"--rounds": measure, "--calibrate": calibrate, "--alternate": alternate}
    outcome = modes[mode](int(amount) if mode == "--rounds" else float(amount))
    with open(result, "w", encoding="utf-8") as file:
        json.dump(outcome, file)


if __name__ == "__main__":
    main()
