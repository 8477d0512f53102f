"""Every way in which Python code comes to run: each scenario ends in `block()`, which the test puts in front."""

import asyncio
import contextlib
import functools
import itertools
import os
import signal
import sys
import types
import weakref

scenarios = []


def scenario(function):
    scenarios.append(function)
    return function


def called():
    block()  # noqa: F821


@scenario
def plain():
    called()


def any_arguments(*args, **names):
    called()


@scenario
def by_arguments():
    any_arguments(*[1, 2], **{"three": 3})


@scenario
def by_partial():
    functools.partial(any_arguments, 1, two=2)()


@scenario
def by_lambda():
    (lambda: called())()


def decorate(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)

    return wrapper


@scenario
@decorate
def decorated():
    called()


@scenario
def unicode_name():
    def ümläut_変数():
        called()

    ümläut_変数()


@scenario
def many_locals():
    names = ["v%d" % number for number in range(3000)]
    source = "def wide():\n    %s = 0\n    called()\nwide()" % " = ".join(names)
    exec(compile(source, "wide.py", "exec"), globals())


# Methods, and what the syntax calls without a call


class Kind(type):
    def __call__(cls, *args):
        return super().__call__(*args)


class Thing(metaclass=Kind):
    def __init__(self, depth=0):
        if depth:
            called()

    def __getattr__(self, name):
        called()

    def __getitem__(self, index):
        called()

    def __add__(self, other):
        called()

    def __call__(self):
        called()

    def __enter__(self):
        called()

    def __exit__(self, *_):
        called()

    def __eq__(self, other):
        called()
        return True

    def __hash__(self):
        return 1

    def __str__(self):
        called()
        return ""

    def __contains__(self, item):
        called()
        return True

    def __iter__(self):
        return self

    def __next__(self):
        called()
        raise StopIteration

    def __init_subclass__(cls):
        called()

    @property
    def size(self):
        called()

    @classmethod
    def made(cls):
        called()

    @staticmethod
    def static():
        called()


@scenario
def making():
    Thing(1)


@scenario
def missing_attribute():
    Thing().missing


@scenario
def indexing():
    Thing()[0]


@scenario
def adding():
    Thing() + 1


@scenario
def calling():
    Thing()()


@scenario
def property_of():
    Thing().size


@scenario
def class_method():
    Thing.made()


@scenario
def static_method():
    Thing().static()


@scenario
def formatting():
    "{}".format(Thing())


@scenario
def in_f_string():
    f"{Thing()}"


@scenario
def key_of_dict():
    {Thing(): 1}[Thing()]


@scenario
def contained():
    1 in Thing()


@scenario
def python_iterator():
    for _ in Thing():
        pass


@scenario
def with_block():
    with Thing():
        pass


@scenario
def subclass():
    class Other(Thing):
        pass


@scenario
def class_body():
    class Body:
        called()


# Called from C


@scenario
def by_sorted():
    sorted([2, 1], key=lambda item: called() or item)


@scenario
def by_map():
    list(map(lambda item: called(), [1]))


@scenario
def by_reduce():
    functools.reduce(lambda one, two: called(), [1, 2])


@scenario
def nested_callbacks():
    sorted([1], key=lambda item: list(map(lambda item: called(), [1])) and 1)


@scenario
def comprehension():
    [called() for _ in range(1)]


@scenario
def nested_comprehension():
    [[called() for _ in range(1)] for _ in range(1)]


@scenario
def by_exec():
    exec("called()", globals())


@scenario
def by_eval():
    eval("[called() for x in (1,)]", globals())


class Dying:
    def __del__(self):
        called()


@scenario
def finalizer():
    one = Dying()
    one = None


@scenario
def weak_reference():
    one = {1}
    reference = weakref.ref(one, lambda _: called())
    del one


def handler(number, frame):
    called()


@scenario
def by_signal():
    signal.signal(signal.SIGUSR1, handler)
    os.kill(os.getpid(), signal.SIGUSR1)
    for _ in range(1000):
        pass


