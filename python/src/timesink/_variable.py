"""Which context does a recording belong to? One context variable for all, whose value is the recording that is running."""

from __future__ import annotations

import contextvars
import os
import sys
import threading


class RegionValue:
    """Stands for one recording. A fresh one each time: contexts that were copied meanwhile keep it for ever."""

    __slots__ = ("_is_stopped", "_pid", "number", "owner", "parent")

    def __init__(self, parent: RegionValue | None, owner: object, number: int) -> None:
        self.parent = parent
        self.owner = owner
        self.number = number
        self._pid = os.getpid()
        self._is_stopped = False

    @property
    def is_running(self) -> bool:
        """Whether it has not been stopped; one that was started before a fork runs in the parent only."""
        return not self._is_stopped and self._pid == os.getpid()

    def end(self) -> None:
        """Says that it has been stopped."""
        self._is_stopped = True


class RegionVariable:
    """The variable, and how the recorder finds its value in the contexts of this process."""

    def __init__(self) -> None:
        self._variable: contextvars.ContextVar[RegionValue | None] = contextvars.ContextVar("timesink", default=None)

    @property
    def address(self) -> int:
        """Where the variable lies in memory."""
        return id(self._variable)

    def get(self) -> RegionValue | None:
        """The innermost recording of the current context that is still running."""
        value = self._variable.get()
        while value is not None and not value.is_running:
            value = value.parent
        return value

    def value_in(self, context: contextvars.Context) -> RegionValue | None:
        """The recording that another context belongs to."""
        return context.get(self._variable)

    def enter(self, value: RegionValue) -> None:
        """Makes a recording that of the current context."""
        self._variable.set(value)

    def leave(self, value: RegionValue) -> None:
        """Ends it, in whatever context that happens."""
        value.end()
        if self._variable.get() is value:
            self._variable.set(value.parent)


def current_owner() -> object:
    """The asyncio task that is running, or the thread: what tells apart contexts that were copied from one another."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is not None:
        try:
            task = asyncio.current_task()
        except RuntimeError:
            task = None
        if task is not None:
            return id(task)
    return ("thread", threading.get_ident())


variable = RegionVariable()
