"""Regions that are bound to a context: awaits belong to who awaits, other tasks stay out."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any, Coroutine

import pytest

from programs import busy
from timesink import Profiler, Session
from timesink.frame import Frame
from trees import functions_in, path_to, root_of, seconds_in


def tree_of(session: Session | None) -> Frame:
    return root_of(session)


def profiled(main: Coroutine[Any, Any, Any], mode: str = "enabled") -> Frame:
    async def run() -> Session:
        profiler = Profiler(async_mode=mode)
        with profiler:
            await main
        assert profiler.last_session is not None
        return profiler.last_session

    return root_of(asyncio.run(run()))


def busy_here(seconds: float) -> None:
    busy(seconds)


async def pause(seconds: float) -> None:
    await asyncio.sleep(seconds)


def test_sleep_is_an_await() -> None:
    root = profiled(asyncio.sleep(0.2))
    assert 0.19 < root.time < 1
    assert root.await_time() > 0.02 and "_run_once" not in functions_in(root)


@pytest.mark.parametrize("mode", ["enabled", "strict"])
def test_other_tasks_stay_out(mode: str) -> None:
    async def other(until: asyncio.Event) -> None:
        while not until.is_set():
            busy_here(0.01)
            await asyncio.sleep(0)

    async def isolated() -> None:
        busy(0.1)
        await pause(0.3)

    async def main() -> Session:
        done = asyncio.Event()
        others = [asyncio.ensure_future(other(done)) for _ in range(2)]
        await asyncio.sleep(0)
        with Profiler(async_mode=mode) as profiler:
            await isolated()
        done.set()
        await asyncio.gather(*others)
        assert profiler.last_session is not None
        return profiler.last_session

    root = tree_of(asyncio.run(main()))
    assert "busy_here" not in functions_in(root)
    assert seconds_in(root, "busy") > 0.02
    assert seconds_in(root, "pause") > 0.05
    assert root.await_time() > 0.05
    # pause() ends in asyncio's sleep, whose time is that of an await.
    assert path_to(root, "[await]")[-3:-1] == ["pause", "sleep"]


def test_disabled_shows_what_runs() -> None:
    root = profiled(asyncio.sleep(0.1), mode="disabled")
    assert root.await_time() == 0 and root.time > 0.09


def test_tasks_that_inherit_the_context() -> None:
    async def child() -> None:
        busy_here(0.1)
        await asyncio.sleep(0.05)

    async def main() -> None:
        await asyncio.gather(child(), child())

    root = profiled(main())
    assert seconds_in(root, "busy_here") > 0.03
    assert root.await_time() > 0.02


def test_profiler_in_a_task_of_a_profiled_one() -> None:
    async def child() -> Session:
        with Profiler() as inner:
            busy_here(0.1)
        assert inner.last_session is not None
        return inner.last_session

    async def main() -> tuple[Session, Session]:
        with Profiler() as outer:
            session = await asyncio.ensure_future(child())
        assert outer.last_session is not None
        return outer.last_session, session

    outer, inner = asyncio.run(main())
    assert seconds_in(root_of(outer), "busy_here") > 0.02
    assert seconds_in(root_of(inner), "busy_here") > 0.02


def test_second_profiler_in_one_task() -> None:
    async def main() -> None:
        with Profiler():
            with pytest.raises(RuntimeError, match="^There is already a profiler running"):
                Profiler().start()

    asyncio.run(main())


def test_two_requests_at_once() -> None:
    async def first() -> None:
        busy_here(0.1)
        await asyncio.sleep(0.1)

    async def second() -> None:
        busy(0.1)
        await asyncio.sleep(0.1)

    async def request(handler: Any) -> Frame:
        with Profiler() as profiler:
            await handler()
        return root_of(profiler.last_session)

    async def main() -> list[Frame]:
        return await asyncio.gather(request(first), request(second))

    one, other = asyncio.run(main())
    assert "second" not in functions_in(one) and "first" not in functions_in(other)
    for root in (one, other):
        assert root.await_time() > 0.02 and "busy" in functions_in(root)


def test_context_that_was_copied_is_free_again() -> None:
    async def later() -> None:
        await asyncio.sleep(0.02)
        with Profiler():
            pass

    async def main() -> None:
        with Profiler():
            task = asyncio.ensure_future(later())
            await asyncio.sleep(0)
        await task

    asyncio.run(main())


def test_root_that_ends_before_the_profiler() -> None:
    async def begins(profiler: Profiler) -> None:
        profiler.start()
        await asyncio.sleep(0.02)

    async def main() -> Profiler:
        profiler = Profiler()
        await begins(profiler)
        await asyncio.sleep(0.05)
        profiler.stop()
        return profiler

    root = tree_of(asyncio.run(main()).last_session)
    assert root.time > 0.06


def test_each_thread_has_its_own() -> None:
    found = []

    def work() -> None:
        with Profiler() as profiler:
            busy_here(0.1)
        found.append(functions_in(root_of(profiler.last_session)))

    threads = [threading.Thread(target=work) for _ in range(3)]
    with Profiler() as profiler:
        for thread in threads:
            thread.start()
        time.sleep(0.02)
        for thread in threads:
            thread.join()
    assert len(found) == 3 and all("busy_here" in names for names in found)
    assert "busy_here" not in functions_in(root_of(profiler.last_session))
