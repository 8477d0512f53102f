"""Report formats: pyinstrument's classes, and those that users write."""

from __future__ import annotations

import json
import marshal
from pathlib import Path
from typing import Any

import pytest

from test_session import main, made, thread
from timesink import processors, renderers
from timesink.frame import Frame
from timesink.renderers.base import ProcessorList
from timesink.renderers.console import ConsoleRenderer
from timesink.session import Session


def test_extensions() -> None:
    names = (
        "ConsoleRenderer",
        "HTMLRenderer",
        "JSONRenderer",
        "SpeedscopeRenderer",
        "PstatsRenderer",
        "SessionRenderer",
    )
    found = [getattr(renderers, name).output_file_extension for name in names]
    assert found == ["txt", "html", "json", "speedscope.json", "pstats", "pyisession"]
    assert [getattr(renderers, name).output_is_binary for name in names] == [False, False, False, False, True, False]


def test_text() -> None:
    text = ConsoleRenderer().render(made())
    assert "made by hand" in text and "1.000 main  app.py:1\n" in text
    assert "|- 0.750 Job.work  app.py:10\n" in text and "`- 0.250 sleep  <built-in>\n" in text
    assert "0.750 Job.work" not in ConsoleRenderer(timeline=True).render(made())
    assert "25.0% sleep" in ConsoleRenderer(time="percent_of_total", flat=True).render(made())


def test_json() -> None:
    report = json.loads(renderers.JSONRenderer(show_all=True).render(made()))
    assert report["root_frame"]["function"] == "main" and report["sample_count"] == 3


def test_speedscope() -> None:
    report = json.loads(renderers.SpeedscopeRenderer().render(made()))
    assert report["$schema"] == "https://www.speedscope.app/file-format-schema.json"


def test_pstats(tmp_path: Path) -> None:
    import pstats

    renderer = renderers.PstatsRenderer()
    data = renderer.render(made()).encode("utf-8", "surrogateescape")
    key = ("/home/me/app.py", 10, "work")
    assert marshal.loads(data)[key][3] == 0.75
    file = tmp_path / "run.pstats"
    file.write_bytes(data)
    assert key in pstats.Stats(str(file)).stats  # type: ignore[attr-defined]


def test_session() -> None:
    assert json.loads(renderers.SessionRenderer(tree_format=True).render(made())) == json.loads(
        json.dumps(made().to_json())
    )


def test_page() -> None:
    page = renderers.HTMLRenderer(resample_interval=0.01).render(made())
    assert "made by hand" in page
    with pytest.warns(DeprecationWarning):
        renderers.HTMLRenderer(show_all=True)


def test_options_that_do_not_go_together() -> None:
    with pytest.raises(renderers.Renderer.MisconfigurationError):
        ConsoleRenderer(flat=True, timeline=True)
    with pytest.raises(ValueError, match="filter_threshold"):
        ConsoleRenderer(processor_options={"filter_threshold": "much"}).render(made())


def test_formats_by_name() -> None:
    binary = renderers.NamedRenderer("pprof")
    assert binary.output_is_binary and binary.render_bytes(made()).startswith(b"\x1f\x8b")
    assert binary.render(made()).encode("utf-8", "surrogateescape") == binary.render_bytes(made())
    assert "main" in renderers.NamedRenderer("markdown", show_all=True).render(made())


class Names(renderers.FrameRenderer):
    """As users write them."""

    output_file_extension = "names"

    def default_processors(self) -> ProcessorList:
        return [processors.remove_importlib, processors.aggregate_repeated_calls, processors.remove_irrelevant_nodes]

    def render(self, session: Session) -> str:
        root = self.preprocess(session.root_frame())
        return " ".join("{}={:.2f}".format(frame.function, frame.time) for frame in (root.walk() if root else ()))


def test_renderer_of_ones_own() -> None:
    assert Names().render(made()) == "main=1.00 work=0.75 [self]=0.75 sleep=0.25 [self]=0.25"
    assert Names(timeline=True).render(made()).count("work=") == 2
    assert "sleep" not in Names(processor_options={"filter_threshold": 0.3}).render(made())
    assert Names(show_all=True).processors == [processors.aggregate_repeated_calls]
    assert Names().render(made(frame_records=[], sample_count=0)) == ""


def without_sleep(frame: Any, options: Any) -> Any:
    for one in list(frame.walk()):
        if one.function == "sleep":
            one.parent.absorbed_time += one.time
            one.remove_from_parent()
    return frame


def test_processor_of_ones_own() -> None:
    renderer = ConsoleRenderer()
    renderer.processors.append(without_sleep)
    text = renderer.render(made())
    assert "sleep" not in text and "1.000 main" in text and "0.750 Job.work" in text and "[self]" not in text
    first = ConsoleRenderer()
    first.processors.insert(0, without_sleep)
    assert "sleep" not in first.render(made()) and "0.750 Job.work" in first.render(made())


def test_processors_taken_out() -> None:
    renderer = renderers.JSONRenderer()
    renderer.processors.remove(processors.aggregate_repeated_calls)
    children = json.loads(renderer.render(made()))["root_frame"]["children"]
    assert [child["function"] for child in children] == ["work", "sleep", "work"]


def test_processor_for_speedscope() -> None:
    renderer = renderers.SpeedscopeRenderer()
    renderer.processors.append(without_sleep)
    names = [frame["name"] for frame in json.loads(renderer.render(made()))["shared"]["frames"]]
    assert "Job.work" in names and "sleep" not in names


def test_processor_that_leaves_nothing() -> None:
    renderer = ConsoleRenderer()
    renderer.processors.append(lambda frame, options: None)
    assert "No samples were recorded." in renderer.render(made())


def test_preprocessors_of_the_page() -> None:
    renderer = renderers.HTMLRenderer()
    seen = []

    def note(frame: Any, options: Any) -> Any:
        seen.append((frame.function, options))
        return frame

    renderer.preprocessors.append(note)
    renderer.preprocessor_options = {"some": 1}
    assert "made by hand" in renderer.render(made())
    assert seen == [("main", {"some": 1})]


def test_base_classes_leave_rendering_to_others() -> None:
    with pytest.raises(NotImplementedError):
        renderers.Renderer().render(made())


def test_deep_stacks() -> None:
    stack = [thread, main] + ["f\x00/home/me/app.py\x00{}".format(number) for number in range(3000)]
    session = made(frame_records=[(stack, 1.0)], sample_count=1)
    root = session.root_frame()
    assert root is not None
    assert sum(1 for _ in root.walk()) == 3002
    assert processors.remove_irrelevant_nodes(root, {}) is root
    assert isinstance(root, Frame) and "f  app.py" in ConsoleRenderer(show_all=True).render(session)
