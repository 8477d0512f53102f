"""Where do reports go that nobody asked for one by one? Into one folder, under names that cannot lead out of it, and not too many."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import threading
from typing import IO, Any, Iterator

_separators = re.compile(r"[/\\\x00-\x1f\x7f]")
_not_on_windows = re.compile(r'[<>:"|?*]')

# The longest name of common file systems is 255 bytes; some are left for the number of a namesake.
_longest_name = 240
_longest_extension = 40
_most_namesakes = 10_000

#: Names of the reports in the folder, the oldest first: other files there are never deleted.
_list_name = ".timesink-reports"

_lock = threading.Lock()


class ReportFolder:
    """A folder of reports."""

    def __init__(self, path: str | os.PathLike[str], max_files: int | None = None) -> None:
        """The folder is made when the first report is written.

        :param max_files: when there are more reports, the oldest are deleted; None or 0: all are kept.
        """
        self.path = os.fspath(path)
        self._max_files = max_files

    def write(self, name: str, content: bytes) -> str:
        """Writes a report as ``name``, or a number after it where there is one of that name. Gives its path. OSError."""
        os.makedirs(self.path, exist_ok=True)
        with self._listed() as names:
            path = self._new_file(safe_name(name), content)
            names.append(os.path.basename(path))
            if self._max_files:
                while len(names) > self._max_files:
                    self._delete(names.pop(0))
            return path

    def remove(self, path: str) -> None:
        """Deletes one of the reports. OSError."""
        with self._listed() as names:
            name = os.path.basename(path)
            if name in names:
                names.remove(name)
                self._delete(name)

    def clear(self) -> None:
        """Deletes all reports in the folder. OSError."""
        if not os.path.isfile(os.path.join(self.path, _list_name)):
            return
        with self._listed() as names:
            while names:
                self._delete(names.pop())

    def _new_file(self, name: str, content: bytes) -> str:
        stem, extension = _split(name)
        for number in range(1, _most_namesakes):
            path = os.path.join(self.path, name if number == 1 else "{} ({}){}".format(stem, number, extension))
            try:
                with open(path, "xb") as file:
                    file.write(content)
                return path
            except FileExistsError:
                continue
        raise FileExistsError("there are too many reports named {} in {}".format(name, self.path))

    def _delete(self, name: str) -> None:
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(self.path, name))

    @contextlib.contextmanager
    def _listed(self) -> Iterator[list[str]]:
        """The names of the reports that are still there; changes of the list are written. One process at a time."""
        path = os.path.join(self.path, _list_name)
        with _lock, open(path, "r+", encoding="utf-8", errors="surrogateescape", opener=_open_own) as file:
            _lock_file(file)
            names = [name for name in file.read().splitlines() if name == safe_name(name) and self._has(name)]
            try:
                yield names
            finally:
                file.seek(0)
                file.truncate()
                file.write("".join(name + "\n" for name in names))

    def _has(self, name: str) -> bool:
        return os.path.lexists(os.path.join(self.path, name))


def safe_name(name: str) -> str:
    """A name for a file in a folder: without separators, not hidden, and not too long."""
    name = _separators.sub("_", name.encode("utf-8", "replace").decode("utf-8"))
    if sys.platform in ("win32", "cygwin"):
        name = _not_on_windows.sub("_", name).rstrip(". ")
    if name.startswith(".") or not name.strip():
        name = "_" + name[1:]
    stem, extension = _split(name)
    room = _longest_name - len(extension.encode("utf-8"))
    return stem.encode("utf-8")[:room].decode("utf-8", "ignore") + extension


def _open_own(path: str, flags: int) -> int:
    """Makes the file where it is missing; OSError for a link to elsewhere, which somebody may have put there."""
    return os.open(path, flags | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)


def _split(name: str) -> tuple[str, str]:
    stem, extension = os.path.splitext(name)
    return (name, "") if len(extension.encode("utf-8")) > _longest_extension else (stem, extension)


def _lock_file(file: IO[Any]) -> None:
    """Until it is closed; where there are no such locks, processes must not share the folder."""
    try:
        import fcntl
    except ImportError:
        return
    with contextlib.suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_EX)
