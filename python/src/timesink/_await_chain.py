"""Which coroutines wait for which, from a task of asyncio on? As stacks of the sampler in this process."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Any

    from timesink._stacks import StackNumbers

# A chain that is longer is a circle of tasks that wait for each other.
_longest_chain = 1000


def awaiting_stack(task: Any, caller: int, stacks: StackNumbers) -> int:
    """The stack of a task that waits: its coroutine on top of ``caller``, what that awaits, and ``[await]``."""
    number, seen = caller, 0
    while task is not None and seen < _longest_chain:
        awaited = task.get_coro()
        while awaited is not None and seen < _longest_chain:
            seen += 1
            frame = frame_of(awaited)
            if frame is None:
                break
            number = stacks.with_frame(number, frame)
            awaited = _awaited_by(awaited)
        waiter = getattr(task, "_fut_waiter", None)
        task = waiter if waiter is not None and hasattr(waiter, "get_coro") and not waiter.done() else None
    return stacks.with_name(number, "[await]")


def frame_of(awaitable: Any) -> types.FrameType | None:
    """That of a coroutine, generator or async generator; None where it has ended, or is none of them."""
    for name in ("cr_frame", "gi_frame", "ag_frame"):
        frame = getattr(awaitable, name, None)
        if frame is not None:
            return frame  # type: ignore[no-any-return]
    return None


def _awaited_by(awaitable: Any) -> Any:
    for name in ("cr_await", "gi_yieldfrom", "ag_await"):
        if hasattr(awaitable, name):
            return getattr(awaitable, name)
    return None
