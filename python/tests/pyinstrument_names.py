"""Prints, one in a line, what pyinstrument's package has and ours lacks: classes, methods, properties, arguments, defaults.

Needs an interpreter with pyinstrument 5.1.3.
"""

from __future__ import annotations

import importlib
import inspect
from typing import Any, Iterator

classes = {
    "": ["Profiler"],
    "session": ["Session"],
    "frame": ["Frame", "FrameGroup"],
    "renderers": [
        "ConsoleRenderer",
        "FrameRenderer",
        "HTMLRenderer",
        "JSONRenderer",
        "PstatsRenderer",
        "Renderer",
        "SessionRenderer",
        "SpeedscopeRenderer",
    ],
}

functions = {
    "processors": [
        "aggregate_repeated_calls",
        "group_library_frames_processor",
        "merge_consecutive_self_time",
        "remove_first_pyinstrument_frames_processor",
        "remove_importlib",
        "remove_irrelevant_nodes",
        "remove_tracebackhide",
        "remove_unnecessary_self_time_nodes",
    ]
}


def module(package: str, name: str) -> Any:
    return importlib.import_module(".".join(part for part in (package, name) if part))


def parameters(function: Any) -> dict[str, tuple[Any, str]]:
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return {}
    # The default of what is printed to is a stream of this process.
    return {one.name: (one.kind, "" if one.name == "file" else repr(one.default)) for one in found}


def lacking(name: str, theirs: Any, ours: Any) -> Iterator[str]:
    if ours is None:
        yield name
        return
    here = parameters(ours) if callable(theirs) else {}
    for parameter, form in (parameters(theirs) if callable(theirs) else {}).items():
        if here.get(parameter) != form:
            yield "{}({})".format(name, parameter)


def differences() -> Iterator[str]:
    for home, names in functions.items():
        for name in names:
            theirs, ours = (getattr(module(package, home), name, None) for package in ("pyinstrument", "timesink"))
            yield from lacking(name, theirs, ours)
    for home, names in classes.items():
        for name in names:
            theirs, ours = (getattr(module(package, home), name, None) for package in ("pyinstrument", "timesink"))
            for member in ["__init__"] + [one for one in dir(theirs) if not one.startswith("_")]:
                qualified = "{}.{}".format(name, member)
                yield from lacking(qualified, getattr(theirs, member), getattr(ours, member, None))


if __name__ == "__main__":
    print("\n".join(differences()))
