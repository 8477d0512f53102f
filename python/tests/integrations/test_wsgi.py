"""The WSGI middleware: who is recorded, and what comes back."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from servers import functions_in, functions_of_all, wsgi_server
from work import check_that_each_is_alone, count, works

from timesink import _recorder
from timesink.renderers import JSONRenderer
from timesink.wsgi import ProfilerMiddleware


def slow() -> None:
    time.sleep(0.12)


def app(environ: dict[str, Any], start_response: Any) -> Any:
    slow()
    if environ["PATH_INFO"] == "/raises":
        raise KeyError("on purpose")
    start_response("201 Created", [("Content-Type", "text/plain"), ("X-Own", "1")])
    return Body()


class Body:
    """A response in parts, that wants to be closed."""

    def __init__(self) -> None:
        self._parts = iter([b"one ", b"two"])
        self.is_closed = False

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> bytes:
        time.sleep(0.08)
        return next(self._parts)

    def close(self) -> None:
        self.is_closed = True


def ask(application: Any, path: str = "/", query: str = "", method: str = "GET") -> tuple[str, dict[str, str], bytes]:
    environ: dict[str, Any] = {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method}
    setup_testing_defaults(environ)
    answer: list[Any] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
        answer[:] = [status, dict(headers)]
        return answer.append

    body = application(environ, start_response)
    try:
        content = b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    return answer[0], answer[1], content


def reports(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def test_the_page_takes_the_place_of_the_response() -> None:
    status, headers, body = ask(validator(ProfilerMiddleware(app, allow=True)), query="a=1&profile")
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (
        "200 OK",
        "text/html; charset=utf-8",
        "no-store",
    )
    assert "X-Own" not in headers and headers["Content-Length"] == str(len(body))
    page = body.decode("utf-8")
    assert page.startswith("<!doctype html>")
    assert "GET /" in page and "slow" in page and "__next__" in page


@pytest.mark.parametrize("query", ["", "profiles=1", "profile=0", "profile=off", "a=profile", "profile=No"])
def test_other_requests_are_left_alone(query: str) -> None:
    status, headers, body = ask(ProfilerMiddleware(app, allow=True), query=query)
    assert (status, headers["X-Own"], body) == ("201 Created", "1", b"one two")


def test_without_url_argument() -> None:
    assert ask(ProfilerMiddleware(app, allow=True, url_argument=None), query="profile&=1")[0] == "201 Created"


def test_other_formats() -> None:
    application = ProfilerMiddleware(app, allow=True)
    _, headers, body = ask(application, query="profile=json")
    assert headers["Content-Type"] == "application/json" and functions_in(body.decode()) >= {"app", "slow", "__next__"}
    _, headers, body = ask(application, query="profile=text")
    assert headers["Content-Type"] == "text/plain; charset=utf-8" and "slow" in body.decode("utf-8")
    _, headers, body = ask(application, query="profile=timesink")
    assert headers["Content-Disposition"] == 'attachment; filename="profile.timesink"' and body[:2] == b"\x1f\x8b"


def test_head_has_no_body() -> None:
    _, headers, body = ask(ProfilerMiddleware(app, allow=True), query="profile", method="HEAD")
    assert body == b"" and int(headers["Content-Length"]) > 10_000


def test_only_while_developing_or_where_somebody_says_yes() -> None:
    class Application:
        debug = False

        def __call__(self, environ: Any, start_response: Any) -> Any:
            return app(environ, start_response)

    class Around:
        def __init__(self, app: Any) -> None:
            self.app = app

        def __call__(self, environ: Any, start_response: Any) -> Any:
            return self.app(environ, start_response)

    application = Application()

    def is_recorded(allow: Any) -> bool:
        return ask(ProfilerMiddleware(Around(application), allow=allow), query="profile")[0] == "200 OK"

    assert not sys.flags.dev_mode
    assert [is_recorded(None), is_recorded(False), is_recorded(True)] == [False, False, True]
    application.debug = True
    assert [is_recorded(None), is_recorded(False)] == [True, False]
    assert is_recorded(lambda environ: environ["PATH_INFO"] == "/") and not is_recorded(lambda environ: False)


def test_nothing_is_started_before_the_first_recorded_request(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("a recorder was asked for")

    monkeypatch.setattr(_recorder, "current_recorder", refuse)
    application = ProfilerMiddleware(
        app, profile_dir="nowhere", allow=lambda environ: "profile" in environ["QUERY_STRING"]
    )
    assert ask(application)[0] == "201 Created"
    with pytest.raises(AssertionError, match="was asked for"):
        ask(application, query="profile")


def test_every_request_goes_to_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    application = ProfilerMiddleware(app, allow=True, profile_dir=str(folder), renderer=JSONRenderer)
    status, _, body = ask(validator(application), path="/../../x/ü", query="a=/../b")
    assert (status, body) == ("201 Created", b"one two")
    (report,) = reports(folder)
    assert report.name.endswith(".json") and "s _.._.._x_" in report.name and "_qs_" not in report.name
    assert functions_in(report.read_text()) >= {"slow", "__next__"}
    assert json.loads(report.read_text())["duration"] >= 0.2


def test_the_application_fails(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    application = ProfilerMiddleware(app, allow=True, profile_dir=str(tmp_path))
    with pytest.raises(KeyError, match="on purpose"):
        ask(application, path="/raises")
    assert len(reports(tmp_path)) == 1
    status, _, body = ask(application, path="/raises", query="profile=text")
    assert status == "500 Internal Server Error" and "slow" in body.decode()
    assert "on purpose" in caplog.text and len(reports(tmp_path)) == 2


def test_only_slow_ones_and_not_too_many(tmp_path: Path) -> None:
    def quick(environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/slow":
            time.sleep(0.25)
        start_response("200 OK", [])
        return [b""]

    application = ProfilerMiddleware(quick, allow=True, profile_dir=str(tmp_path), slower_than=0.15, max_files=2)
    for path in ("/", "/slow", "/slow", "/", "/slow"):
        ask(application, path=path)
    assert len(reports(tmp_path)) == 2


def test_names_of_files(tmp_path: Path) -> None:
    def name(environ: Any, session: Any, renderer: Any) -> str:
        return "../{}{}.{}".format(
            environ["REQUEST_METHOD"], session.target_description, renderer.output_file_extension
        )

    ask(ProfilerMiddleware(app, allow=True, profile_dir=str(tmp_path / "a"), filename=name, renderer="text"))
    assert [path.name for path in reports(tmp_path / "a")] == ["_._GETGET _.txt"]
    ask(ProfilerMiddleware(app, allow=True, profile_dir=str(tmp_path / "b"), filename="{path}.{ext}"), path="/{x}")
    assert [path.name for path in reports(tmp_path / "b")] == ["_%7Bx%7D.html"]


def test_a_folder_that_cannot_be_written_harms_no_request(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    application = ProfilerMiddleware(app, allow=True, profile_dir=str(tmp_path / "file" / "in"))
    assert ask(application)[2] == b"one two"
    assert "cannot write a report" in caplog.text


def test_without_recorder_the_request_is_answered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse() -> None:
        raise _recorder.RecorderError("There is no Node.js.")

    monkeypatch.setattr("timesink._region.current_recorder", refuse)
    application = ProfilerMiddleware(app, allow=True, profile_dir=str(tmp_path))
    assert ask(application)[2] == b"one two"
    status, _, body = ask(application, query="profile")
    assert status.startswith("500") and b"could not record this request. There is no Node.js." in body
    assert os.listdir(str(tmp_path)) == []


def test_many_at_once() -> None:
    def application(environ: Any, start_response: Any) -> Any:
        works[int(environ["PATH_INFO"][1:])]()
        start_response("200 OK", [])
        return [b""]

    with wsgi_server(ProfilerMiddleware(application, allow=True)) as url:
        urls = ["{}/{}?profile=json".format(url, number) for number in range(count)]
        check_that_each_is_alone("work", lambda: functions_of_all(urls))
