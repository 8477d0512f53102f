"""Which thread is this? The one of the operating system, also where gevent has put greenlets in the place of threads."""

from __future__ import annotations

import os
import sys
import threading
from importlib import import_module
from typing import Any


def current_thread() -> dict[str, Any]:
    """Its idents of Python and of the system (0 where there is none), and its name."""
    native = _native_id()
    # gevent calls each greenlet a thread. On Linux the first thread has the number of its process.
    thread = threading.main_thread() if native == os.getpid() else threading.current_thread()
    return {"ident": current_ident(), "nativeId": native, "name": str(thread.name)}


def current_ident() -> int:
    """What ``threading.get_ident()`` gives unless it was replaced."""
    return int(original("_thread", "get_ident")())


def _native_id() -> int:
    try:
        return int(original("_thread", "get_native_id")())
    except AttributeError:
        return 0


def original(module: str, name: str) -> Any:
    """What the interpreter itself calls so, of a module of the standard library."""
    monkey = sys.modules.get("gevent.monkey")
    if monkey is not None:
        return monkey.get_original(module, name)
    return getattr(import_module(module), name)
