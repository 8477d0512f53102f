"""How does a tool record somebody else's request, task or test? So that the work goes on whatever happens to the recording."""

from __future__ import annotations

import logging
from typing import Any

from timesink._recorder import RecorderError
from timesink.profiler import Profiler
from timesink.session import Session

logger: logging.Logger = logging.getLogger("timesink")


class Recording:
    """One piece of work, from :func:`start_recording` to :meth:`stop`, which must come in the same thread."""

    def __init__(self) -> None:
        self._session: Session | None = None
        #: Why there is no session; empty where there is nothing wrong.
        self.problem: str = ""
        #: What records; others may look at it while it runs.
        self.profiler: Profiler | None = None

    def stop(self) -> Session | None:
        """What was recorded, the same each time that it is asked for; None where there is a :attr:`problem`."""
        profiler = self.profiler
        if profiler is not None and profiler.is_running and not self.problem:
            try:
                self._session = profiler.stop()
            except (RecorderError, RuntimeError) as error:
                self._fail(error)
        elif self._session is None and profiler is not None and not self.problem:
            # It was stopped by those whose work it is.
            self._session = profiler.last_session
        return self._session

    def _fail(self, error: Exception) -> None:
        self.problem = str(error)
        logger.warning("cannot record: %s", error)


def start_recording(description: str, interval: float = 0.001, async_mode: str = "enabled") -> Recording:
    """Starts one, and the recorder of this process, if this is the first time that it is needed.

    :param description: title of the reports.
    :param async_mode: as for profilers; ``strict`` keeps out what other greenlets do.
    """
    recording = Recording()
    try:
        profiler = Profiler(interval=interval, async_mode=async_mode, threads="all")
        # Those whose work it is may record parts of it, and it may be part of what they record.
        profiler._may_nest = True
        profiler.start(target_description=description)
        recording.profiler = profiler
    except (RecorderError, RuntimeError) as error:
        recording._fail(error)
    return recording


def report_bytes(renderer: Any, session: Session) -> bytes:
    """A report as it belongs into a file."""
    return str(renderer.render(session)).encode("utf-8", "surrogateescape")
