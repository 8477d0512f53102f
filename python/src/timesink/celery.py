"""How are the tasks of a Celery worker recorded? By ``profile_tasks("profiles")`` where the Celery application is made.

Single tasks can be decorated instead, below ``@app.task``: with :func:`timesink.decorators.save_profile`, or with
``timesink.profile``, which prints to the worker's log.
"""

from __future__ import annotations

from typing import Any, Callable

from timesink._recording import Recording, start_recording
from timesink._web.options import RendererChoice
from timesink.decorators import ReportSaver

__all__ = ["profile_tasks"]


def profile_tasks(
    profile_dir: Any,
    *,
    allow: Callable[[Any], bool] | None = None,
    renderer: RendererChoice = None,
    interval: float = 0.001,
    max_files: int | None = 200,
    slower_than: float = 0.0,
) -> None:
    """From now on each task that this worker, or a process of its pool, runs is recorded and gets a report in a folder.

    :param profile_dir: the folder, on the worker's machine; made when it is first needed.
    :param allow: a function of the task that says whether it is recorded; by default all are.
    :param renderer: the format: a renderer, its class, the dotted name of the class, or a name such as ``"text"``; by default
        the page.
    :param interval: seconds between samples.
    :param max_files: most reports that the folder keeps, the newest; None: all.
    :param slower_than: tasks that took fewer seconds get no report.
    """
    from celery import signals

    saver = ReportSaver(profile_dir, renderer, max_files, slower_than)
    running: dict[str, Recording] = {}

    def begin(task_id: str, task: Any, **_: Any) -> None:
        if allow is None or allow(task):
            running[task_id] = start_recording("Task {} [{}]".format(task.name, task_id), interval, "strict")

    def end(task_id: str, task: Any, **_: Any) -> None:
        recording = running.pop(task_id, None)
        if recording is not None:
            saver.save(recording, task.name)

    signals.task_prerun.connect(begin, weak=False)
    signals.task_postrun.connect(end, weak=False)
