"""How is this process sampled where no other may read its memory? By a thread that looks at the frames of the others."""

from __future__ import annotations

import os
import sys
import threading
import time
import types
from typing import Any, Callable

from timesink._awaits import Awaits
from timesink._recorder import Recorder, RecorderError
from timesink._stacks import StackNumbers
from timesink._threads import current_ident, original
from timesink._variable import RegionValue

# Rows are sent together: each message costs as much as several samples.
_seconds_between_messages = 0.1

_is_pypy = sys.implementation.name == "pypy"

# Stacks are forgotten and numbered anew when there are so many; the recorder takes a few times as many.
_most_stacks = 200_000


class InProcessRegion:
    """A recording that the sampler feeds."""

    def __init__(
        self,
        number: int,
        interval: float,
        thread: dict[str, Any],
        threads: str,
        async_mode: str,
        value: RegionValue,
    ) -> None:
        self.number = number
        self.interval = interval
        self.ident = thread["ident"]
        # Which context another thread is in cannot be seen from here.
        self.covers_all_threads = threads == "all" and async_mode == "disabled"
        self.awaits = None if async_mode == "disabled" else Awaits(value, is_strict=async_mode == "strict")
        self.last = time.monotonic()
        self.is_paused = False
        #: Each thread's stack at the last look.
        self.stacks: dict[int, int] = {}
        #: What has not been sent yet.
        self.rows: list[tuple[float, int, int, float]] = []


class Sampler:
    """The thread that looks, while there is a region."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._lock = original("_thread", "RLock")()
        self._regions: dict[int, InProcessRegion] = {}
        self._stacks = StackNumbers()
        self._told_threads: set[int] = set()
        self._new_threads: list[dict[str, Any]] = []
        self._must_reset = False
        self._is_looking = False
        self._own_idents: set[int] = set()

    def add(self, region: InProcessRegion) -> None:
        """Begins to look at the region's threads."""
        with self._lock:
            self._regions[region.number] = region
            if not self._is_looking:
                original("_thread", "start_new_thread")(self._run, ())
                self._is_looking = True

    def remove(self, number: int, at: float) -> list[str]:
        """Ends a region at a moment of ``time.monotonic()``, and sends what is known of it. RecorderError.

        Gives remarks for the reader of reports.
        """
        with self._lock:
            region = self._regions.get(number)
            if region is None:
                return []
            if not region.is_paused:
                self._end_rows(region, at)
            self._send()
            del self._regions[number]
            return [] if region.awaits is None else region.awaits.remarks()

    def pause(self, number: int, at: float, is_paused: bool) -> None:
        """Leaves out the time from one moment on, or no longer."""
        with self._lock:
            region = self._regions.get(number)
            if region is None or region.is_paused == is_paused:
                return
            region.is_paused = is_paused
            if is_paused:
                self._end_rows(region, at)
            region.last = at

    def forget(self, number: int) -> None:
        """Ends a region of which nothing is kept."""
        self._regions.pop(number, None)

    def _run(self) -> None:
        global _interval_before
        self._own_idents.add(current_ident())
        sleep = original("time", "sleep")
        before = _interval_before = sys.getswitchinterval()
        wanted = before
        last_message = time.monotonic()
        try:
            while self._has_work(sleep):
                with self._lock:
                    interval = min((region.interval for region in self._regions.values()), default=0.001)
                # A thread that computes gives way after this long; by default that is five times the usual interval.
                # PyPy crashes now and then where threads are switched while frames of another one are read: there it stays.
                wanted = before if _is_pypy else min(before, max(interval / 4, 0.00005))
                if sys.getswitchinterval() != wanted:
                    sys.setswitchinterval(wanted)
                sleep(interval)
                with self._lock:
                    self._look_at_all()
                    if time.monotonic() - last_message > _seconds_between_messages:
                        last_message = time.monotonic()
                        self._send()
        except RecorderError:
            # Who stops a region is told.
            with self._lock:
                self._regions.clear()
                self._is_looking = False
        finally:
            if abs(sys.getswitchinterval() - wanted) < 1e-6:
                sys.setswitchinterval(before)
            _interval_before = None

    def _has_work(self, sleep: Callable[[float], None]) -> bool:
        """Waits a little for the next region, then lets the thread end."""
        for _ in range(20):
            with self._lock:
                if self._regions:
                    return True
            sleep(0.005)
        with self._lock:
            self._is_looking = bool(self._regions)
            return self._is_looking

    def _end_rows(self, region: InProcessRegion, at: float) -> None:
        if not region.stacks:
            self._look(region, sys._current_frames())
        for ident, stack in region.stacks.items():
            region.rows.append((at, ident, stack, max(0.0, at - region.last)))

    def _look_at_all(self) -> None:
        frames = sys._current_frames()
        # Our own one would keep all of them alive: it holds this dictionary.
        frames.pop(current_ident(), None)
        now = time.monotonic()
        for region in self._regions.values():
            if region.is_paused or now - region.last < region.interval * 0.5:
                continue
            before = dict(region.stacks)
            self._look(region, frames)
            for ident, stack in region.stacks.items():
                # A thread that has just appeared was not there the whole time.
                if ident in before or not before:
                    region.rows.append((now, ident, stack, now - region.last))
            region.last = now

    def _look(self, region: InProcessRegion, frames: dict[int, types.FrameType]) -> None:
        idents = frames.keys() - self._own_idents if region.covers_all_threads else (region.ident,)
        region.stacks = {}
        for ident in idents:
            self._tell_of(ident)
            number = self._stacks.number_of_frame(frames.get(ident))
            if region.awaits is not None and ident == region.ident:
                number = region.awaits.seen_from(frames.get(ident), number, self._stacks)
            region.stacks[ident] = number

    def _tell_of(self, ident: int) -> None:
        if ident in self._told_threads:
            return
        self._told_threads.add(ident)
        thread = threading._active.get(ident)  # type: ignore[attr-defined]
        native = getattr(thread, "native_id", None)
        name = "Thread {}".format(ident) if thread is None else str(thread.name)
        self._new_threads.append({"ident": ident, "nativeId": native or 0, "name": name})

    def _send(self) -> None:
        regions = [{"region": region.number, "rows": region.rows} for region in self._regions.values() if region.rows]
        stacks = self._stacks.take_new()
        if not regions and not stacks:
            return
        self._recorder.post(
            "samples", reset=self._must_reset, stacks=stacks, threads=self._new_threads, regions=regions
        )
        self._must_reset = False
        self._new_threads = []
        for region in self._regions.values():
            region.rows = []
        if len(self._stacks) > _most_stacks:
            self._forget_stacks()

    def _forget_stacks(self) -> None:
        self._stacks = StackNumbers()
        self._must_reset = True
        self._told_threads = set()
        for region in self._regions.values():
            region.stacks = {}
            if region.awaits is not None:
                region.awaits.forget_numbers()


# What the interpreter's switch interval was before a sampler changed it; None while none has.
_interval_before: float | None = None


def _in_child() -> None:
    """After a fork there is no sampler any more."""
    global _interval_before
    if _interval_before is not None:
        sys.setswitchinterval(_interval_before)
        _interval_before = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)

_samplers: dict[int, tuple[Recorder, Sampler]] = {}


def sampler_of(recorder: Recorder) -> Sampler:
    """The sampler that feeds this recorder."""
    found = _samplers.get(recorder.pid)
    if found is None or found[0] is not recorder:
        found = (recorder, Sampler(recorder))
        _samplers.clear()
        _samplers[recorder.pid] = found
    return found[1]
