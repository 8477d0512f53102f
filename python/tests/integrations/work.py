"""Work that takes time, in functions that can be told apart."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any, Callable

count = 50

# A machine that is busy with something else leaves some requests without any sample: then they are asked again.
most_rounds = 4

together = threading.Barrier(count)


def busy(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sum(range(200))


def _functions() -> tuple[list[Any], list[Any]]:
    """``work_0`` to ``work_49``, and ``await_0`` to ``await_49``."""
    text = "\n".join(
        "def work_{0}(): work_alike()\nasync def await_{0}(): await await_alike()".format(number)
        for number in range(count)
    )
    names: dict[str, Any] = {"work_alike": work_alike, "await_alike": await_alike}
    exec(compile(text, __file__, "exec"), names)
    return (
        [names["work_{}".format(number)] for number in range(count)],
        [names["await_{}".format(number)] for number in range(count)],
    )


def work_alike() -> None:
    """Once all of them do."""
    together.wait(30)
    busy(0.004)
    time.sleep(1)


_waiting: set[Any] = set()


async def await_alike() -> None:
    """Once all of them do."""
    here = asyncio.get_running_loop().create_future()
    _waiting.add(here)
    if len(_waiting) == count:
        for future in _waiting:
            future.set_result(None)
        _waiting.clear()
    await here
    busy(0.004)
    await asyncio.sleep(0.4)


works, awaits = _functions()


def check_that_each_is_alone(kind: str, ask: Callable[[], list[set[str]]]) -> None:
    """In the report of each request is its own function of ``work_0`` and so on, and no other one's.

    :param ask: for all requests at once; gives the functions in the report of each.
    """
    numbered = {"{}_{}".format(kind, number) for number in range(count)}
    for _ in range(most_rounds):
        own = [functions & numbered for functions in ask()]
        assert [names for number, names in enumerate(own) if names - {"{}_{}".format(kind, number)}] == []
        if len([names for names in own if names]) >= 0.9 * count:
            return
    raise AssertionError(
        "reports without a sample: {}".format([number for number, names in enumerate(own) if not names])
    )
