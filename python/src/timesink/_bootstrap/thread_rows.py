"""What does each thread do, and for how long? Looks that see the same are one row."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Container


class SeenThread:
    """A thread that was met, and what it does since."""

    def __init__(self, number: int, key: object) -> None:
        #: Its ident, another number where a thread before it had the same.
        self.number = number
        self.key = key
        self.is_new = True
        self.stack: int | None = None
        self.is_running = True
        self.weight = 0.0
        self.looks = 0


class ThreadRows:
    """The threads of a program, as the recorder is told of them."""

    def __init__(self, main: int, main_native: int) -> None:
        self._main = main
        self._main_native = main_native
        self._threads: dict[int, SeenThread] = {}
        self._met_idents: set[int] = set()
        self._next_number = 1 << 52
        self._rows: list[str] = []
        self._new_threads: list[tuple[int, int, str]] = []

    def take_rows(self, now: float) -> list[str]:
        """All since the last time, up to now: as JSON."""
        for thread in self._threads.values():
            self._close_row(thread, now)
        rows, self._rows = self._rows, []
        return rows

    def take_new_threads(self) -> list[tuple[int, int, str]]:
        """Number, the system's number or 0, and name of each that was met since the last time."""
        new, self._new_threads = self._new_threads, []
        return new

    def forget_stacks(self) -> None:
        """After the stacks were numbered anew."""
        for thread in self._threads.values():
            thread.stack = None

    def end_others(self, idents: Container[int], now: float) -> None:
        """Threads that are not among these have ended."""
        for ident in [ident for ident in self._threads if ident not in idents]:
            self._close_row(self._threads.pop(ident), now)

    def go_on(self, passed: float) -> None:
        """All threads do for so many seconds more what they were seen to do."""
        for thread in self._threads.values():
            thread.weight += passed
            thread.looks += 1

    def note(self, ident: int, stack: int, is_running: bool, passed: float, now: float) -> None:
        """What a thread does, in the seconds that have passed since the last look."""
        thread = self._seen(ident, now)
        if thread.stack != stack or thread.is_running != is_running:
            self._close_row(thread, now - passed)
            thread.stack, thread.is_running = stack, is_running
        # A thread that has just appeared was not there the whole time.
        if not thread.is_new:
            thread.weight += passed
        thread.looks += 1
        thread.is_new = False

    def _seen(self, ident: int, now: float) -> SeenThread:
        """Threads that come later may have the ident of one that has ended."""
        threading = sys.modules.get("threading")
        found = getattr(threading, "_active", {}).get(ident)
        native = getattr(found, "native_id", None) or 0
        name = "MainThread" if ident == self._main else getattr(found, "name", None)
        key = None if name is None else (native, name if native == 0 else "")
        thread = self._threads.get(ident)
        if thread is not None and (thread.key == key or key is None or ident == self._main):
            return thread
        if thread is None or thread.key is not None:
            if thread is not None:
                self._close_row(thread, now)
            thread = self._threads[ident] = SeenThread(self._number_of(ident), key)
        thread.key = key
        if ident == self._main and native == 0:
            native = self._main_native
        label = "Thread {}".format(ident) if name is None else str(name)
        self._new_threads.append((thread.number, native, label))
        return thread

    def _number_of(self, ident: int) -> int:
        if ident not in self._met_idents:
            self._met_idents.add(ident)
            return ident
        self._next_number += 1
        return self._next_number

    def _close_row(self, thread: SeenThread, at: float) -> None:
        if thread.looks and thread.stack is not None:
            row = (at, thread.number, thread.stack, thread.weight, thread.is_running, thread.looks)
            self._rows.append("[%r,%d,%d,%r,%d,%d]" % row)
        thread.weight = 0.0
        thread.looks = 0
