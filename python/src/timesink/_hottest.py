"""On which line of the program's own code was the time spent?"""

from __future__ import annotations

import linecache
from typing import NamedTuple

from timesink._origin import is_application_file
from timesink.session import Session

# So many samples tell well enough where the time went.
_enough_samples = 4000


class HotLine(NamedTuple):
    """A line, and what it had of the time, with all that it called in libraries."""

    file: str
    line: int
    seconds: float
    share: float

    @property
    def source(self) -> str:
        """Its text; empty where it cannot be read."""
        return linecache.getline(self.file, self.line).strip()


def hottest_line(session: Session) -> HotLine | None:
    """The line with the most time; None where no sample was taken in the program's own code."""
    if session.sample_count > _enough_samples:
        session = session.resample(session.duration / _enough_samples)
    seconds_on: dict[tuple[str, int], float] = {}
    total = 0.0
    for stack, seconds in session.frame_records:
        total += seconds
        place = _innermost_place(stack, session.sys_prefixes)
        if place is not None:
            seconds_on[place] = seconds_on.get(place, 0.0) + seconds
    if not seconds_on:
        return None
    file, line = max(seconds_on, key=lambda place: seconds_on[place])
    seconds = seconds_on[file, line]
    return HotLine(file, line, seconds, seconds / total if total > 0 else 0.0)


def _innermost_place(stack: list[str], prefixes: list[str]) -> tuple[str, int] | None:
    for info in reversed(stack):
        identifier, *attributes = info.split("\x01")
        _function, file, *_first_line = identifier.split("\x00") + [""]
        if is_application_file(file, prefixes):
            for attribute in attributes:
                if attribute[:1] == "l" and attribute[1:].isdecimal():
                    return file, int(attribute[1:])
    return None
