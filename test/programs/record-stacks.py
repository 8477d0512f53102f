"""Sleeps at the end of many kinds of stacks, and writes each as it sees it itself to stacks.json, in order.

"# class: X" on the first line of a function says of which class it is shown; "# class 3.11+: X" and "# class 3.8-3.10: X"
say it for these versions. Any other function of this file is shown without a class.
"""

import asyncio
import contextlib
import functools
import json
import os
import re
import signal
import sys
import threading
import time

found = []


def note():
    """The stack of the caller, innermost first; the caller sleeps in its next line."""
    entries = []
    frame = sys._current_frames()[threading.get_ident()].f_back
    while frame is not None:
        code = frame.f_code
        line = frame.f_lineno + (not entries)
        hides = any(name in frame.f_locals for name in ("__tracebackhide__", "__traceback_hide__"))
        entries.append([code.co_name, code.co_filename, code.co_firstlineno, line, hides])
        frame = frame.f_back
    found.append({"thread": threading.current_thread().name, "frames": entries[::-1]})


def wait(*ignored):
    note()
    time.sleep(0.01)
    return 0


def decorated(function):
    @functools.wraps(function)
    def wrapper(*args, **named):
        return function(*args, **named)

    return wrapper


class Meta(type):
    def of_meta(self):  # class: Meta
        wait()


class Base:
    in_lambda = lambda self: wait()  # class: Base

    def method(self):  # class: Base
        wait()

    def overridden(self):  # class: Base
        wait()

    def over_super(self):  # class: Base
        wait()

    @classmethod  # class: Base
    def of_class(cls):
        wait()

    @staticmethod  # class 3.11+: Base
    def static(value):
        wait()

    @property  # class: Base
    def value(self):
        wait()

    def __add__(self, other):  # class: Base
        wait()

    def __enter__(self):  # class: Base
        wait()

    def __exit__(self, *error):  # class: Base
        wait()

    def __call__(self):  # class: Base
        wait()

    def __getattr__(self, name):  # class: Base
        wait()

    def generate(self):  # class: Base
        wait()
        yield 1


class Derived(Base, metaclass=Meta):
    def __init__(self, sleeps=False):  # class: Derived
        if sleeps:
            wait()

    def overridden(self):  # class: Derived
        wait()

    def over_super(self):  # class: Derived
        super().over_super()

    def in_cell(self):  # class: Derived
        def inner():
            note()
            time.sleep(0.01)
            return self

        inner()
        wait()

    @decorated  # class: Derived
    def wrapped(self):
        wait()

    class Nested:
        def method(self):  # class: Nested
            wait()

    def __del__(self):  # class: Derived
        if self.__dict__:
            wait()


def methods():
    Base().method()
    derived = Derived()
    derived.method()
    derived.overridden()
    derived.over_super()
    derived.of_class()
    Base.of_class()
    derived.static(1)
    derived.value
    derived + derived
    with derived:
        pass
    derived()
    derived.missing
    Derived(sleeps=True)
    derived.in_cell()
    derived.wrapped()
    Derived.Nested().method()
    Derived.of_meta()
    Base().in_lambda()
    for _ in derived.generate():
        pass
    derived.flag = True
    del derived


def functions():
    def nested():
        def deeper():
            wait()

        deeper()

    def with_default(value=lambda: wait()):
        value()

    nested()
    with_default()
    (lambda: wait())()
    decorated(wait)()
    functools.partial(wait, 1)()
    functools.lru_cache(maxsize=None)(wait)()

    class Body:
        wait()

    try:
        raise ValueError
    except ValueError:
        wait()
    finally:
        wait()


def comprehensions():
    [wait() for _ in range(1)]
    {wait() for _ in range(1)}
    {1: wait() for _ in range(1)}
    list(wait() for _ in range(1))
    [[wait() for _ in range(1)] for _ in range(1)]


def callbacks():
    sorted([1], key=lambda item: wait())
    list(map(wait, [1]))
    list(filter(wait, [1]))
    max([1], key=wait)
    functools.reduce(lambda left, right: wait(), [1, 2])
    re.sub("a", lambda match: str(wait()), "a")
    json.dumps(object(), default=wait)
    with contextlib.ExitStack() as stack:
        stack.callback(wait)
    [].sort(key=wait)
    [2, 1].sort(key=wait)


