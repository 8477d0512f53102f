"""What is a node of the call tree? A function in one place, the time it took, and what it called."""

from __future__ import annotations

import json
import math
import uuid
from typing import Any, Callable, Iterator, Sequence

from timesink._origin import is_application_file

AWAIT_FRAME_IDENTIFIER = "[await]"
SELF_TIME_FRAME_IDENTIFIER = "[self]"
OUT_OF_CONTEXT_FRAME_IDENTIFIER = "[out-of-context]"
DUMMY_ROOT_FRAME_IDENTIFIER = "[root]"
NOT_SAMPLED_FRAME_IDENTIFIER = "[not sampled]"

#: Identifiers of nodes that stand for time and have no children.
SYNTHETIC_LEAF_IDENTIFIERS = frozenset(
    [
        AWAIT_FRAME_IDENTIFIER,
        SELF_TIME_FRAME_IDENTIFIER,
        OUT_OF_CONTEXT_FRAME_IDENTIFIER,
        NOT_SAMPLED_FRAME_IDENTIFIER,
    ]
)

#: Identifiers of nodes that stand for no code.
SYNTHETIC_FRAME_IDENTIFIERS = SYNTHETIC_LEAF_IDENTIFIERS | {DUMMY_ROOT_FRAME_IDENTIFIER}


