"""Which thread is this? The one of the operating system, also where gevent has put greenlets in the place of threads."""

from __future__ import annotations

import sys
import threading
from typing import Any


def current_thread() -> dict[str, Any]:
    """Its idents of Python and of the system (0 where there is none), and its name."""
    return {"ident": current_ident(), "nativeId": _native_id(), "name": _name()}


def current_ident() -> int:
    """What ``threading.get_ident()`` gives unless it was replaced."""
    return int(_original("get_ident")())


def _native_id() -> int:
    try:
        return int(_original("get_native_id")())
    except AttributeError:
        return 0


def _name() -> str:
    return str(threading.current_thread().name)


def _original(name: str) -> Any:
    monkey = sys.modules.get("gevent.monkey")
    if monkey is not None:
        return monkey.get_original("_thread", name)
    return getattr(threading, name)