def generators():
    def plain():
        wait()
        yield 1
        wait()

    def delegating(depth):
        if depth == 0:
            yield from plain()
        else:
            yield from delegating(depth - 1)

    @contextlib.contextmanager
    def managed():
        wait()
        yield
        wait()

    for _ in plain():
        wait()
    list(plain())
    next(plain())
    sum(item for item in plain())
    for _ in delegating(10):
        pass
    list(delegating(10))
    with managed():
        wait()
    sent = plain()
    sent.send(None)
    try:
        sent.throw(KeyError)
    except KeyError:
        wait()
    (yield_through,) = (item for item in plain())
    a, *b = plain()


class Awaitable:
    def __await__(self):  # class: Awaitable
        wait()
        yield
        wait()


class Iterator:
    def __aiter__(self):  # class: Iterator
        return self

    async def __anext__(self):  # class: Iterator
        wait()
        raise StopAsyncIteration

    async def __aenter__(self):  # class: Iterator
        wait()

    async def __aexit__(self, *error):  # class: Iterator
        wait()


async def innermost():
    wait()
    await asyncio.sleep(0)
    wait()


async def middle():
    await innermost()


async def asynchronous_generator():
    wait()
    yield 1
    await innermost()
    yield 2


async def outermost():
    await middle()
    async for _ in Iterator():
        pass
    async with Iterator():
        pass
    async for _ in asynchronous_generator():
        pass
    [item async for item in asynchronous_generator()]
    await Awaitable()


async def tasks():
    await asyncio.gather(middle(), outermost())
    asyncio.get_running_loop().call_soon(wait)
    await asyncio.sleep(0.001)


def coroutines():
    coroutine = outermost()
    try:
        while True:
            coroutine.send(None)
    except StopIteration:
        pass
    asyncio.run(tasks())


def größe_测试():
    wait()


def names():
    größe_测试()
    𐐷𐐷 = "def 𐐷_é(): wait()\n𐐷_é()"
    exec(compile(𐐷𐐷, "generated/🎉.py", "exec"), {"wait": wait})
    exec(compile("def plain(): wait()\nplain()", "<generated>", "exec"), {"wait": wait})
    exec("wait()")
    eval("wait()")


def hidden():
    __tracebackhide__ = True
    wait()


def hidden_otherwise():
    __traceback_hide__ = False
    wait()


def hidden_later():
    wait()
    __tracebackhide__ = True
    wait()


def hiding():
    hidden()
    hidden_otherwise()
    hidden_later()


def recursive(depth):
    if depth == 0:
        wait()
    else:
        recursive(depth - 1)


def recursive_through_c(depth):
    if depth == 0:
        wait()
    else:
        list(map(recursive_through_c, [depth - 1]))


def large_frames(depth):
    if depth == 0:
        return wait()
    namespace = {"wait": wait}
    arguments = ", ".join("a%d=%d" % (number, number) for number in range(1000))
    exec("def large(depth, %s):\n    return large(depth - 1) if depth else wait()" % arguments, namespace)
    namespace["large"](depth)


def recursion():
    recursive(400)
    recursive_through_c(40)
    large_frames(7)


def extended():
    """A call far into a function, at an instruction with a long argument."""
    body = "\n".join("    x%d = %d" % (number, number + 1000) for number in range(400))
    call = "    wait(%s)" % ", ".join("x%d" % number for number in range(300))
    loop = "    for x%d in [1]:\n    %s" % (399, call)
    namespace = {"wait": wait}
    exec("def long():\n%s\n%s\n%s\nlong()" % (body, call, loop), namespace)


def on_signal():
    def handler(number, frame):
        wait()

    signal.signal(signal.SIGUSR1, handler)
    os.kill(os.getpid(), signal.SIGUSR1)
    wait()


def importing():
    sys.path.insert(0, os.getcwd())
    import package_été.module  # noqa: F401


def in_thread():
    thread = threading.Thread(target=Base().method, name="Worker-é")
    thread.start()
    thread.join()


def tracer(frame, event, argument):
    return tracer


def everything():
    methods()
    functions()
    comprehensions()
    callbacks()
    generators()
    coroutines()
    names()
    hiding()
    recursion()
    extended()
    on_signal()
    importing()
    in_thread()


# Tracing changes the bytecode; the first time decides what a reader may remember of it.
sys.settrace(tracer)
everything()
sys.settrace(None)
sys.modules.pop("package_été.module", None)
everything()
with open("stacks.json", "w") as file:
    json.dump(found, file)
