"""How does a tree of frames travel to the recorder and back? As columns, one entry for each frame."""

from __future__ import annotations

import base64
from typing import Any, Callable, List, Optional

from timesink.frame import Frame, FrameGroup

#: A processor: takes the root of a tree and options, gives the new root.
ProcessorType = Callable[..., Optional[Frame]]
ProcessorList = List[ProcessorType]


def tree_of(root: Frame) -> tuple[dict[str, Any], list[Frame]]:
    """The columns, and the frames in their order."""
    numbers: dict[Frame, int] = {}
    identifiers: dict[str, int] = {}
    groups: dict[FrameGroup, int] = {}
    frames = list(root.walk())
    for number, frame in enumerate(frames):
        numbers[frame] = number
        identifiers.setdefault(frame.identifier, len(identifiers))
        if frame.group is not None:
            groups.setdefault(frame.group, len(groups))
    columns = {
        "identifiers": list(identifiers),
        "identifier": [identifiers[frame.identifier] for frame in frames],
        "parent": [numbers.get(frame.parent, -1) if frame.parent is not None else -1 for frame in frames],
        "time": [frame.time for frame in frames],
        "absorbedTime": [frame.absorbed_time for frame in frames],
        "attributes": [frame.attributes for frame in frames],
        "group": [-1 if frame.group is None else groups[frame.group] for frame in frames],
        "groups": [numbers.get(group.root, 0) for group in groups],
    }
    return columns, frames


def frames_from(tree: dict[str, Any], context: Any, known: list[Frame] | None = None) -> Frame:
    """The root of a tree of frames; of those in ``known`` that the tree came from, where it says so."""
    identifiers = tree["identifiers"]
    frames: list[Frame] = []
    source = tree.get("source")
    for number, identifier in enumerate(tree["identifier"]):
        frame = Frame(identifiers[identifier]) if known is None or source is None else known[source[number]]
        frames.append(frame)
    above = known[0].parent if known else None
    # All are taken apart before they are put together: a frame may have moved anywhere.
    for frame in known or ():
        frame.parent, frame.group, frame._children = None, None, []
    for frame, parent, time, absorbed, attributes in zip(
        frames, tree["parent"], tree["time"], tree["absorbedTime"], tree["attributes"]
    ):
        frame.time, frame.absorbed_time, frame.attributes, frame._context = time, absorbed, attributes, context
        if parent >= 0:
            frame.parent = frames[parent]
            frames[parent]._children.append(frame)
    if known and frames[0] is known[0]:
        frames[0].parent = above
    _regroup(frames, tree)
    return frames[0]


def _regroup(frames: list[Frame], tree: dict[str, Any]) -> None:
    groups = [FrameGroup(frames[root]) for root in tree["groups"]]
    for frame, group in zip(frames, tree["group"]):
        if group >= 0 and frame is not groups[group].root:
            groups[group].add_frame(frame)


def records_from(root: Frame) -> list[tuple[list[str], float]]:
    """What would have been recorded to make this tree: for each time that belongs to no child, a stack."""
    records: list[tuple[list[str], float]] = []
    path: list[str] = []
    stack: list[tuple[Frame, int]] = [(root, 0)]
    while stack:
        frame, depth = stack.pop()
        del path[depth:]
        if frame.is_synthetic_leaf:
            own = [] if frame.identifier == "[self]" else [frame.identifier]
            records.append((path + own, frame.time))
            continue
        if frame.identifier != "[root]":
            path.append("\x01".join([frame.identifier] + _main_attributes(frame)))
        rest = frame.time - sum(child.time for child in frame._children)
        if rest > 1e-9 or not frame._children:
            records.append((list(path), max(rest, 0.0)))
        stack.extend((child, len(path)) for child in reversed(frame._children))
    return records


def _main_attributes(frame: Frame) -> list[str]:
    values = ((mark, frame.get_attribute_value(mark)) for mark in "clh")
    return [mark + value for mark, value in values if value is not None]


def as_text(answer: dict[str, Any]) -> str:
    """A report: bytes as pyinstrument gives them, as text in UTF-8 with surrogates for what is none."""
    if "text" in answer:
        return str(answer["text"])
    return base64.b64decode(answer["base64"]).decode("utf-8", "surrogateescape")


def as_bytes(answer: dict[str, Any]) -> bytes:
    """A report as it is written to a file."""
    if "text" in answer:
        return str(answer["text"]).encode("utf-8", "surrogatepass")
    return base64.b64decode(answer["base64"])
