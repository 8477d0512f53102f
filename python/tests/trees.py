"""What is in a tree of frames? For tests."""

from __future__ import annotations

from timesink import Session
from timesink.frame import Frame


def root_of(session: Session | None) -> Frame:
    """The tree of a session that has samples."""
    assert session is not None
    root = session.root_frame()
    assert root is not None
    return root


def seconds_in(root: Frame, function: str) -> float:
    """Seconds in functions of that name, those that they call included; each moment once."""
    total = 0.0
    stack = [root]
    while stack:
        frame = stack.pop()
        if frame.function == function:
            total += frame.time
        else:
            stack.extend(frame.children)
    return total


def functions_in(root: Frame) -> set[str]:
    """Names of all functions."""
    return {frame.function for frame in root.walk()}


def path_to(root: Frame, function: str) -> list[str]:
    """Names from the root to the function of that name in which most time was spent."""
    found = [frame for frame in root.walk() if frame.function == function]
    assert found, "no {} among {}".format(function, sorted(functions_in(root)))
    frame: Frame | None = max(found, key=lambda one: one.time)
    names = []
    while frame is not None:
        names.append(frame.function)
        frame = frame.parent
    return names[::-1]
