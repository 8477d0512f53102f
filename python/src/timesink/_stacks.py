"""Which stacks has the sampler in this process met? Each has a number, which is all that is sent when it comes again."""

from __future__ import annotations

import types

#: For a thread that runs no Python.
no_stack = -1


class StackNumbers:
    """Stacks as a table: each is its caller's number and a frame, as in a ``.pyisession``."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, int, int], int] = {}
        self._named: dict[tuple[int, str], int] = {}
        self._new: list[tuple[int, str]] = []
        self._count = 0
        # Codes must live as long as they are known by their address.
        self._texts: dict[int, tuple[types.CodeType, str]] = {}

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
        key = (caller, id(code), line)
        number = self._numbers.get(key)
        if number is None:
            number = self._add(caller, "{}\x01l{}".format(self._text(frame), line))
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

    def _text(self, frame: types.FrameType) -> str:
        code = frame.f_code
        known = self._texts.get(id(code))
        if known is None:
            text = "{}\x00{}\x00{}".format(code.co_name, code.co_filename, code.co_firstlineno)
            class_name = _class_of(frame)
            if class_name is not None:
                text += "\x01c" + class_name
            if "__tracebackhide__" in code.co_varnames or "__traceback_hide__" in code.co_varnames:
                text += "\x01h1"
            known = self._texts[id(code)] = (code, text)
        return known[1]


def _class_of(frame: types.FrameType) -> str | None:
    """Short name of the class whose method this is."""
    code = frame.f_code
    qualified = getattr(code, "co_qualname", None)
    if qualified is not None:
        outer = qualified.rpartition(".")[0]
        return None if not outer or outer.endswith("<locals>") else str(outer.rpartition(".")[2])
    if not code.co_argcount or code.co_varnames[0] not in ("self", "cls"):
        return None
    first = frame.f_locals.get(code.co_varnames[0])
    kind = first if code.co_varnames[0] == "cls" and isinstance(first, type) else type(first)
    for base in kind.__mro__:
        member = base.__dict__.get(code.co_name)
        function = getattr(member, "__func__", getattr(member, "fget", member))
        if getattr(function, "__code__", None) is code:
            return str(base.__name__)
    return None if first is None else str(kind.__name__)
