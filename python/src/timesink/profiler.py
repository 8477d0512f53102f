"""How is a part of a program recorded from inside it? ``Profiler``: start, stop, and reports of what was in between."""

from __future__ import annotations

import math
import sys
import types
import warnings
from typing import IO, Any

from timesink import renderers
from timesink._recorder import RecorderError, prepare_recorder
from timesink._region import Region
from timesink._terminal import file_supports_color, file_supports_unicode
from timesink.session import PathOrStr, Session

__all__ = ["Profiler"]

_async_modes = ("disabled", "enabled", "strict")
_thread_choices = ("current", "all")


class Profiler:
    """Records what runs between :meth:`start` and :meth:`stop`, or in a ``with`` block."""

    def __init__(
        self,
        interval: float = 0.001,
        async_mode: str = "enabled",
        use_timing_thread: bool | None = None,
        *,
        threads: str = "current",
        max_samples: int | None = None,
    ) -> None:
        """Starts the recorder in the background; nothing is recorded before :meth:`start`.

        :param interval: seconds between samples.
        :param async_mode: ``enabled`` charges the time of an ``await`` to the function that awaits; ``strict`` also keeps out
            whatever else runs outside of this context; ``disabled`` shows whatever the thread does.
        :param use_timing_thread: accepted for pyinstrument's sake, without effect.
        :param threads: ``current`` records the thread that starts; ``all`` every thread of the process, unless ``async_mode`` binds
            the recording to its context: then other threads count while they run in a copy of it.
        :param max_samples: of long recordings every second sample is kept, then every fourth, so that there are no more.
        """
        if async_mode not in _async_modes:
            raise ValueError("async_mode must be 'disabled', 'enabled' or 'strict', not {!r}".format(async_mode))
        if threads not in _thread_choices:
            raise ValueError("threads must be 'current' or 'all', not {!r}".format(threads))
        if max_samples is not None and not max_samples > 0:
            raise ValueError("max_samples must be more than 0, not {!r}".format(max_samples))
        if not math.isfinite(interval):
            raise ValueError("interval must be a number of seconds, not {!r}".format(interval))
        self._interval = interval
        self._async_mode = async_mode
        self._threads = threads
        self._max_samples = max_samples
        self._last_session: Session | None = None
        self._region: Region | None = None
        self._may_nest = False
        self.use_timing_thread = use_timing_thread
        prepare_recorder()

    @property
    def interval(self) -> float:
        """Seconds between samples."""
        return self._interval

    @property
    def async_mode(self) -> str:
        """What happens to time spent in other tasks: ``disabled``, ``enabled`` or ``strict``."""
        return self._async_mode

    @property
    def is_running(self) -> bool:
        """Whether it is recording."""
        return self._region is not None

    @property
    def last_session(self) -> Session | None:
        """What was recorded so far; several starts and stops are combined."""
        return self._last_session

    def start(self, caller_frame: types.FrameType | None = None, target_description: str | None = None) -> None:
        """Starts to record this thread.

        :param caller_frame: reports begin with this frame instead of the caller's.
        :param target_description: title of the reports.
        """
        if caller_frame is None:
            caller_frame = _frame_of_caller()
        if target_description is None:
            target_description = "Profile at " + position(caller_frame)
        if self.is_running:
            raise ValueError("Profiler is already running.")
        self._region = Region(
            interval=self._interval if self._interval > 0 else 0.001,
            async_mode=self._async_mode,
            threads=self._threads,
            max_samples=self._max_samples,
            caller_frame=caller_frame,
            description=target_description,
            may_nest=self._may_nest,
            profiler=self,
        )

    def stop(self) -> Session:
        """Stops, and gives what was recorded: also :attr:`last_session`."""
        region = self._region
        if region is None:
            raise RuntimeError("This profiler is not currently running.")
        if not region.is_in_this_thread:
            raise RuntimeError("Failed to stop profiling. Make sure that you start/stop profiling on the same thread.")
        self._region = None
        session = Session._from_answer(region.recorder, region.stop())
        if self._last_session is not None:
            session = Session.combine(self._last_session, session)
        self._last_session = session
        return session

    def reset(self) -> None:
        """Stops if it is running, and forgets what was recorded."""
        if self.is_running:
            self.stop()
        self._last_session = None

    def __enter__(self) -> Profiler:
        self.start(caller_frame=_frame_of_caller())
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: types.TracebackType | None,
    ) -> None:
        try:
            self.stop()
        except RecorderError as error:
            # The block itself has done its work.
            warnings.warn("timesink: {}".format(error), RuntimeWarning, stacklevel=2)

    def print(
        self,
        file: IO[str] | None = None,
        *,
        unicode: bool | None = None,
        color: bool | None = None,
        show_all: bool = False,
        timeline: bool = False,
        time: str = "seconds",
        flat: bool = False,
        flat_time: str = "self",
        short_mode: bool = False,
        processor_options: dict[str, Any] | None = None,
    ) -> None:
        """Prints the text report, by default to what ``sys.stdout`` is now.

        :param unicode: box characters or ASCII; by default what ``file`` can show.
        :param color: whether to use colours; by default if ``file`` is a terminal.

        The others are those of :class:`timesink.renderers.ConsoleRenderer`.
        """
        out = sys.stdout if file is None else file
        text = self.output_text(
            unicode=file_supports_unicode(out) if unicode is None else unicode,
            color=file_supports_color(out) if color is None else color,
            show_all=show_all,
            timeline=timeline,
            time=time,
            flat=flat,
            flat_time=flat_time,
            short_mode=short_mode,
            processor_options=processor_options,
        )
        print(text, file=out)

    def output_text(
        self,
        unicode: bool = False,
        color: bool = False,
        show_all: bool = False,
        timeline: bool = False,
        time: str = "seconds",
        flat: bool = False,
        flat_time: str = "self",
        short_mode: bool = False,
        processor_options: dict[str, Any] | None = None,
    ) -> str:
        """The report of :class:`timesink.renderers.ConsoleRenderer`, which explains the options."""
        return self.output(
            renderers.ConsoleRenderer(
                unicode=unicode,
                color=color,
                show_all=show_all,
                timeline=timeline,
                time=time,
                flat=flat,
                flat_time=flat_time,
                short_mode=short_mode,
                processor_options=processor_options,
            )
        )

    def output_html(self, resample_interval: float | None = None) -> str:
        """The page, one file that needs no network: see :class:`timesink.renderers.HTMLRenderer`."""
        return self.output(renderers.HTMLRenderer(resample_interval=resample_interval))

    def write_html(
        self,
        path: PathOrStr,
        timeline: bool = False,
        show_all: bool = False,
        resample_interval: float | None = None,
    ) -> None:
        """Writes the page to a file. The two flags are those of older versions of pyinstrument: the page has switches."""
        renderer = renderers.HTMLRenderer(timeline=timeline, show_all=show_all, resample_interval=resample_interval)
        page = self.output(renderer)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(page)

    def open_in_browser(self, timeline: bool = False, resample_interval: float | None = None) -> str:
        """Writes the page to a temporary file and opens it in the web browser. Gives the file's name."""
        session = self._finished_session()
        return renderers.HTMLRenderer(timeline=timeline, resample_interval=resample_interval).open_in_browser(session)

    def output(self, renderer: renderers.Renderer | str) -> str:
        """The report that a renderer makes, or a format of the command line by its name, such as ``"markdown"``."""
        return renderers.find_renderer(renderer).render(self._finished_session())

    def _finished_session(self) -> Session:
        if self.is_running:
            raise Exception("can't render profile output because this profiler is still running")
        if self._last_session is None:
            raise Exception("can't render profile output because this profiler has not completed a profile session yet")
        return self._last_session


def position(frame: types.FrameType | None) -> str:
    """``FILE:LINE`` of what the frame is doing."""
    return "unknown location" if frame is None else "{}:{}".format(frame.f_code.co_filename, frame.f_lineno)


def _frame_of_caller() -> types.FrameType | None:
    """Of the function that called the one which calls this."""
    try:
        return sys._getframe(2)
    except ValueError:
        return None
