"""``profile``: block and decorator, on every kind of function."""

from __future__ import annotations

import asyncio
import inspect
import sys
import time
from typing import Any, AsyncIterator, Iterator

import pytest

import timesink
from programs import busy
from timesink import renderers
from timesink.session import Session

profile = timesink.profile


@pytest.fixture
def stderr(capsys: pytest.CaptureFixture[str]) -> Written:
    return Written(capsys)


class Written:
    """What was written to standard error."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def getvalue(self) -> str:
        return self._capsys.readouterr().err


class Kept(renderers.Renderer):
    """A renderer that keeps the sessions it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions: list[Session] = []

    def render(self, session: Session) -> str:
        self.sessions.append(session)
        return "<{}>".format(session.target_description)


def test_block(stderr: Written) -> None:
    with profile() as given:
        time.sleep(0.3)
    line = sys._getframe().f_lineno - 2
    assert given is None
    report = stderr.getvalue()
    assert report.startswith("\ntimesink ........................................\n.\n")
    assert ".  Block at {}:{}\n".format(__file__, line) in report
    assert "test_block" in report and "wrapper" not in report


def test_options(stderr: Written) -> None:
    with profile(interval=0.002, target_description="mine", renderer=renderers.JSONRenderer(), use_timing_thread=True):
        time.sleep(0.05)
    report = stderr.getvalue()
    assert report.startswith('{"start_time"') and '"target_description": "mine"' in report


def test_renderer_by_name(stderr: Written) -> None:
    with profile(renderer="markdown"):
        time.sleep(0.02)
    assert stderr.getvalue().startswith("#")


def test_unknown_options() -> None:
    with pytest.raises(TypeError, match="colour"):
        profile(colour=True)


def test_block_that_fails(stderr: Written) -> None:
    with pytest.raises(KeyError):
        with profile():
            time.sleep(0.02)
            raise KeyError("it")
    assert "Block at" in stderr.getvalue()


def test_forgotten_brackets() -> None:
    with pytest.raises(TypeError, match="brackets"):
        with profile:
            pass


def test_entered_twice(stderr: Written) -> None:
    context = profile()
    with context:
        with pytest.raises(RuntimeError, match="brackets"):
            context.__enter__()


def test_blocks_within_each_other(stderr: Written) -> None:
    with profile(target_description="outer"):
        with profile(target_description="inner"):
            time.sleep(0.02)
    report = stderr.getvalue()
    assert 0 < report.index("inner") < report.index("outer")


def test_decorator(stderr: Written) -> None:
    @profile
    def work(seconds: float, *, double: bool = False) -> str:
        """Works."""
        busy(seconds)
        return "done"

    assert (work.__name__, work.__doc__) == ("work", "Works.")
    assert work(0.03, double=True) == "done"
    report = stderr.getvalue()
    line = inspect.unwrap(work).__code__.co_firstlineno
    qualified = "test_decorator.<locals>.work"
    assert ".  Function {} at {}:{}\n".format(qualified, __file__, line) in report
    assert "busy" in report and "wrapper" not in report and "context_manager" not in report


def test_decorator_with_options() -> None:
    kept = Kept()

    @profile(interval=0.002, renderer=kept)
    def work() -> int:
        time.sleep(0.01)
        return 1

    assert work() + work() == 2
    assert len(kept.sessions) == 2 and kept.sessions[0].max_interval == 0.002


def test_method(stderr: Written) -> None:
    class Job:
        @profile
        def run(self) -> object:
            time.sleep(0.02)
            return self

    job = Job()
    assert job.run() is job
    assert "Job.run at" in stderr.getvalue()


def test_function_that_calls_itself() -> None:
    kept = Kept()

    @profile(renderer=kept)
    def count(number: int) -> int:
        time.sleep(0.01)
        return 0 if number == 0 else 1 + count(number - 1)

    assert count(2) == 2
    durations = [session.duration for session in kept.sessions]
    assert len(durations) == 3 and durations == sorted(durations)


def test_function_that_fails() -> None:
    kept = Kept()

    @profile(renderer=kept)
    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert len(kept.sessions) == 1


def test_callable_without_code() -> None:
    kept = Kept()
    assert profile(renderer=kept)(len)([1, 2]) == 2
    assert kept.sessions[0].target_description == "Function len"


def test_coroutine_function() -> None:
    kept = Kept()

    @profile(renderer=kept)
    async def work() -> str:
        busy(0.1)
        await asyncio.sleep(0.2)
        return "done"

    assert inspect.iscoroutinefunction(work)
    assert asyncio.run(work()) == "done"
    root = kept.sessions[0].root_frame()
    assert root is not None and 0.02 < root.await_time() < root.time
    names = {frame.function for frame in root.walk()}
    assert "busy" in names and "work" in names and "wrapper" not in names


def test_coroutine_functions_at_once() -> None:
    kept = Kept()

    @profile(renderer=kept)
    async def work(number: int) -> int:
        await asyncio.sleep(0.03)
        return number if number == 0 else await work(number - 1)

    async def main() -> list[int]:
        return await asyncio.gather(work(0), work(1), work(0))

    assert asyncio.run(main()) == [0, 0, 0]
    assert len(kept.sessions) == 4


def test_generator_function() -> None:
    kept = Kept()

    @profile(renderer=kept)
    def numbers() -> Iterator[Any]:
        busy(0.05)
        received = yield 1
        busy(0.05)
        yield received
        return "end"

    assert inspect.isgeneratorfunction(numbers)
    generator = numbers()
    assert kept.sessions == []
    assert next(generator) == 1
    time.sleep(1)
    assert generator.send("it") == "it"
    with pytest.raises(StopIteration, match="end"):
        next(generator)
    assert len(kept.sessions) == 1
    session = kept.sessions[0]
    root = session.root_frame()
    names = {frame.function for frame in root.walk()} if root else set()
    assert root is not None and {"busy", "numbers"} <= names and "wrapper" not in names
    # What runs between its steps is not its own.
    assert session.duration < 1 and root.time < 1


def test_generator_that_is_closed() -> None:
    kept = Kept()

    @profile(renderer=kept)
    def numbers() -> Iterator[int]:
        while True:
            yield 1

    generator = numbers()
    next(generator)
    generator.close()
    failing = numbers()
    next(failing)
    with pytest.raises(KeyError):
        failing.throw(KeyError())
    assert len(kept.sessions) == 2


def test_async_generator_function() -> None:
    kept = Kept()
    closed = []

    @profile(renderer=kept)
    async def numbers() -> AsyncIterator[int]:
        try:
            for number in range(3):
                await asyncio.sleep(0.1)
                try:
                    yield number
                except KeyError:
                    yield -1
        finally:
            closed.append(True)

    async def main() -> None:
        assert [number async for number in numbers()] == [0, 1, 2]
        generator = numbers()
        assert await generator.__anext__() == 0
        assert await generator.athrow(KeyError()) == -1
        await generator.aclose()

    assert inspect.isasyncgenfunction(numbers)
    asyncio.run(main())
    assert len(kept.sessions) == 2 and closed == [True, True]
    root = kept.sessions[0].root_frame()
    assert root is not None and root.await_time() > 0.02
    assert "wrapper" not in {frame.function for frame in root.walk()}


def test_profiles_do_not_start_a_recorder_by_themselves() -> None:
    from programs import run_program

    result = run_program(
        """
        import timesink, timesink._recorder as recorder
        @timesink.profile
        def work(): pass
        assert recorder._recorder is None
        work()
        assert recorder._recorder is not None
        """
    )
    assert result.returncode == 0, result.stderr
