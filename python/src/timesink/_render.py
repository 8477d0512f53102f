"""``python -m timesink._render package.module.Class FILE`` writes what a Python renderer makes of a recording to standard output.

The command line runs this for ``-r package.module.Class`` with the program's interpreter: without FILE before anything is
recorded, to see whether the renderer can be made. Options come as JSON in ``TIMESINK_RENDER_OPTIONS``. Exit code 2 and one line on standard error where the renderer cannot be had.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any, NoReturn

from timesink.renderers import Renderer
from timesink.session import Session


def main(arguments: list[str]) -> None:
    """Renders, or ends the process with exit code 2."""
    if not 1 <= len(arguments) <= 2:
        _fail("expected the name of a class and a file")
    name = arguments[0]
    # As for the program itself: modules in the working directory can be named.
    if "" not in sys.path and os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    renderer = _made(_class_named(name), name)
    if len(arguments) == 1:
        return
    report = renderer.render(Session.load(arguments[1]))
    errors = "surrogateescape" if renderer.output_is_binary else "backslashreplace"
    data = report if isinstance(report, bytes) else str(report).encode("utf-8", errors)
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _class_named(name: str) -> Any:
    module, _, member = name.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), member)
    except (ImportError, AttributeError, ValueError) as error:
        _fail("cannot load the renderer {}: {}".format(name, error))
    if not callable(getattr(found, "render", None)):
        _fail("{} is no renderer: it has no method render".format(name))
    return found


def _made(renderer_class: Any, name: str) -> Any:
    options = json.loads(os.environ.get("TIMESINK_RENDER_OPTIONS") or "{}")
    try:
        return renderer_class(**options)
    except (TypeError, ValueError, Renderer.MisconfigurationError) as error:
        _fail("the renderer {} refuses its options: {}".format(name, error))


def _fail(message: str) -> NoReturn:
    sys.stderr.write("timesink: {}\n".format(message))
    sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
