"""Which recorder belongs to this process? One Node.js process, started when it is first needed and ended with the program."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from typing import Any, Iterator, TypeVar

from timesink._connection import Connection, RecorderEnded, RecorderError, error_text
from timesink._node import NodeNotFound, files, find_node, package_folder
from timesink._variable import variable

__all__ = ["Recorder", "RecorderEnded", "RecorderError", "current_recorder", "prepare_recorder"]

#: Seconds that an answer may take which needs no work.
patience = 30.0

_protocol = 1

# Modules that never call the program's code: whatever they call is ours, too.
_inner_modules = (
    "_await_chain",
    "_awaits",
    "_codec",
    "_connection",
    "_inprocess",
    "_node",
    "_recorder",
    "_region",
    "_stacks",
    "_threads",
    "_variable",
)

# A small nursery and no second compiler keep the process small; it turns to them when it has much to do.
_node_flags = ["--max-semi-space-size=1", "--no-opt", "--no-maglev"]


class Recorder:
    """The recorder process of this process, and what it said of itself."""

    def __init__(self) -> None:
        """Starts it, without waiting for it. Raises RecorderError."""
        introduction = _introduction()
        try:
            command = [find_node(), *_node_flags, str(files() / "dist" / "timesink-recorder.js")]
            self._connection = Connection(command, _environment())
        except (NodeNotFound, OSError) as error:
            raise RecorderError("The recorder cannot be started: {}".format(error)) from error
        self._dropped: deque[int] = deque()
        self._cancelled: deque[tuple[int, object]] = deque()
        self._greeting: dict[str, Any] | None = None
        self._refusal: RecorderError | None = None
        self._greeting_lock = threading.RLock()
        _allow_to_read_us(self._connection.pid)
        self._hello = self._connection.send("hello", **introduction)

    @property
    def pid(self) -> int:
        """Of the recorder."""
        return self._connection.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can still be asked."""
        return self._connection.is_alive

    @property
    def engine(self) -> str:
        """``outside`` where the recorder reads our memory; ``inprocess`` where samples are taken in here and sent to it."""
        return str(self._greet()["engine"])

    @property
    def reason(self) -> str:
        """Why the engine is not ``outside``; empty where it was not asked for or nothing hinders it."""
        refusal = self._greet().get("refusal")
        return "" if refusal is None else error_text(refusal)

    def request(self, kind: str, timeout: float | None = None, **fields: Any) -> dict[str, Any]:
        """Sends a message and waits for its answer. Raises RecorderError, or ValueError for options that are wrong."""
        self._greet()
        self._tell_forgotten()
        return self._connection.request(kind, timeout, **fields)

    def post(self, kind: str, **fields: Any) -> None:
        """Sends a message that has no answer. Raises RecorderError."""
        self._connection.post(kind, **fields)

    def drop(self, session: int) -> None:
        """Says that nobody needs this session any more. Takes no lock: a garbage collection may call it at any moment."""
        self._dropped.append(session)

    def cancel(self, region: int, value: object) -> None:
        """Says that nobody will stop this region; keeps ``value`` until that is told. Takes no lock, either."""
        self._cancelled.append((region, value))

    def close(self) -> None:
        """Ends it."""
        self._connection.close(2.0)

    def forget_in_child(self) -> None:
        """After a fork: it belongs to the parent."""
        self._greeting_lock = threading.RLock()
        self._connection.forget_in_child()

    def _greet(self) -> dict[str, Any]:
        with self._greeting_lock:
            if self._refusal is not None:
                raise self._refusal
            if self._greeting is None:
                try:
                    self._greeting = self._connection.answer(self._hello, patience)
                except RecorderError as error:
                    self._refusal = error
                    raise
            return self._greeting

    def _tell_forgotten(self) -> None:
        sessions = list(_taken_from(self._dropped))
        if sessions:
            self._connection.post("drop", sessions=sessions)
        for region, _value in _taken_from(self._cancelled):
            self._connection.post("cancel", region=region)


_Item = TypeVar("_Item")


def _taken_from(items: deque[_Item]) -> Iterator[_Item]:
    """All that is there; other threads may take some, too."""
    while True:
        try:
            yield items.popleft()
        except IndexError:
            return


_lock = threading.RLock()
_recorder: Recorder | None = None
_is_closed = False


def current_recorder() -> Recorder:
    """The recorder of this process; a new one where there is none, or none any more. Raises RecorderError."""
    global _recorder
    with _lock:
        if _recorder is None or not _recorder.is_alive:
            if _is_closed:
                raise RecorderEnded("The recorder has ended with this interpreter.")
            _recorder = Recorder()
        return _recorder


def prepare_recorder() -> None:
    """Starts the recorder in the background. Where that fails, the next call that needs it says why."""
    if not _is_closed:
        try:
            current_recorder()
        except RecorderError:
            pass


def _environment() -> dict[str, str]:
    # What is meant for the program's own Node.js processes is not for this one.
    not_ours = ("NODE_OPTIONS", "NODE_V8_COVERAGE")
    return {name: value for name, value in os.environ.items() if name not in not_ours}


def _introduction() -> dict[str, Any]:
    return {
        "protocol": _protocol,
        "pid": os.getpid(),
        "implementation": sys.implementation.name,
        "version": "{}.{}.{}".format(*sys.version_info[:3]),
        "engine": _wished_engine(),
        "packageFolder": package_folder + os.sep,
        "innerFiles": [os.path.join(package_folder, name + ".py") for name in _inner_modules],
        "command": [str(word) for word in getattr(sys, "orig_argv", [sys.executable or "python"] + sys.argv)],
        "sysPath": current_sys_path(),
        "sysPrefixes": current_sys_prefixes(),
        "contextVariable": {"address": variable.address},
    }


def current_sys_path() -> list[str]:
    """``sys.path``, without what programs put there that is no path."""
    return [entry for entry in sys.path if isinstance(entry, str)]


def current_sys_prefixes() -> list[str]:
    """Where this interpreter's own files lie."""
    return [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]


def _wished_engine() -> str:
    wish = os.environ.get("TIMESINK_ENGINE") or "auto"
    if wish not in ("auto", "inprocess", "outside"):
        raise RecorderError("TIMESINK_ENGINE={} is neither inprocess nor outside.".format(wish))
    return wish


def _allow_to_read_us(pid: int) -> None:
    """Where the kernel's Yama lets a process be read by its parents only, this one may be read by its recorder."""
    try:
        with open("/proc/sys/kernel/yama/ptrace_scope") as file:
            if file.read().strip() != "1":
                return
        import ctypes

        prctl = ctypes.CDLL(None).prctl
        prctl.restype = ctypes.c_int
        prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
        set_ptracer = 0x59616D61
        prctl(set_ptracer, pid, 0, 0, 0)
    except (OSError, ImportError, AttributeError):
        pass


def close_recorder() -> None:
    """At the end of the interpreter."""
    global _is_closed
    with _lock:
        _is_closed = True
        if _recorder is not None:
            _recorder.close()


def _in_child() -> None:
    global _recorder, _lock
    _lock = threading.RLock()
    forgotten, _recorder = _recorder, None
    if forgotten is not None:
        forgotten.forget_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
