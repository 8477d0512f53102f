"""``@save_profile`` on functions, and Celery's tasks."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from servers import functions_in

from timesink import _recorder
from timesink.decorators import save_profile


def slow() -> None:
    time.sleep(0.12)


def reports(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def test_each_call_has_a_report(tmp_path: Path) -> None:
    @save_profile(tmp_path / "p", renderer="json")
    def task(value: int) -> int:
        """Documented."""
        slow()
        if value < 0:
            raise ValueError("on purpose")
        return value + 1

    assert (task.__name__, task.__doc__) == ("task", "Documented.")
    assert not (tmp_path / "p").exists()
    assert task(1) == 2
    with pytest.raises(ValueError, match="on purpose"):
        task(-1)
    first, second = reports(tmp_path / "p")
    for report in (first, second):
        assert "test_each_call_has_a_report.task" in report.name
        assert functions_in(report.read_text()) >= {"task", "slow"}


def test_coroutine_functions(tmp_path: Path) -> None:
    @save_profile(str(tmp_path), renderer="json", max_files=1)
    async def task() -> str:
        await asyncio.sleep(0.12)
        return "done"

    async def both() -> list[str]:
        return list(await asyncio.gather(task(), task()))

    assert asyncio.run(both()) == ["done", "done"]
    (report,) = reports(tmp_path)
    assert "task" in functions_in(report.read_text())


def test_recursion_and_quick_calls(tmp_path: Path) -> None:
    @save_profile(tmp_path, slower_than=0.1)
    def task(depth: int) -> None:
        if depth == 0:
            time.sleep(0.15)
        else:
            task(depth - 1)

    task(2)
    assert len(reports(tmp_path)) == 3

    @save_profile(tmp_path / "none", slower_than=10)
    def quick() -> None:
        pass

    quick()
    assert not (tmp_path / "none").exists()


def test_generators_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="generators"):

        @save_profile(tmp_path)
        def numbers() -> Any:
            yield 1


def test_decoration_starts_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse() -> None:
        raise AssertionError("a recorder was asked for")

    monkeypatch.setattr(_recorder, "current_recorder", refuse)
    save_profile(tmp_path)(slow)


def test_celery(tmp_path: Path) -> None:
    pytest.importorskip("celery")
    from celery import Celery, signals
    from celery.contrib.testing.worker import start_worker

    from timesink.celery import profile_tasks

    app = Celery("example", broker="memory://", backend="cache+memory://")
    app.conf.worker_hijack_root_logger = False

    @app.task
    def work(value: int) -> int:
        slow()
        return value * 2

    @app.task
    def other() -> None:
        slow()

    @app.task
    def fails() -> None:
        slow()
        raise ValueError("on purpose")

    import celery.contrib.testing.tasks  # noqa: F401 - the task with which the worker is asked whether it is there

    profile_tasks(tmp_path, allow=lambda task: "other" not in task.name, renderer="json")
    try:
        with start_worker(app, pool="solo", perform_ping_check=False):
            assert work.delay(21).get(timeout=20) == 42
            other.delay().get(timeout=20)
            with pytest.raises(ValueError, match="on purpose"):
                fails.delay().get(timeout=20)
    finally:
        for signal in (signals.task_prerun, signals.task_postrun):
            signal.receivers.clear()
    names = [report.name for report in reports(tmp_path)]
    assert len(names) == 2 and any(".work " in name for name in names) and any(".fails " in name for name in names)
    (report,) = [report for report in reports(tmp_path) if ".work " in report.name]
    assert functions_in(report.read_text()) >= {"work", "slow"}
