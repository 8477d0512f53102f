"""Shows where a program's wall-clock time goes. ``with timesink.profile():`` around what is slow is all it needs."""

from __future__ import annotations

import atexit
import sys
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from timesink.context_manager import profile
    from timesink.profiler import Profiler
    from timesink.session import Session

__all__ = ["Profiler", "Session", "__version__", "load_ipython_extension", "profile"]

__version__: str

# Loaded when they are first used: pytest imports this package wherever it is installed.
_homes = {"Profiler": "profiler", "Session": "session", "profile": "context_manager"}

warnings.filterwarnings("once", ".*", DeprecationWarning, r"timesink\..*")


def load_ipython_extension(shell: Any) -> None:
    """``%load_ext timesink``: the magics ``%timesink`` and ``%%timesink``."""
    from timesink.magic import load_ipython_extension as load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """``%unload_ext timesink``."""
    from timesink.magic import unload_ipython_extension as unload

    unload(shell)


def __getattr__(name: str) -> Any:
    if name in _homes:
        from importlib import import_module

        value = getattr(import_module("timesink." + _homes[name]), name)
        globals()[name] = value
        return value
    if name == "__version__":
        from timesink._node import version

        return version()
    raise AttributeError("module 'timesink' has no attribute " + repr(name))


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))


def _at_exit() -> None:
    recorder = sys.modules.get("timesink._recorder")
    if recorder is not None:
        recorder.close_recorder()


# As early as can be, so that it comes after what the program does at its end.
atexit.register(_at_exit)
