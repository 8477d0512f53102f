"""The recorder's life: one for each process, never left behind; when it is gone, the program goes on."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
import warnings
from pathlib import Path

import pytest

import timesink
from programs import busy, is_there, run_program
from timesink import Profiler
from timesink._recorder import current_recorder
from trees import functions_in, root_of


def test_one_for_many_profilers() -> None:
    with Profiler():
        pass
    pid = current_recorder().pid
    with Profiler(), Profiler(async_mode="disabled"):
        assert current_recorder().pid == pid and is_there(pid)


def test_many_threads_at_once() -> None:
    def work() -> None:
        for _ in range(5):
            with Profiler() as profiler:
                busy(0.005)
            assert profiler.last_session is not None
            profiler.output_text()

    errors: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_many_pairs_without_growth() -> None:
    def pairs(count: int) -> None:
        for _ in range(count):
            with Profiler():
                pass

    def resident(pid: int | str) -> int:
        with open("/proc/{}/statm".format(pid)) as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    pairs(300)
    recorder = current_recorder().pid
    gc.collect()
    before = resident("self"), resident(recorder), len(os.listdir("/proc/self/fd"))
    pairs(1000)
    gc.collect()
    after = resident("self"), resident(recorder), len(os.listdir("/proc/self/fd"))
    assert after[2] == before[2]
    assert after[0] - before[0] < 4e6
    assert after[1] - before[1] < 40e6


def test_profiler_that_is_forgotten() -> None:
    Profiler().start()
    gc.collect()
    with Profiler() as profiler:
        time.sleep(0.01)
    assert profiler.last_session is not None


def test_recorder_that_is_killed() -> None:
    profiler = Profiler()
    profiler.start()
    os.kill(current_recorder().pid, signal.SIGKILL)
    busy(0.01)
    with pytest.raises(RuntimeError, match="The recorder .* signal 9; what it had recorded is lost"):
        profiler.stop()
    assert not profiler.is_running
    with profiler:
        busy(0.15)
    assert "busy" in functions_in(root_of(profiler.last_session))


def test_recorder_that_is_killed_within_a_block(capsys: pytest.CaptureFixture[str]) -> None:
    done = []
    with pytest.warns(RuntimeWarning, match="signal 9"):
        with Profiler() as profiler:
            os.kill(current_recorder().pid, signal.SIGKILL)
            done.append(1)
    with pytest.warns(RuntimeWarning, match="signal 9"):
        with timesink.profile():
            os.kill(current_recorder().pid, signal.SIGKILL)
            done.append(2)
    assert done == [1, 2] and profiler.last_session is None


def test_session_of_a_recorder_that_is_gone() -> None:
    with Profiler() as profiler:
        busy(0.1)
    session = profiler.last_session
    assert session is not None
    with Profiler() as other:
        busy(0.02)
    assert other.last_session is not None
    records = session.frame_records
    os.kill(current_recorder().pid, signal.SIGKILL)
    time.sleep(0.05)
    assert "busy" in functions_in(root_of(session)) and session.frame_records is records
    with pytest.raises(RuntimeError, match="recorder"):
        other.output_text()


def test_recorder_that_is_missing() -> None:
    result = run_program(
        """
        import timesink, warnings
        profiler = timesink.Profiler()
        try:
            profiler.start()
        except RuntimeError as error:
            print(error, profiler.is_running)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with timesink.profile():
                print("goes on")
        print(caught[0].category.__name__)
        """,
        env={"TIMESINK_NODE": "/nosuch/node"},
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        "The recorder cannot be started: TIMESINK_NODE=/nosuch/node is no program that can be run. False",
        "goes on",
        "RuntimeWarning",
    ]


def test_engine_that_is_none() -> None:
    result = run_program(
        """
        import timesink
        try:
            timesink.Profiler().start()
        except RuntimeError as error:
            print(error)
        """,
        env={"TIMESINK_ENGINE": "magic"},
    )
    assert result.stdout == "TIMESINK_ENGINE=magic is neither inprocess nor outside.\n", result.stderr


def test_recorder_that_refuses(tmp_path: Path) -> None:
    node = tmp_path / "node"
    answer = '{"id":1,"error":{"code":"PERMISSION_DENIED","message":"no access","hint":"Ask for it."}}'
    node.write_text("#!/bin/sh\necho '{}'\ncat > /dev/null\n".format(answer))
    node.chmod(0o755)
    result = run_program(
        """
        import timesink
        for _ in range(2):
            try:
                timesink.Profiler().start()
            except RuntimeError as error:
                print(error)
        """,
        env={"TIMESINK_NODE": str(node)},
    )
    assert result.stdout == 2 * "no access. Ask for it.\n", result.stderr


def test_recorder_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with Profiler():
        pass
    pid = current_recorder().pid
    monkeypatch.setattr("timesink._region.patience", 0.1)
    os.kill(pid, signal.SIGSTOP)
    try:
        profiler = Profiler()
        with pytest.raises(RuntimeError, match="The recorder .* does not answer"):
            profiler.start()
        assert not profiler.is_running
    finally:
        os.kill(pid, signal.SIGCONT)
    monkeypatch.undo()
    with profiler:
        busy(0.1)
    assert "busy" in functions_in(root_of(profiler.last_session))


def test_too_many_open_files() -> None:
    result = run_program(
        """
        import os, resource, timesink
        timesink.Profiler
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        held = []
        try:
            while True:
                held.append(os.open(os.devnull, os.O_RDONLY))
        except OSError:
            pass
        profiler = timesink.Profiler()
        try:
            profiler.start()
        except RuntimeError as error:
            print(error)
        for fd in held:
            os.close(fd)
        before = len(os.listdir("/proc/self/fd"))
        with profiler:
            sum(range(10))
        print(profiler.last_session is not None)
        """
    )
    assert result.returncode == 0, result.stderr
    first, second = result.stdout.splitlines()
    assert first.startswith("The recorder cannot be started: ") and "Too many open files" in first
    assert second == "True"


def test_start_takes_little_time() -> None:
    with Profiler():
        pass
    durations = []
    for _ in range(20):
        profiler = Profiler()
        before = time.perf_counter()
        profiler.start()
        profiler.stop()
        durations.append(time.perf_counter() - before)
    assert sorted(durations)[5] < 0.05


def test_interrupted_while_it_waits() -> None:
    with Profiler() as profiler:
        busy(0.1)

    def interrupt(*_: object) -> None:
        raise TimeoutError("stop it")

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        for delay in (0.0001, 0.0005, 0.002):
            signal.setitimer(signal.ITIMER_REAL, delay)
            try:
                profiler.output_html()
            except TimeoutError:
                pass
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            assert "busy" in profiler.output_text()
    finally:
        signal.signal(signal.SIGALRM, before)


def test_signal_handler_that_stops() -> None:
    with Profiler() as profiler:
        busy(0.05)
    stopped = []

    def stop(*_: object) -> None:
        with Profiler(async_mode="disabled") as other:
            pass
        stopped.append(other.last_session)

    before = signal.signal(signal.SIGALRM, stop)
    try:
        for delay in (0.0005, 0.002, 0.005):
            signal.setitimer(signal.ITIMER_REAL, delay)
            assert "busy" in profiler.output("json") and profiler.output_html()
            while not stopped:
                time.sleep(0.001)
            stopped.clear()
    finally:
        signal.signal(signal.SIGALRM, before)


def test_two_sessions_in_two_recorders_can_be_combined() -> None:
    with Profiler() as first:
        busy(0.02)
    assert first.last_session is not None and first.last_session.frame_records
    os.kill(current_recorder().pid, signal.SIGKILL)
    time.sleep(0.05)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with Profiler() as second:
            busy(0.02)
    assert second.last_session is not None
    both = timesink.Session.combine(first.last_session, second.last_session)
    assert both.duration == pytest.approx(first.last_session.duration + second.last_session.duration)
    assert both.sample_count == first.last_session.sample_count + second.last_session.sample_count
