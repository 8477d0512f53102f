"""Which stacks has the sampler in this process met? Each has a number, which is all that is sent when it comes again."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types

#: For a thread that runs no Python.
no_stack = -1

# Elsewhere the frames of other threads are copies, each with a code object of its own (PyPy, `sys._current_frames()`).
_has_lasting_codes = sys.implementation.name == "cpython"

# Functions of the standard library that do nothing but wait.
_library = os.path.dirname(os.__file__).replace("\\", "/") + "/"
_waiting_functions = {
    "threading.py": ("wait", "join", "_wait_for_tstate_lock", "_shutdown"),
    "selectors.py": ("select",),
    "socket.py": ("accept", "readinto"),
    "ssl.py": ("read",),
    "subprocess.py": ("_try_wait", "_wait"),
    "concurrent/futures/thread.py": ("_worker",),
    "multiprocessing/connection.py": ("_recv", "_poll", "wait"),
    "multiprocessing/popen_fork.py": ("poll", "wait"),
    "asyncio/windows_events.py": ("_poll",),
}


class StackNumbers:
    """Stacks as a table: each is its caller's number and a frame, as in a ``.pyisession``."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, object, int], int] = {}
        self._named: dict[tuple[int, str], int] = {}
        self._new: list[tuple[int, str]] = []
        self._count = 0
        # Codes must live as long as they are known by their address.
        self._texts: dict[object, tuple[types.CodeType, str]] = {}

    def __len__(self) -> int:
        return self._count

    def take_new(self) -> list[tuple[int, str]]:
        """What was not asked for yet, in the order of the numbers."""
        new, self._new = self._new, []
        return new

    def number_of_frame(self, frame: types.FrameType | None, above: types.FrameType | None = None) -> int:
        """Of a frame with all its callers, up to but not including ``above``."""
        frames = []
        while frame is not None and frame is not above:
            frames.append(frame)
            frame = frame.f_back
        number = no_stack
        for one in reversed(frames):
            number = self.with_frame(number, one)
        return number

    def with_frame(self, caller: int, frame: types.FrameType) -> int:
        """Of a frame that was called from another stack."""
        code = frame.f_code
        line = frame.f_lineno or code.co_firstlineno
        known_by: object = id(code) if _has_lasting_codes else (code.co_name, code.co_filename, code.co_firstlineno)
        key = (caller, known_by, line)
        number = self._numbers.get(key)
        if number is None:
            number = self._add(caller, "{}\x01l{}".format(self._text(frame, known_by), line))
            self._numbers[key] = number
        return number

    def with_name(self, caller: int, name: str) -> int:
        """Of something that is no code, such as ``[await]``."""
        key = (caller, name)
        if key not in self._named:
            self._named[key] = self._add(caller, name)
        return self._named[key]

    def _add(self, caller: int, frame: str) -> int:
        self._new.append((caller, frame))
        self._count += 1
        return self._count - 1

    def _text(self, frame: types.FrameType, known_by: object) -> str:
        code = frame.f_code
        known = self._texts.get(known_by)
        if known is None:
            file = code.co_filename
            # PyPy's own modules; as CPython names what it has frozen.
            if file.startswith("<builtin>/"):
                file = "<{}>".format(file[len("<builtin>/") :])
            text = "{}\x00{}\x00{}".format(code.co_name, file, code.co_firstlineno)
            class_name = _class_of(frame)
            if class_name is not None:
                text += "\x01c" + class_name
            names = getattr(code, "co_varnames", ())
            if "__tracebackhide__" in names or "__traceback_hide__" in names:
                text += "\x01h1"
            known = self._texts[known_by] = (code, text)
        return known[1]


def is_waiting(frame: types.FrameType) -> bool:
    """Whether this is the innermost frame of a thread that waits, as far as its function tells: one of the standard library."""
    code = frame.f_code
    file = code.co_filename.replace("\\", "/")
    if not file.startswith(_library):
        return False
    return code.co_name in _waiting_functions.get(file[len(_library) :], ())


def _class_of(frame: types.FrameType) -> str | None:
    """Short name of the class whose method this is."""
    code = frame.f_code
    qualified = getattr(code, "co_qualname", None)
    if qualified is not None:
        outer = qualified.rpartition(".")[0]
        return None if not outer or outer.endswith("<locals>") else str(outer.rpartition(".")[2])
    if not getattr(code, "co_argcount", 0) or code.co_varnames[0] not in ("self", "cls"):
        return None
    first = frame.f_locals.get(code.co_varnames[0])
    kind = first if code.co_varnames[0] == "cls" and isinstance(first, type) else type(first)
    for base in kind.__mro__:
        member = base.__dict__.get(code.co_name)
        function = getattr(member, "__func__", getattr(member, "fget", member))
        if getattr(function, "__code__", None) is code:
            return str(base.__name__)
    return None if first is None else str(kind.__name__)

