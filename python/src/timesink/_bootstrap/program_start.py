"""Where does the program begin in the stacks of its main thread, and for what does that one wait in an event loop?"""

from __future__ import annotations

import sys

from timesink._await_chain import awaiting_stack
from timesink._stacks import StackNumbers, no_stack

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Any


class ProgramStart:
    """Where does the program begin in the stacks of the main thread? Below that is Python's own start."""

    def __init__(self, stacks: StackNumbers, follows_awaits: bool) -> None:
        self._stacks = stacks
        self._follows_awaits = follows_awaits
        self._root: tuple[str, str, int] | None = None
        self._root_stack = no_stack

    def forget_numbers(self, stacks: StackNumbers) -> None:
        """After the stacks were numbered anew."""
        self._stacks = stacks
        self._root_stack = no_stack

    def stack_of(self, frame: types.FrameType | None) -> int | None:
        """Number of the main thread's stack; None while the program has not begun.

        What runs after its end, such as exit handlers, stands on its outermost frame.
        """
        frames: list[types.FrameType] = []
        while frame is not None:
            frames.append(frame)
            frame = frame.f_back
        while frames and _is_of_runpy(frames[-1].f_code):
            frames.pop()
        bottom = _identity(frames[-1].f_code) if frames else None
        if self._root is None:
            # Python's own start calls functions, and runs frozen modules only.
            if bottom is None or bottom[0] != "<module>" or bottom[1].startswith("<frozen "):
                return None
            self._root = bottom
        if bottom == self._root:
            self._root_stack = self._stacks.with_frame(no_stack, frames.pop())
        number = self._root_stack
        task = _main_task(frames) if self._follows_awaits else None
        for one in reversed(frames if task is None else frames[1:]):
            number = self._stacks.with_frame(number, one)
        if task is None:
            return number
        # The coroutine stands there whenever it runs, too.
        handle = sys.modules["asyncio"].events.Handle._run.__code__
        place: Any = _Place(handle, handle.co_firstlineno + 2)
        return awaiting_stack(task, self._stacks.with_frame(number, place), self._stacks)


class _Place:
    """A frame that is not there."""

    def __init__(self, code: types.CodeType, line: int) -> None:
        self.f_code = code
        self.f_lineno = line
        self.f_locals: dict[str, object] = {}


def _identity(code: types.CodeType) -> tuple[str, str, int]:
    return (code.co_name, code.co_filename, code.co_firstlineno)


def _is_of_runpy(code: types.CodeType) -> bool:
    file = code.co_filename
    return file == "<frozen runpy>" or file.endswith(("/runpy.py", "\\runpy.py"))


def _main_task(frames: list[types.FrameType]) -> Any:
    """What a thread waits for that is idle in an event loop of asyncio; frames are innermost first."""
    if len(frames) < 3 or frames[0].f_code.co_name != "select" or frames[1].f_code.co_name != "_run_once":
        return None
    for frame in frames[2:]:
        if frame.f_code.co_name == "run_until_complete":
            task = frame.f_locals.get("future")
            return task if hasattr(task, "get_coro") and not task.done() else None
    return None