def traced():
    pass


def tracer(frame, event, _):
    sys.settrace(None)
    called()


@scenario
def by_trace():
    sys.settrace(tracer)
    traced()
    sys.settrace(None)


def profiler(frame, event, _):
    sys.setprofile(None)
    called()


@scenario
def by_profile():
    sys.setprofile(profiler)
    traced()
    sys.setprofile(None)


# Generators


def generator():
    called()
    yield 1


def delegating():
    yield from generator()


@scenario
def for_loop():
    for _ in generator():
        pass


@scenario
def yield_from():
    for _ in delegating():
        pass


@scenario
def by_next():
    next(delegating())


@scenario
def by_list():
    list(delegating())


@scenario
def expression():
    sum(called() or 1 for _ in range(1))


@scenario
def by_send():
    one = delegating()
    one.send(None)


def thrown():
    try:
        yield
    except ValueError:
        called()


@scenario
def by_throw():
    one = thrown()
    next(one)
    try:
        one.throw(ValueError())
    except StopIteration:
        pass


def closed():
    try:
        yield
    finally:
        called()


@scenario
def by_close():
    one = closed()
    next(one)
    one.close()


@scenario
def chained():
    list(itertools.chain(generator(), [1]))


def nested(depth):
    if depth:
        yield from nested(depth - 1)
    else:
        called()
        yield 1


@scenario
def nested_generators():
    list(nested(50))


def looping_generator(depth):
    if depth:
        loop(depth - 1)
    else:
        called()
    yield 1


def loop(depth):
    for _ in looping_generator(depth):
        pass


@scenario
def generators_and_calls():
    loop(20)


@contextlib.contextmanager
def managed():
    called()
    yield


@scenario
def context_manager():
    with managed():
        pass


# Coroutines


async def coroutine():
    called()


async def awaiting():
    await coroutine()


async def asynchronous_generator():
    called()
    yield 1


async def looping():
    async for _ in asynchronous_generator():
        pass


class Context:
    async def __aenter__(self):
        called()

    async def __aexit__(self, *_):
        pass


async def in_context():
    async with Context():
        pass


@types.coroutine
def old_coroutine():
    yield called()


async def awaiting_old():
    await old_coroutine()


class Awaitable:
    def __await__(self):
        called()
        return iter(())


async def awaiting_object():
    await Awaitable()


def drive(one):
    try:
        one.send(None)
    except StopIteration:
        pass


@scenario
def driven():
    drive(awaiting())


@scenario
def driven_loop():
    drive(looping())


@scenario
def driven_context():
    drive(in_context())


@scenario
def driven_old():
    drive(awaiting_old())


@scenario
def driven_object():
    drive(awaiting_object())


async def gathering():
    await asyncio.gather(awaiting())


@scenario
def by_asyncio():
    asyncio.run(awaiting())


@scenario
def by_task():
    asyncio.run(gathering())


# The innermost frame is itself one of these


def generator_waiting():
    tell(sys._getframe()); os.read(0, 100)  # noqa: E702, F821
    yield 1


async def coroutine_waiting():
    tell(sys._getframe()); os.read(0, 100)  # noqa: E702, F821


async def awaiting_one_that_waits():
    await coroutine_waiting()


@scenario
def waiting_in_for_loop():
    for _ in generator_waiting():
        pass


@scenario
def waiting_in_next():
    next(generator_waiting())


@scenario
def waiting_in_list():
    list(generator_waiting())


@scenario
def waiting_when_driven():
    drive(coroutine_waiting())


@scenario
def waiting_when_awaited():
    drive(awaiting_one_that_waits())


@scenario
def waiting_in_task():
    asyncio.run(awaiting_one_that_waits())


@scenario
def waiting_in_key():
    sorted([1], key=lambda item: (tell(sys._getframe()), os.read(0, 100)))  # noqa: F821


for run in scenarios:
    run()
    # Some come by more than once, such as a key that is compared twice.
    print("left", run.__name__, flush=True)
    os.read(0, 100)
print("end", flush=True)
