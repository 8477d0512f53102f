"""How are the calls of a function recorded into a folder? By ``@save_profile("profiles")``; ``timesink.profile`` prints instead."""

from __future__ import annotations

import functools
import inspect
import time
from typing import Any, Callable, TypeVar, cast

from timesink._recorder import RecorderError
from timesink._recording import Recording, logger, report_bytes, start_recording
from timesink._report_folder import ReportFolder
from timesink._web.options import RendererChoice, make_renderer

__all__ = ["save_profile"]

_Function = TypeVar("_Function", bound=Callable[..., Any])


def save_profile(
    profile_dir: Any,
    *,
    renderer: RendererChoice = None,
    interval: float = 0.001,
    max_files: int | None = 200,
    slower_than: float = 0.0,
) -> Callable[[_Function], _Function]:
    """Records each call of a function, plain or ``async``, and writes a report of it into a folder; also if it raises.

    :param profile_dir: the folder, made when it is first needed.
    :param renderer: the format: a renderer, its class, the dotted name of the class, or a name such as ``"text"``; by default
        the page.
    :param interval: seconds between samples.
    :param max_files: most reports that the folder keeps, the newest; None: all.
    :param slower_than: calls that took fewer seconds get no report.
    """
    saver = ReportSaver(profile_dir, renderer, max_files, slower_than)

    def decorate(function: _Function) -> _Function:
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError("save_profile cannot record generators; use timesink.profile")
        name = function.__qualname__.replace("<locals>.", "")
        code = function.__code__
        description = "Function {} at {}:{}".format(function.__qualname__, code.co_filename, code.co_firstlineno)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            recording = start_recording(description, interval)
            try:
                return function(*args, **kwargs)
            finally:
                saver.save(recording, name)

        @functools.wraps(function)
        async def call_async(*args: Any, **kwargs: Any) -> Any:
            recording = start_recording(description, interval)
            try:
                return await function(*args, **kwargs)
            finally:
                saver.save(recording, name)

        return cast(_Function, call_async if inspect.iscoroutinefunction(function) else call)

    return decorate


class ReportSaver:
    """Writes reports of recordings that are over into a folder."""

    def __init__(self, profile_dir: Any, renderer: RendererChoice, max_files: int | None, slower_than: float) -> None:
        self._folder = ReportFolder(profile_dir, max_files)
        self._renderer = renderer
        self._slower_than = slower_than

    def save(self, recording: Recording, name: str) -> str | None:
        """Gives the file's path, or None where there is nothing to write, or no way: then that is logged."""
        session = recording.stop()
        if session is None or session.duration < self._slower_than:
            return None
        renderer = make_renderer(self._renderer)
        file = "{:.3f}s {} {:.0f}.{}".format(session.duration, name, time.time(), renderer.output_file_extension)
        try:
            return self._folder.write(file, report_bytes(renderer, session))
        except (RecorderError, OSError) as error:
            logger.warning("cannot write a report: %s", error)
            return None
