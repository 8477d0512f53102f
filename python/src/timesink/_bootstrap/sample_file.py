"""How does what was seen of a program reach the recorder? As a file of lines that this understands."""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What they are before a program may replace them.
_open, _write, _close = os.open, os.write, os.close

# Bytes that wait for a file to be opened, at most.
_most_unsent = 1 << 26


class SampleFile:
    """The file of one process: requests to a recorder, of which the last ``stop`` counts."""

    def __init__(self, folder: str) -> None:
        self._pid = os.getpid()
        self._path = os.path.join(folder, "{}.{}.samples".format(self._pid, time.time_ns()))
        self._unsent = b""
        #: Nothing can be written any more, or need be.
        self.is_closed = False

    def introduce(self, interval: float, main: int, main_native: int, now: float) -> None:
        """Says whose samples come; written with the first of them."""
        version = "{}.{}.{}".format(*sys.version_info[:3])
        other = getattr(sys, "pypy_version_info", None)
        if other is not None:
            version += " (PyPy {}.{}.{})".format(*other[:3])
        command = getattr(sys, "orig_argv", None) or [sys.executable or "python"] + getattr(sys, "argv", [])
        prefixes = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
        self._unsent += _lines(
            '{"kind":"hello","protocol":1,"pid":%d,"implementation":%s,"version":%s,"engine":"inprocess",'
            '"command":%s,"sysPath":%s,"sysPrefixes":%s}'
            % (
                self._pid,
                _quote(sys.implementation.name),
                _quote(version),
                _list(command),
                _list(sys.path),
                _list(prefixes),
            ),
            '{"kind":"start","region":1,"interval":%r,"thread":{"ident":%d,"nativeId":%d,"name":"MainThread"},'
            '"threads":"all","asyncMode":"disabled","description":"","startCallStack":[],"startTime":%r,"at":%r}'
            % (interval, main, main_native, time.time(), now),
        )

    def add_samples(
        self,
        must_reset: bool,
        stacks: list[tuple[int, str]],
        threads: list[tuple[int, int, str]],
        rows: list[str],
    ) -> None:
        """What is new; ``must_reset`` where the stacks were numbered anew before."""
        self._unsent += _lines(
            '{"kind":"samples","reset":%s,"stacks":[%s],"threads":[%s],"regions":[{"region":1,"rows":[%s]}]}'
            % (
                "true" if must_reset else "false",
                ",".join(["[%d,%s]" % (caller, _quote(frame)) for caller, frame in stacks]),
                ",".join(
                    [
                        '{"ident":%d,"nativeId":%d,"name":%s}' % (number, native, _quote(name))
                        for number, native, name in threads
                    ]
                ),
                ",".join(rows),
            )
        )

    def stop_at(self, now: float, notes: list[str], is_last: bool) -> None:
        """Ends the recording here, as far as is known."""
        self._unsent += _lines(
            '{"kind":"stop","region":1,"at":%r,"cpuTime":%r,"sysPath":%s,"notes":%s}'
            % (now, time.process_time(), _list(sys.path) if is_last else "null", _list(notes))
        )

    def write(self) -> None:
        """Opens the file each time: programs close descriptors that they do not know, and use their numbers again."""
        if self.is_closed or self._pid != os.getpid():
            return
        data, self._unsent = self._unsent, b""
        try:
            descriptor = _open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        except OSError:
            # Later, perhaps.
            self._unsent = data
            self.is_closed = len(data) > _most_unsent
            return
        try:
            while data:
                data = data[_write(descriptor, data) :]
        except OSError:
            # A part of it may be there: what comes after it could not be read.
            self.is_closed = True
        finally:
            _close(descriptor)


class _Escapes(dict):  # type: ignore[type-arg]
    """Each character as it stands in a text of JSON, without the module for that."""

    def __missing__(self, code: int) -> int | str:
        escaped: int | str = code
        if code >= 0x10000:
            escaped = "\\u%04x\\u%04x" % (0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF))
        elif not 0x20 <= code <= 0x7E or code in (0x22, 0x5C):
            escaped = "\\u%04x" % code
        self[code] = escaped
        return escaped


_escapes = _Escapes()


def _quote(text: str) -> str:
    return '"' + text.translate(_escapes) + '"'


def _list(texts: Any) -> str:
    return "[" + ",".join([_quote(text) for text in texts if isinstance(text, str)]) + "]"


def _lines(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode("ascii")
