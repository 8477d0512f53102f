"""What is one stretch of recording? From its start on a thread to its stop on the same."""

from __future__ import annotations

import itertools
import os
import sys
import time
import types
import weakref
from typing import Any

from timesink import _inprocess
from timesink._node import package_folder
from timesink._recorder import (
    Recorder,
    RecorderEnded,
    RecorderError,
    current_recorder,
    current_sys_path,
    patience,
)
from timesink._threads import current_ident, current_thread
from timesink._variable import RegionValue, current_owner, variable

_numbers = itertools.count(1)

_own = package_folder + os.sep


class Region:
    """A recording that is running."""

    def __init__(
        self,
        *,
        interval: float,
        async_mode: str,
        threads: str,
        max_samples: int | None,
        caller_frame: types.FrameType | None,
        description: str,
        may_nest: bool,
        profiler: object,
    ) -> None:
        """Starts it; it is cancelled when ``profiler`` is gone.

        RuntimeError where one is running in this context already; RecorderError where it cannot be recorded.
        """
        bound = async_mode != "disabled"
        outer = variable.get() if bound else None
        # Those that may be anywhere, such as of decorators and middleware, are in nobody's way either.
        owner = current_owner() if bound and not may_nest else None
        if outer is not None and owner is not None and outer.owner == owner:
            raise RuntimeError(
                "There is already a profiler running. In one thread or task there can be only one, unless async_mode is "
                "'disabled'."
            )
        self.recorder: Recorder = current_recorder()
        self.number = next(_numbers)
        self._ident = current_ident()
        self._sampler: _inprocess.Sampler | None = None
        self._value = RegionValue(outer, owner, self.number)
        self._coroutines: list[Any] = []
        if bound:
            variable.enter(self._value)
        try:
            try:
                self._start(interval, async_mode, threads, max_samples, caller_frame, description)
            except RecorderEnded:
                # Perhaps it ended long ago, and nobody has noticed.
                self.recorder = current_recorder()
                self._start(interval, async_mode, threads, max_samples, caller_frame, description)
        except BaseException:
            variable.leave(self._value)
            # It may run in the recorder: only the answer did not come.
            self.recorder.cancel(self.number, self._value)
            raise
        self._forgotten = weakref.finalize(profiler, self._cancel)
        self._forgotten.atexit = False
        self._cpu_time = 0.0
        self._cpu_since = time.process_time()

    @property
    def is_in_this_thread(self) -> bool:
        """Whether the current thread is the one that started it."""
        return self._ident == current_ident()

    def stop(self) -> dict[str, Any]:
        """Ends it and gives the recorder's answer: the number of the session and what is known of it. RecorderError."""
        at = time.monotonic()
        self._cpu_time += time.process_time() - self._cpu_since
        self._forgotten.detach()
        variable.leave(self._value)
        notes: list[str] = []
        try:
            # After a fork the sampler's thread and its lock are of the parent.
            if self._sampler is not None and self.recorder.is_alive:
                notes = self._sampler.remove(self.number, at)
            return self.recorder.request(
                "stop",
                patience,
                region=self.number,
                at=at,
                cpuTime=self._cpu_time,
                sysPath=current_sys_path(),
                notes=notes,
            )
        finally:
            self._coroutines.clear()

    def pause(self) -> None:
        """What comes until :meth:`resume` is not part of it."""
        self._cpu_time += time.process_time() - self._cpu_since
        self._tell("pause", time.monotonic())

    def resume(self) -> None:
        """What comes now is part of it again."""
        self._cpu_since = time.process_time()
        self._tell("resume", time.monotonic())

    def _tell(self, kind: str, at: float) -> None:
        try:
            if self._sampler is not None and self.recorder.is_alive:
                self._sampler.pause(self.number, at, kind == "pause")
            self.recorder.post(kind, region=self.number, at=at)
        except RecorderError:
            # Who stops it is told.
            pass

    def _cancel(self) -> None:
        # Called by a garbage collection, at any moment.
        self._value.end()
        if self._sampler is not None:
            self._sampler.forget(self.number)
        self.recorder.cancel(self.number, self._value)

    def _start(
        self,
        interval: float,
        async_mode: str,
        threads: str,
        max_samples: int | None,
        caller_frame: types.FrameType | None,
        description: str,
    ) -> None:
        self._sampler = _inprocess.sampler_of(self.recorder) if self.recorder.engine == "inprocess" else None
        bound = async_mode != "disabled"
        task = _current_coroutine() if bound else None
        thread = current_thread()
        context = None
        if bound:
            parent = self._value.parent
            context = {
                "value": id(self._value),
                "parent": None if parent is None else parent.number,
                "coroutine": None if task is None else id(task),
            }
        answer = self.recorder.request(
            "start",
            patience,
            region=self.number,
            interval=interval,
            thread=thread,
            threads=threads,
            asyncMode=async_mode,
            context=context,
            description=description,
            startCallStack=_call_stack(caller_frame, thread),
            startTime=time.time(),
            at=time.monotonic(),
            maxSamples=max_samples,
        )
        # They are being executed by this thread, so they exist; from now on for as long as the recorder looks at them.
        self._coroutines = [_object_at(address) for address in answer.get("coroutines") or ()]
        if self._sampler is not None:
            self._sampler.add(
                _inprocess.InProcessRegion(self.number, interval, thread, threads, async_mode, self._value)
            )


def _object_at(address: int) -> Any:
    import ctypes

    return ctypes.cast(address, ctypes.py_object).value


def _current_coroutine() -> Any:
    """That of the running asyncio task."""
    asyncio = sys.modules.get("asyncio")
    try:
        task = None if asyncio is None else asyncio.current_task()
    except RuntimeError:
        return None
    return None if task is None else task.get_coro()


def _call_stack(frame: types.FrameType | None, thread: dict[str, Any]) -> list[str]:
    """As in a ``.pyisession``, outermost first, without our own frames."""
    stack = []
    while frame is not None:
        code = frame.f_code
        if not code.co_filename.startswith(_own):
            stack.append(
                "{}\x00{}\x00{}\x01l{}".format(
                    code.co_name, code.co_filename, code.co_firstlineno, frame.f_lineno or code.co_firstlineno
                )
            )
        frame = frame.f_back
    stack.append("{}\x00<thread>\x00{}".format(thread["name"], thread["ident"]))
    return stack[::-1]
