"""What does a region's task wait for, as seen by the sampler in this process? Follows asyncio; other loops show as they run."""

from __future__ import annotations

import sys
import types
from typing import Any

from timesink._await_chain import awaiting_stack, frame_of
from timesink._stacks import StackNumbers, no_stack
from timesink._variable import RegionValue, variable


class Awaits:
    """Made in the region's own thread when it starts."""

    def __init__(self, value: RegionValue, is_strict: bool) -> None:
        self._value = value
        self._is_strict = is_strict
        self._task: Any = None
        self._loop: Any = None
        #: Frames outside of the task's coroutine, innermost first, each with its callers.
        self._outer: types.FrameType | None = None
        self._prefix: int | None = None
        self._last_inside = no_stack
        asyncio = sys.modules.get("asyncio")
        if asyncio is None:
            return
        try:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.current_task()
        except RuntimeError:
            return
        coroutine_frame = None if self._task is None else frame_of(self._task.get_coro())
        self._outer = None if coroutine_frame is None else coroutine_frame.f_back

    def seen_from(self, frame: types.FrameType | None, number: int, stacks: StackNumbers) -> int:
        """The stack of the region while its thread runs the stack ``number``."""
        if self._task is None:
            return number
        if self._prefix is None:
            self._prefix = stacks.number_of_frame(self._outer)
        running = sys.modules["asyncio"].current_task(self._loop)
        if running is not None and self._is_inside(running):
            self._last_inside = number
            return number
        if not self._task.done() and running is not self._task:
            return self._awaiting(stacks)
        return stacks.with_name(self._last_inside, "[out-of-context]") if self._is_strict else number

    def remarks(self) -> list[str]:
        """What the reader of a report must know: which libraries of tasks this sampler cannot follow."""
        unknown = [name for name in ("trio", "greenlet") if name in sys.modules]
        if self._task is not None or not unknown:
            return []
        return [
            "The sampler in the process follows the tasks of asyncio, not those of {}: what ran meanwhile is shown.".format(
                " or ".join(unknown)
            )
        ]

    def forget_numbers(self) -> None:
        """After the stacks were numbered anew."""
        self._prefix = None
        self._last_inside = no_stack

    def _is_inside(self, task: Any) -> bool:
        if task is self._task:
            return True
        # Before 3.12 a task does not tell its context.
        get_context = getattr(task, "get_context", None)
        value = None if get_context is None else variable.value_in(get_context())
        while value is not None and value is not self._value:
            value = value.parent
        return value is not None

    def _awaiting(self, stacks: StackNumbers) -> int:
        return awaiting_stack(self._task, self._prefix if self._prefix is not None else no_stack, stacks)
