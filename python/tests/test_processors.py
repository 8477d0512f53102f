"""The eight processors on trees in Python: they change the tree they are given, and keep its frames."""

from __future__ import annotations

from typing import Any

import pytest

from timesink import processors
from timesink.frame import Frame


class Context:
    sys_prefixes = ["/usr"]

    def shorten_path(self, path: str) -> str:
        return path


def frame(name: str, time: float, *children: Frame, file: str = "/home/me/a.py") -> Frame:
    identifier = name if name.startswith("[") else "{}\x00{}\x001".format(name, file)
    return Frame(identifier, list(children), time, Context())


def shape(root: Frame) -> Any:
    return [root.function, round(root.time, 6), [shape(child) for child in root.children]]


def test_none_stays_none() -> None:
    for processor in processors.built_in:
        assert processor(None, options={}) is None


def test_remove_importlib() -> None:
    inner = frame("inner", 1.0)
    machinery = frame("_find", 1.0, inner, file="<frozen importlib._bootstrap>")
    root = frame("root", 1.0, machinery)
    assert processors.remove_importlib(root, options={}) is root
    assert root.children == (inner,) and inner.parent is root and machinery.parent is None


def test_remove_tracebackhide() -> None:
    inner = frame("inner", 1.0)
    hidden = Frame("hidden\x00/a.py\x001\x01h1", [inner], 1.0, Context())
    root = frame("root", 1.0, hidden)
    assert processors.remove_tracebackhide(root, {}) is root
    assert root.children == (inner,)


def test_merge_consecutive_self_time() -> None:
    root = frame("root", 1.0, frame("[self]", 0.25), frame("[self]", 0.25), frame("a", 0.25), frame("[self]", 0.25))
    assert processors.merge_consecutive_self_time(root, {}) is root
    assert [(child.function, child.time) for child in root.children] == [("[self]", 0.5), ("a", 0.25), ("[self]", 0.25)]


def test_aggregate_repeated_calls() -> None:
    first = frame("a", 0.25, frame("b", 0.25))
    root = frame("root", 1.0, first, frame("c", 0.5), frame("a", 0.25, frame("b", 0.25)))
    first.attributes = {"l1": 0.25}
    first.colour = "red"  # type: ignore[attr-defined]
    assert processors.aggregate_repeated_calls(root, {}) is root
    assert shape(root) == ["root", 1.0, [["a", 0.5, [["b", 0.5, []]]], ["c", 0.5, []]]]
    assert root.children[0] is first and first.colour == "red"  # type: ignore[attr-defined]
    assert first.attributes["l1"] == 0.25


def test_remove_irrelevant_nodes() -> None:
    root = frame("root", 1.0, frame("a", 0.9), frame("b", 0.1))
    processors.remove_irrelevant_nodes(root, {"filter_threshold": 0.5})
    assert shape(root) == ["root", 1.0, [["a", 0.9, []]]]
    assert root.absorbed_time == pytest.approx(0.1)


def test_remove_unnecessary_self_time_nodes() -> None:
    root = frame("root", 1.0, frame("[self]", 1.0))
    processors.remove_unnecessary_self_time_nodes(root, {})
    assert shape(root) == ["root", 1.0, []] and root.absorbed_time == 1.0


def test_remove_first_frames() -> None:
    program = frame("<module>", 1.0)
    launcher = frame(
        "<module>", 1.0, frame("<module>", 1.0, program, file="<string>"), file="/x/pyinstrument/__main__.py"
    )
    assert processors.remove_first_pyinstrument_frames_processor(launcher, {}) is program
    other = frame("root", 1.0, program)
    assert processors.remove_first_pyinstrument_frames_processor(other, {}) is other


def test_group_library_frames() -> None:
    library = "/usr/lib/python3.11/x.py"
    own = frame("own", 1.0)
    inner = frame("inner", 1.0, own, file=library)
    outer = frame("outer", 1.0, inner, file=library)
    root = frame("root", 1.0, outer)
    processors.group_library_frames_processor(root, options={})
    group = outer.group
    assert group is not None and inner.group is group and own.group is None and root.group is None
    assert group.root is outer and set(group.frames) == {outer, inner} and list(group.exit_frames) == [inner]
    shown = frame("root", 1.0, frame("outer", 1.0, frame("inner", 1.0, file=library), file=library))
    processors.group_library_frames_processor(shown, {"show_regex": ".*x.py"})
    assert shown.children[0].group is None
    hidden = frame("root", 1.0, frame("a", 1.0, frame("b", 1.0)))
    processors.group_library_frames_processor(hidden, {"hide_regex": ".*a.py"})
    assert hidden.children[0].group is not None


def test_part_of_a_tree() -> None:
    part = frame("part", 0.5, frame("a", 0.25), frame("a", 0.25))
    root = frame("root", 1.0, part)
    assert processors.aggregate_repeated_calls(part, {}) is part
    assert part.parent is root and shape(root) == ["root", 1.0, [["part", 0.5, [["a", 0.5, []]]]]]
