"""The tree object: attributes and methods as pyinstrument's."""

from __future__ import annotations

import math

import pytest

from timesink._origin import is_application_file, shorten_path
from timesink.frame import Frame, FrameGroup


class Context:
    sys_prefixes = ["/usr"]

    def shorten_path(self, path: str) -> str:
        return shorten_path(path, ["/home/me", "/usr/lib/python3.11"])


def frame(name: str, time: float = 0.0, *children: Frame, file: str = "/home/me/a.py") -> Frame:
    return Frame("{}\x00{}\x0012".format(name, file), list(children), time, Context())


def test_parts_of_a_frame_info() -> None:
    one = Frame("run\x00/home/me/a.py\x0012\x01cJob\x01l14\x01h1", time=2.0, context=Context())
    assert (one.identifier, one.function) == ("run\x00/home/me/a.py\x0012", "run")
    assert (one.file_path, one.line_no, one.class_name) == ("/home/me/a.py", 12, "Job")
    assert one.attributes == {"cJob": 2.0, "l14": 2.0, "h1": 2.0}
    assert one.has_tracebackhide
    assert (one.file_path_short, one.code_position_short()) == ("a.py", "a.py:12")


def test_defaults() -> None:
    one = Frame()
    assert (one.identifier, one.function, one.file_path, one.line_no) == ("", "", None, None)
    assert (one.time, one.absorbed_time, one.parent, one.group) == (0, 0, None, None)
    assert one.children == () and one.class_name is None and not one.has_tracebackhide
    assert one.proportion_of_parent == 1.0
    with pytest.raises(RuntimeError, match="no context"):
        one.context


def test_attribute_with_most_time_wins() -> None:
    one = Frame("f\x00a\x001\x01cA", time=1.0)
    one.record_time_from_frame_info("f\x00a\x001\x01cB", 3.0)
    one.record_time_from_frame_info("f\x00a\x001\x01cA", 1.0)
    assert (one.class_name, one.time) == ("B", 5.0)


def test_children() -> None:
    first, second, third = frame("first", 1.0), frame("second", 2.0), frame("third", 1.0)
    root = frame("root", 5.0, first, third)
    root.add_child(second, after=first)
    assert root.children == (first, second, third)
    assert second.parent is root and second.proportion_of_parent == 0.4
    assert root.total_self_time == 1.0
    second.remove_from_parent()
    assert root.children == (first, third) and second.parent is None
    third.add_child(first)
    assert root.children == (third,) and first.parent is third
    root.add_children([first, second], after=third)
    assert root.children == (third, first, second)


def test_leaves_have_no_children() -> None:
    with pytest.raises(ValueError, match="leaf"):
        Frame("[await]").add_child(frame("a"))


def test_synthetic_frames() -> None:
    waiting = Frame("[await]", time=0.5)
    root = frame("root", 1.0, frame("work", 0.25), waiting)
    assert waiting.is_synthetic and waiting.is_synthetic_leaf and not waiting.is_application_code
    assert (waiting.file_path_short, waiting.code_position_short()) == ("a.py", "a.py")
    assert root.await_time() == 0.5 and waiting.await_time() == 0.5
    assert root.total_self_time == 0.75
    assert not Frame("[root]").is_synthetic_leaf


def test_self_check() -> None:
    root = frame("root", 1.0, frame("a", 0.6), frame("b", 0.3))
    with pytest.raises(AssertionError):
        root.self_check(recursive=False)
    root.absorbed_time = 0.1
    root.self_check(recursive=False)
    with pytest.raises(AssertionError):
        root.self_check()


def test_proportion_of_nothing() -> None:
    child = frame("a")
    frame("root", 0.0, child)
    assert math.isnan(child.proportion_of_parent)


def test_context_is_that_of_the_tree() -> None:
    child = Frame("a\x00/home/me/b.py\x001")
    root = frame("root", 1.0, child)
    assert child.context is root.context
    root.set_context(None)
    with pytest.raises(RuntimeError):
        child.context


def test_application_code() -> None:
    assert frame("a").is_application_code
    assert not frame("a", file="/usr/lib/python3.11/json/__init__.py").is_application_code
    assert not frame("a", file="/home/me/env/lib/python3.11/site-packages/x.py").is_application_code
    assert not frame("a", file="<built-in>").is_application_code
    assert frame("a", file="/usr/src/app/main.py").is_application_code
    assert not frame("a", file="/usr/bin/pytest").is_application_code
    assert frame("a", file="<ipython-input-3-abc>").is_application_code
    executed = frame("a", file="<string>")
    assert executed.is_application_code
    frame("library", 0.0, executed, file="/usr/lib/python3.11/x.py")
    assert not executed.is_application_code
    assert is_application_file("<string>", []) is None


def test_groups() -> None:
    inner, outside = frame("inner", 1.0), frame("outside", 1.0)
    inner.add_child(outside)
    root = frame("root", 1.0, inner)
    group = FrameGroup(root)
    group.add_frame(inner)
    assert group.root is root and root.group is group and inner.group is group
    assert list(group.frames) == [root, inner] and list(group.exit_frames) == [inner]
    other = FrameGroup(outside)
    other.add_frame(inner)
    assert list(group.frames) == [root] and inner.group is other
    assert group.id != other.id


def test_deep_trees() -> None:
    root = leaf = frame("f", 1.0)
    for _ in range(20_000):
        child = Frame("f\x00/home/me/a.py\x0012", time=1.0)
        leaf.add_child(child)
        leaf = child
    root.set_context(None)
    leaf.add_child(Frame("[await]", time=1.0))
    assert root.await_time() == 1.0
    assert root.to_json_str().count("identifier") == 20_002
    root.self_check()


def test_json_of_a_tree() -> None:
    import json

    root = frame("root", 1.0, frame("a", 0.5, frame("b", 0.5)), frame("c", 0.5))
    tree = json.loads(root.to_json_str())
    assert [child["identifier"].split("\x00")[0] for child in tree["children"]] == ["a", "c"]
    assert tree["children"][0]["children"][0]["time"] == 0.5
    assert tree["children"][1]["children"] == []


def test_short_paths() -> None:
    assert shorten_path("/home/me/a/b.py", ["/home/me", "/home/me/a"]) == "b.py"
    assert shorten_path("/usr/x.py", ["/home/me/deep/down"]) == "/usr/x.py"
    assert shorten_path("<built-in>", ["/home/me"]) == "<built-in>"
    assert shorten_path("a/b.py", ["/home"]) == "a/b.py"
