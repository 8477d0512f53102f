"""The sampler inside the process, where memory cannot be read: the same API, the same reports."""

from __future__ import annotations

import sys
import types

import pytest

from programs import run_program
from timesink._stacks import StackNumbers, no_stack

here = {"TIMESINK_ENGINE": "inprocess"}


def run(code: str) -> list[str]:
    result = run_program(code, env=here)
    assert (result.returncode, result.stderr) == (0, ""), result.stderr
    return result.stdout.splitlines()


def test_computing_and_waiting() -> None:
    lines = run(
        """
        import sys, time, timesink
        from timesink._recorder import current_recorder
        class Job:
            def run(self):
                end = time.perf_counter() + 0.2
                while time.perf_counter() < end:
                    sum(range(100))
        def wait():
            time.sleep(0.1)
        interval = sys.getswitchinterval()
        with timesink.Profiler() as profiler:
            Job().run()
            wait()
        print(current_recorder().engine)
        session = profiler.last_session
        root = session.root_frame()
        times = {child.function: child.time for child in root.walk()}
        print(times["run"] > 0.1, times["wait"] > 0.05, root.time > 0.8 * session.duration)
        print([frame.class_name for frame in root.walk() if frame.function == "run"][0])
        print("inprocess" in profiler.output_text() or "in-process" in profiler.output_text())
        time.sleep(0.3)
        print(abs(sys.getswitchinterval() - interval) < 1e-9)
        """
    )
    assert lines == ["inprocess", "True True True", "Job", "True", "True"]


def test_threads() -> None:
    lines = run(
        """
        import threading, time, timesink
        def busy():
            end = time.perf_counter() + 0.2
            while time.perf_counter() < end:
                sum(range(100))
        for threads in ("current", "all"):
            worker = threading.Thread(target=busy, name="worker")
            with timesink.Profiler(threads=threads, async_mode="disabled") as profiler:
                worker.start()
                worker.join()
            print("busy" in profiler.output("json"), "timesink sampler" in profiler.output("json"))
        """
    )
    assert lines == ["False False", "True False"]


@pytest.mark.parametrize("mode", ["enabled", "strict"])
def test_awaits(mode: str) -> None:
    lines = run(
        """
        import asyncio, time, timesink
        def busy(seconds):
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                sum(range(100))
        async def other(done):
            while not done:
                busy(0.01)
                await asyncio.sleep(0)
        async def pause():
            await asyncio.sleep(0.3)
        async def main():
            done = []
            task = asyncio.ensure_future(other(done))
            await asyncio.sleep(0)
            with timesink.Profiler(async_mode="MODE") as profiler:
                busy(0.1)
                await pause()
            done.append(1)
            await task
            return profiler
        root = asyncio.run(main()).last_session.root_frame()
        names = {frame.function for frame in root.walk()}
        waiting = [frame for frame in root.walk() if frame.function == "[await]"]
        print("other" in names, "busy" in names, root.await_time() > 0.2, waiting[0].parent.parent.function)
        """.replace("MODE", mode)
    )
    assert lines == ["False True True pause"]


def test_many_regions_and_a_fork() -> None:
    lines = run(
        """
        import os, sys, time, timesink, warnings
        warnings.simplefilter("ignore")
        for _ in range(30):
            with timesink.Profiler() as profiler:
                time.sleep(0.002)
        time.sleep(0.3)
        interval = sys.getswitchinterval()
        profiler = timesink.Profiler(async_mode="disabled")
        profiler.start()
        time.sleep(0.02)
        child = os.fork()
        if child == 0:
            restored = sys.getswitchinterval() == interval
            with timesink.Profiler() as profiler:
                time.sleep(0.03)
            print(restored and profiler.last_session.duration > 0.02)
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)
        profiler.stop()
        with timesink.Profiler() as profiler:
            time.sleep(0.03)
        print("sleep" in str(profiler.last_session.frame_records) or profiler.last_session.sample_count > 0)
        """
    )
    assert lines == ["True", "True"]


def test_stacks_are_numbered_once() -> None:
    stacks = StackNumbers()
    frame = sys._getframe()
    assert isinstance(frame, types.FrameType)
    first = stacks.number_of_frame(frame)
    new = stacks.take_new()
    assert new[-1][1].startswith("test_stacks_are_numbered_once\x00{}\x00".format(__file__))
    assert new[0][0] == no_stack and len(stacks) == len(new) == first + 1
    again = stacks.number_of_frame(frame)
    assert again != first and len(stacks.take_new()) == 1
    assert stacks.with_name(first, "[await]") == stacks.with_name(first, "[await]")
    assert stacks.number_of_frame(None) == no_stack


def test_generator() -> None:
    lines = run(
        """
        import sys, time, timesink, timesink.renderers
        class Kept(timesink.renderers.Renderer):
            def render(self, session):
                self.session = session
                return ""
        kept = Kept()
        @timesink.profile(renderer=kept)
        def numbers():
            for number in range(3):
                time.sleep(0.03)
                yield number
        for number in numbers():
            time.sleep(0.5)
        session = kept.session
        print(0.08 < session.duration < 1, sum(seconds for _, seconds in session.frame_records) < 1)
        """
    )
    assert lines == ["True True"]


def test_what_it_cannot_follow_is_said() -> None:
    lines = run(
        """
        import sys, time, types, timesink
        for module in (None, "greenlet"):
            if module:
                sys.modules[module] = types.ModuleType(module)
            with timesink.Profiler() as profiler:
                time.sleep(0.03)
            print("not those of greenlet" in profiler.output_text())
        """
    )
    assert lines == ["False", "True"]