class Frame:
    """A node of the call tree. ``time`` is in seconds, with that of the children."""

    def __init__(
        self,
        identifier_or_frame_info: str = "",
        children: Sequence[Frame] | None = None,
        time: float = 0,
        context: Any = None,
    ) -> None:
        """A frame info is ``FUNCTION NUL FILE NUL FIRSTLINE``, then attributes: U+0001, a mark and a value each.

        :param context: has ``shorten_path(path)`` and ``sys_prefixes``, as sessions do.
        """
        identifier = identifier_or_frame_info.partition("\x01")[0]
        self.identifier: str = identifier
        self.parent: Frame | None = None
        self.group: FrameGroup | None = None
        self.time: float = 0.0
        #: The part of ``time`` that was spent in children which have been taken out of the tree.
        self.absorbed_time: float = 0.0
        #: Seconds by attribute: ``l12`` is line 12, ``cSession`` the class, ``h1`` that the frame wants to be hidden.
        self.attributes: dict[str, float] = {}
        self._parts = identifier.split("\x00")
        self._context = context
        self._children: list[Frame] = []
        self.record_time_from_frame_info(identifier_or_frame_info, time)
        for child in children or ():
            self.add_child(child)

    def record_time_from_frame_info(self, frame_info: str, time: float) -> None:
        """Adds time to this frame and to the attributes that the frame info has."""
        self.time += time
        for attribute in frame_info.split("\x01")[1:]:
            self.attributes[attribute] = self.attributes.get(attribute, 0.0) + time

    @property
    def function(self) -> str:
        """The bare name, without the class."""
        return self._parts[0]

    @property
    def file_path(self) -> str | None:
        """The file as the program names it; ``<built-in>`` for C functions."""
        return self._parts[1] if len(self._parts) > 1 else None

    @property
    def line_no(self) -> int | None:
        """The line of the ``def``, 0 where there is none."""
        return int(self._parts[2]) if len(self._parts) > 2 else None

    @property
    def context(self) -> Any:
        """The session of this frame. RuntimeError where it has none."""
        if self._context is None:
            raise RuntimeError("Frame has no context")
        return self._context

    def set_context(self, context: Any) -> None:
        """Makes this frame and all below belong to a session."""
        for frame in self.walk():
            frame._context = context

    @property
    def file_path_short(self) -> str | None:
        """The file as seen from the closest entry of ``sys.path``; that of the parent where this is time and no code."""
        frame: Frame = self
        while frame.is_synthetic and frame.parent is not None:
            frame = frame.parent
        return frame.context.shorten_path(frame.file_path) if frame.file_path else None

    def code_position_short(self) -> str | None:
        """``short/path.py:12``, without the line where there is none."""
        path = self.file_path_short
        return "{}:{}".format(path, self.line_no) if path and self.line_no else path

    @property
    def is_application_code(self) -> bool:
        """Whether it is the program's own code: not the interpreter's and not an installed package's."""
        frame: Frame | None = self
        while frame is not None and not frame.is_synthetic:
            answer = is_application_file(frame.file_path, frame.context.sys_prefixes)
            if answer is not None:
                return answer
            # Text that was given to exec() counts as its caller does, that of the outermost frame as the program.
            frame = frame.parent
        return frame is None or (frame is not self and frame.identifier == DUMMY_ROOT_FRAME_IDENTIFIER)

    @property
    def is_synthetic(self) -> bool:
        """Whether it stands for time and not for code."""
        return self.identifier in SYNTHETIC_FRAME_IDENTIFIERS

    @property
    def is_synthetic_leaf(self) -> bool:
        """Whether it stands for time and can have no children."""
        return self.identifier in SYNTHETIC_LEAF_IDENTIFIERS

    @property
    def children(self) -> Sequence[Frame]:
        """A copy: the tree may be changed while it is gone through."""
        return tuple(self._children)

    def add_child(self, frame: Frame, after: Frame | None = None) -> None:
        """Takes ``frame`` from its parent and makes it a child of this one: the last, or that after ``after``."""
        if self.is_synthetic_leaf:
            raise ValueError("Cannot add children to a leaf-only frame")
        frame.remove_from_parent()
        frame.parent = self
        if frame._context is not self._context:
            frame.set_context(self._context)
        self._children.insert(len(self._children) if after is None else self._children.index(after) + 1, frame)

    def add_children(self, frames: Sequence[Frame], after: Frame | None = None) -> None:
        """:meth:`add_child` for several, in their order."""
        for frame in frames:
            self.add_child(frame, after)
            after = frame if after is not None else None

    def remove_from_parent(self) -> None:
        """Makes this frame the root of a tree of its own."""
        if self.parent is not None:
            self.parent._children.remove(self)
            self.parent = None

    @property
    def proportion_of_parent(self) -> float:
        """Its share of the parent's time; 1.0 for a root, NaN where the parent took no time."""
        if self.parent is None:
            return 1.0
        return self.time / self.parent.time if self.parent.time else float("nan")

    @property
    def total_self_time(self) -> float:
        """Seconds not spent in children that are code: those of ``[self]`` and ``[await]`` and of removed children included."""
        own = self.time
        for child in self._children:
            if not child.is_synthetic:
                own -= child.time
        return own

    def await_time(self) -> float:
        """Seconds of all ``[await]`` in this tree."""
        return sum((frame.time for frame in self.walk() if frame.identifier == AWAIT_FRAME_IDENTIFIER), 0.0)

    def get_attribute_value(self, attribute_marker: str) -> str | None:
        """The value of that mark in which most time was spent."""
        matching = [item for item in self.attributes.items() if item[0].startswith(attribute_marker)]
        return max(matching, key=lambda item: item[1])[0][1:] if matching else None

    @property
    def class_name(self) -> str | None:
        """The class whose method this is."""
        return self.get_attribute_value("c")

    @property
    def has_tracebackhide(self) -> bool:
        """Whether the frame asks to be left out, by a local ``__tracebackhide__``."""
        return self.get_attribute_value("h") == "1"

    def walk(self) -> Iterator[Frame]:
        """This frame and all below, parents first, siblings in order. Takes trees of any depth."""
        stack = [self]
        while stack:
            frame = stack.pop()
            yield frame
            stack.extend(reversed(frame._children))

    def self_check(self, recursive: bool = True) -> None:
        """AssertionError where the times of the children do not add up to that of their parent."""
        for frame in self.walk() if recursive else (self,):
            if frame.is_synthetic_leaf:
                assert not frame._children, frame
                continue
            sum_of_parts = sum(child.time for child in frame._children) + frame.absorbed_time
            assert math.isclose(sum_of_parts, frame.time), "{}: the parts are {}".format(frame, sum_of_parts)

    def to_json_str(self) -> str:
        """The tree as JSON: ``identifier``, ``time``, ``attributes``, ``children``."""
        encode: Callable[[Any], str] = json.dumps
        parts: list[str] = []
        # Frames to open, and None where one is to be closed.
        stack: list[Frame | None] = [self]
        while stack:
            frame = stack.pop()
            if frame is None:
                parts.append("]}")
                continue
            if parts and parts[-1].endswith("]}"):
                parts.append(",")
            head = '{{"identifier": {},"time": {:f},"attributes": {},"children": ['
            parts.append(head.format(encode(frame.identifier), frame.time, encode(frame.attributes)))
            stack.append(None)
            stack.extend(reversed(frame._children))
        return "".join(parts)

    def __repr__(self) -> str:
        return "Frame(identifier={!r}, time={:f}, len(children)={})".format(
            self.identifier, self.time, len(self._children)
        )


class FrameGroup:
    """Frames of libraries that reports fold into one line."""

    def __init__(self, root: Frame) -> None:
        self.root = root
        self.id = str(uuid.uuid4())
        self._frames: list[Frame] = []
        self.add_frame(root)

    @property
    def frames(self) -> Sequence[Frame]:
        """The members, the root first."""
        return tuple(self._frames)

    def add_frame(self, frame: Frame) -> None:
        """Takes ``frame`` from its group into this one."""
        if frame.group is not None:
            frame.group.remove_frame(frame)
        self._frames.append(frame)
        frame.group = self

    def remove_frame(self, frame: Frame) -> None:
        """Makes ``frame`` belong to no group."""
        self._frames.remove(frame)
        frame.group = None

    @property
    def exit_frames(self) -> Sequence[Frame]:
        """The members that have called something outside of the group."""
        return [frame for frame in self._frames if any(child.group is not self for child in frame.children)]

    def __repr__(self) -> str:
        return "FrameGroup(len(frames)={})".format(len(self._frames))
