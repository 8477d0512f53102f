"""Is this a developer's machine? Only there is code shown to whoever asks for it."""

from __future__ import annotations

import sys
from typing import Any, Iterator

# What holds an application within another: bound methods, and the middleware of most frameworks.
_ways_in = ("__self__", "app", "application", "asgi_app", "wsgi_app")
_most_steps = 20


def in_development(*applications: Any) -> bool:
    """Whether Python runs in its development mode (``python -X dev``), or an application is in debug mode."""
    return sys.flags.dev_mode or any(_is_in_debug_mode(layer) for app in applications for layer in _layers(app))


def _layers(app: Any) -> Iterator[Any]:
    for _ in range(_most_steps):
        if app is None:
            return
        yield app
        inner = (getattr(app, name, None) for name in _ways_in if name in _names(app))
        app = next((one for one in inner if one is not None), None)


def _names(app: Any) -> set[str]:
    """Attributes that are there without computing any; ``__self__`` only where it is that of a method."""
    names = set(getattr(app, "__dict__", ()))
    return names | {"__self__"} if hasattr(app, "__func__") else names


def _is_in_debug_mode(app: Any) -> bool:
    try:
        return getattr(app, "debug", None) is True
    except Exception:  # A property of a framework that we do not know.
        return False
