"""A block of work that is run as often as it is told, with a profiler around it or without.

usage: profiled_block.py WORK PROFILER

WORK is the name of a function below; PROFILER that of a package with `profile()`, or `none`. Each line on standard input
is answered by one line of JSON on standard output:

    calibrate SECONDS    how many rounds take about so long; how many task switches are in a round
    plain ROUNDS         how many seconds the rounds took
    profiled ROUNDS      the same, in `with profile():`
"""
import asyncio
import contextlib
import gc
import importlib
import io
import json
import sys
import time
import warnings

switches_per_round = 1000


def django_template(rounds):
    """A loop in a template: a table of 30 by 30 cells."""
    for _ in range(rounds):
        template().render(context())


def recursive_fib(rounds):
    for _ in range(rounds):
        fib(18)


def task_switches(rounds):
    """Ten tasks that take turns."""
    asyncio.run(take_turns(rounds, padding_steps()))


def fib(number):
    return number if number < 2 else fib(number - 1) + fib(number - 2)


_kept = {}


def template():
    if "template" not in _kept:
        import django
        from django.conf import settings

        settings.configure(TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}])
        django.setup()
        from django.template import Template

        text = "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell|escape }}</td>{% endfor %}</tr>{% endfor %}</table>"
        _kept["template"] = Template(text)
    return _kept["template"]


def context():
    if "context" not in _kept:
        from django.template import Context

        _kept["context"] = Context({"rows": [["cell %d" % number for number in range(30)]] * 30})
    return _kept["context"]


async def take_turns(rounds, steps):
    turns = rounds * switches_per_round // 10
    await asyncio.gather(*(turn(turns, steps) for _ in range(10)))


async def turn(turns, steps):
    for _ in range(turns):
        for _ in range(steps):
            pass
        await asyncio.sleep(0)


def padding_steps():
    """As many as make 100,000 switches a second."""
    if "steps" not in _kept:
        bare, padded = (min(seconds_of_switches(steps) for _ in range(3)) for steps in (0, 1000))
        _kept["steps"] = max(0, round(1000 * (1e-5 - bare) / (padded - bare)))
    return _kept["steps"]


def seconds_of_switches(steps):
    begin = time.perf_counter()
    asyncio.run(take_turns(2, steps))
    return (time.perf_counter() - begin) / (2 * switches_per_round)


def seconds_of(work, rounds, block):
    gc.collect()
    with block:
        begin = time.perf_counter()
        work(rounds)
        return time.perf_counter() - begin


def calibrate(work, seconds):
    rounds = 1
    while True:
        taken = seconds_of(work, rounds, contextlib.nullcontext())
        if taken > seconds / 4:
            return max(1, round(rounds * seconds / taken))
        rounds *= 2


def profiled(work, rounds, profiler):
    if profiler == "none":
        return seconds_of(work, rounds, contextlib.nullcontext())
    with contextlib.redirect_stderr(io.StringIO()) as report:
        taken = seconds_of(work, rounds, importlib.import_module(profiler).profile(interval=0.001))
    if work.__name__ not in report.getvalue():
        sys.exit("%s recorded nothing: %s" % (profiler, report.getvalue()))
    return taken


def main():
    # A profiler that cannot record only warns.
    warnings.simplefilter("error", RuntimeWarning)
    work, profiler = globals()[sys.argv[1]], sys.argv[2]
    work(1)
    for line in sys.stdin:
        what, amount = line.split()
        if what == "calibrate":
            is_switching = work is task_switches
            answer = {"rounds": calibrate(work, float(amount)), "switches": switches_per_round if is_switching else 0}
        elif what == "plain":
            answer = {"seconds": seconds_of(work, int(amount), contextlib.nullcontext())}
        else:
            answer = {"seconds": profiled(work, int(amount), profiler)}
        print(json.dumps(answer), flush=True)
        # What the recorder still does is not part of the next run.
        time.sleep(0.02)


if __name__ == "__main__":
    main()
