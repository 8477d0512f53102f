"""``Session``: files, dictionaries, combining, fewer samples, trees."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from programs import busy
from timesink import Profiler, Session
from trees import root_of, seconds_in

thread = "MainThread\x00<thread>\x001"
main = "main\x00/home/me/app.py\x001"
work = "work\x00/home/me/app.py\x0010"
sleep = "sleep\x00<built-in>\x000"


def made(**changes: object) -> Session:
    head = {
        "frame_records": [
            ([thread, main + "\x01l3", work + "\x01cJob\x01l11"], 0.5),
            ([thread, main + "\x01l4", sleep], 0.25),
            ([thread, main + "\x01l3", work + "\x01cJob\x01l12"], 0.25),
        ],
        "start_time": 1000.0,
        "duration": 1.0,
        "min_interval": 0.001,
        "max_interval": 0.001,
        "sample_count": 3,
        "start_call_stack": [thread, main],
        "target_description": "made by hand",
        "cpu_time": 0.75,
        "sys_path": ["/home/me"],
        "sys_prefixes": ["/usr"],
    }
    return Session(**{**head, **changes})  # type: ignore[arg-type]


def recorded() -> Session:
    with Profiler() as profiler:
        busy(0.1)
        time.sleep(0.05)
    assert profiler.last_session is not None
    return profiler.last_session


def test_tree() -> None:
    session = made()
    root = root_of(session)
    root.self_check()
    assert root.identifier == main and root.time == 1.0 and root.context is session
    assert [(child.function, child.time) for child in root.children] == [("work", 0.5), ("sleep", 0.25), ("work", 0.25)]
    assert root.attributes == {"l3": 0.75, "l4": 0.25}
    assert root.children[0].class_name == "Job" and root.children[0].code_position_short() == "app.py:10"
    assert root.is_application_code and not root.children[1].is_application_code
    whole = session.root_frame(trim_stem=False)
    assert whole is not None and whole.identifier == thread
    assert made(frame_records=[], sample_count=0).root_frame() is None


def test_there_and_back() -> None:
    session = recorded()
    data = session.to_json()
    assert list(data) == [
        "start_time",
        "duration",
        "min_interval",
        "max_interval",
        "sample_count",
        "start_call_stack",
        "target_description",
        "cpu_time",
        "sys_path",
        "sys_prefixes",
        "frame_records",
    ]
    assert "frame_records" not in session.to_json(include_frame_records=False)
    again = Session.from_json(json.loads(json.dumps(data)))
    assert again.to_json() == json.loads(json.dumps(data))
    assert seconds_in(root_of(again), "busy") == pytest.approx(seconds_in(root_of(session), "busy"))


def test_what_is_missing() -> None:
    data = made().to_json()
    for name in ("min_interval", "max_interval", "sys_path", "sys_prefixes"):
        del data[name]
    data["cpu_time"] = None
    session = Session.from_json(data)
    assert (session.min_interval, session.max_interval, session.cpu_time) == (0.001, 0.001, 0)
    assert session.sys_prefixes == Session.current_sys_prefixes()
    del data["duration"]
    with pytest.raises(KeyError, match="duration"):
        Session.from_json(data)


@pytest.mark.parametrize("name", ["run.pyisession", "run.timesink"])
def test_files(tmp_path: Path, name: str) -> None:
    session = recorded()
    file = tmp_path / name
    session.save(file)
    again = Session.load(str(file))
    assert again.target_description == session.target_description
    assert again.sample_count == session.sample_count
    assert again.duration == pytest.approx(session.duration)
    assert seconds_in(root_of(again), "busy") == pytest.approx(seconds_in(root_of(session), "busy"))


def test_files_of_pyinstrument_have_no_more_than_it_reads(tmp_path: Path) -> None:
    file = tmp_path / "run.pyisession"
    made().save(file)
    assert json.loads(file.read_text())["frame_records"][0][1] == 0.5
    assert all(len(record) == 2 for record in json.loads(file.read_text())["frame_records"])


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Session.load(tmp_path / "missing.pyisession")
    file = tmp_path / "broken.timesink"
    file.write_bytes(b"\x1f\x8bnonsense")
    with pytest.raises((RuntimeError, ValueError)):
        Session.load(file)


def test_combine() -> None:
    later = made(start_time=2000.0, target_description="later", max_interval=0.01, sys_path=["/opt"], cpu_time=0.25)
    both = Session.combine(later, made())
    assert (both.start_time, both.target_description) == (1000.0, "made by hand")
    assert (both.duration, both.sample_count, both.cpu_time) == (2.0, 6, 1.0)
    assert (both.min_interval, both.max_interval) == (0.001, 0.01)
    assert both.sys_path == ["/home/me", "/opt"] and set(both.sys_prefixes) == {"/usr"}
    assert sum(seconds for _, seconds in both.frame_records) == 2.0
    assert root_of(both).time == 2.0


def test_combine_recorded_ones() -> None:
    first, second = recorded(), recorded()
    both = Session.combine(second, first)
    assert both.duration == pytest.approx(first.duration + second.duration)
    assert both.sample_count == first.sample_count + second.sample_count
    assert seconds_in(root_of(both), "busy") > 0.04


def test_resample() -> None:
    coarse = made().resample(0.4)
    assert (coarse.min_interval, coarse.max_interval, coarse.sample_count) == (0.4, 0.4, 2)
    assert [round(seconds, 9) for _, seconds in coarse.frame_records] == [0.4, 0.4]
    assert made().duration == coarse.duration


def test_changes_show_in_reports() -> None:
    from timesink.renderers import ConsoleRenderer, JSONRenderer

    session = recorded()
    assert "my title" not in ConsoleRenderer().render(session)
    session.target_description = "my title"
    assert "my title" in ConsoleRenderer().render(session)
    session.frame_records[:] = [([thread, main, "only\x00/home/me/b.py\x001"], 2.0)]
    assert '"only"' in JSONRenderer().render(session)


def test_short_paths() -> None:
    session = made()
    assert session.shorten_path("/home/me/app.py") == "app.py"
    session.sys_path = ["/home"]
    assert session.shorten_path("/home/me/app.py") == "me/app.py"


def test_rules_are_those_of_the_reports() -> None:
    from timesink.renderers import JSONRenderer

    files = [
        "/home/me/a/b.py",
        "/usr/lib/python3.11/x.py",
        "/usr/bin/pytest",
        "/opt/x/site-packages/y.py",
        "<string>",
        "<frozen x>",
    ]
    records = [([thread, main, "f\x00{}\x00{}".format(file, number)], 1.0) for number, file in enumerate(files)]
    session = made(frame_records=records, sample_count=len(records), duration=float(len(records)))
    report = json.loads(JSONRenderer(show_all=True, timeline=True).render(session))
    theirs = [(one["file_path_short"], one["is_application_code"]) for one in report["root_frame"]["children"]]
    ours = [(frame.file_path_short, frame.is_application_code) for frame in root_of(session).children]
    assert ours == theirs
