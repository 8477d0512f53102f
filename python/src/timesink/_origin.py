"""Which file is the program's own, and how is a file named in short? The rules of the reports (docs/differences.md)."""

from __future__ import annotations

import os
import re
from typing import Iterable

# Folders that only installers fill; the interpreter's own library.
_packages = re.compile(r"(?:^|[/\\])(?:(?:site|dist)-packages|__pypackages__|node_modules|[^/\\]+\.(?:egg|whl))[/\\]")
_standard_library = re.compile(r"(?:^|[/\\])(?:lib(?:64)?[/\\](?:python|pypy)3\.\d+t?|python3\d+\.zip)[/\\]", re.ASCII)


def is_application_file(file: str | None, prefixes: Iterable[str]) -> bool | None:
    """Whether code in ``file`` is the program's own; None where it counts as its caller does."""
    if not file:
        return False
    if file.startswith("<"):
        if file in ("<string>", "<stdin>") or file.startswith("<python-input-"):
            return None
        return file.startswith("<ipython-input-")
    if _packages.search(file) or _standard_library.search(file):
        return False
    return not any(prefix and _is_in_folder_of_interpreter(file, prefix) for prefix in prefixes)


def _is_in_folder_of_interpreter(file: str, prefix: str) -> bool:
    """Whether it lies in a folder below ``prefix`` that belongs to the interpreter and to installers."""
    is_windows = re.match(r"[A-Za-z]:|\\\\", prefix) is not None
    separator = "\\" if is_windows else "/"
    if is_windows:
        file, prefix = (path.replace("/", "\\").lower() for path in (file, prefix))
    folder = prefix if prefix.endswith(separator) else prefix + separator
    first, below, _ = file[len(folder) :].partition(separator)
    return bool(below) and file.startswith(folder) and first in (("lib", "dlls", "scripts") if is_windows else ("bin",))


def shorten_path(path: str, sys_path: Iterable[str]) -> str:
    """The shortest of the path and the path as seen from each entry of ``sys.path``; then the earlier one."""
    if not os.path.isabs(path):
        return path
    best, fewest = path, len(path.split(os.sep))
    for entry in sys_path:
        if not os.path.isabs(entry):
            continue
        try:
            candidate = os.path.relpath(path, entry)
        except ValueError:  # On another drive.
            continue
        parts = len(candidate.split(os.sep))
        if parts < fewest:
            best, fewest = candidate, parts
    return best
