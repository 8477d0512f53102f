"""The ASGI middleware by itself: what it sends, and when."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from servers import asgi_server, functions_in, functions_of_all
from work import awaits, busy, check_that_each_is_alone, count

from timesink import _recorder
from timesink.asgi import ProfilerMiddleware


async def wait() -> None:
    await asyncio.sleep(0.1)


async def app(scope: Any, receive: Any, send: Any) -> None:
    await wait()
    if scope["path"] == "/raises":
        raise KeyError("on purpose")
    await send({"type": "http.response.start", "status": 201, "headers": [(b"x-own", b"1")]})
    await send({"type": "http.response.body", "body": b"one ", "more_body": True})
    await wait()
    await send({"type": "http.response.body", "body": b"two"})
    if scope["path"] == "/background":
        busy(0.05)
        scope["afterwards"].append("done")


def ask(
    application: Any, path: str = "/", query: str = "", method: str = "GET", **scope: Any
) -> tuple[int, dict[str, str], bytes]:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    whole = {"type": "http", "path": path, "query_string": query.encode(), "method": method, **scope}
    asyncio.run(application(whole, receive, send))
    assert [message["type"] for message in sent][0] == "http.response.start"
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message["body"] for message in sent[1:])


def reports(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def test_the_page_takes_the_place_of_the_response() -> None:
    status, headers, body = ask(ProfilerMiddleware(app, allow=True), query="profile")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "x-own" not in headers and headers["content-length"] == str(len(body))
    page = body.decode("utf-8")
    assert "wait" in page and "[await]" in page


def test_time_of_the_request_is_all_there() -> None:
    _, _, body = ask(ProfilerMiddleware(app, allow=True), query="profile=text")
    text = body.decode("utf-8")
    assert "GET /" in text
    (line,) = [line for line in text.splitlines() if " wait " in line]
    seconds = [float(word) for word in line.split() if word.replace(".", "").isdigit()]
    assert 0.17 <= seconds[0] < 2


def test_other_requests_are_left_alone() -> None:
    application = ProfilerMiddleware(app, allow=True)
    for query in ("", "profile=0", "x=profile"):
        status, headers, body = ask(application, query=query)
        assert (status, headers, body) == (201, {"x-own": "1"}, b"one two")
    status, headers, body = ask(ProfilerMiddleware(app), query="profile")
    assert (status, body) == (201, b"one two")


def test_debug_mode_of_the_application() -> None:
    class Application:
        debug = True

    assert ask(ProfilerMiddleware(app), query="profile", app=Application())[0] == 200
    Application.debug = False
    assert ask(ProfilerMiddleware(app), query="profile", app=Application())[0] == 201


def test_background_work_goes_on_after_the_page() -> None:
    afterwards: list[str] = []
    application = ProfilerMiddleware(app, allow=True)
    _, _, body = ask(application, path="/background", query="profile=json", afterwards=afterwards)
    assert afterwards == ["done"] and "busy" not in functions_in(body.decode())


def test_every_request_goes_to_the_folder(tmp_path: Path) -> None:
    application = ProfilerMiddleware(app, allow=True, profile_dir=str(tmp_path / "p"), renderer="json")
    status, _, body = ask(application, path="/../../x/ü", query="a=/../b")
    assert (status, body) == (201, b"one two")
    (report,) = reports(tmp_path / "p")
    assert "s _.._.._x_%C3%BC?a=_.._b" in report.name
    assert "wait" in functions_in(report.read_text())


def test_the_application_fails(tmp_path: Path) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    application = ProfilerMiddleware(app, allow=True, profile_dir=str(tmp_path))
    scope = {"type": "http", "path": "/raises", "query_string": b"profile=text", "method": "GET"}
    with pytest.raises(KeyError, match="on purpose"):
        asyncio.run(application(scope, None, send))
    assert sent[0]["status"] == 500 and b"wait" in sent[1]["body"] and len(reports(tmp_path)) == 1


def test_a_request_that_is_cancelled_leaves_no_recording() -> None:
    async def main() -> None:
        scope = {"type": "http", "path": "/", "query_string": b"profile", "method": "GET"}
        task = asyncio.create_task(ProfilerMiddleware(app, allow=True)(scope, None, None))  # type: ignore[arg-type]
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_other_protocols_pass_through() -> None:
    async def main(scope: Any) -> list[Any]:
        seen: list[Any] = []

        async def other(scope: Any, receive: Any, send: Any) -> None:
            seen.append((scope, receive, send))

        await ProfilerMiddleware(other, allow=True)(scope, "receive", "send")  # type: ignore[arg-type]
        return seen

    for kind in ("websocket", "lifespan"):
        scope = {"type": kind, "query_string": b"profile"}
        assert asyncio.run(main(scope)) == [(scope, "receive", "send")]


def test_without_recorder_the_request_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise _recorder.RecorderError("There is no Node.js.")

    monkeypatch.setattr("timesink._region.current_recorder", refuse)
    status, _, body = ask(ProfilerMiddleware(app, allow=True), query="profile")
    assert status == 500 and b"There is no Node.js." in body


def test_trio() -> None:
    trio = pytest.importorskip("trio")

    async def trio_app(scope: Any, receive: Any, send: Any) -> None:
        await trio.sleep(0.12)
        busy(0.02)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/", "query_string": b"profile=json", "method": "GET"}
    trio.run(ProfilerMiddleware(trio_app, allow=True), scope, None, send)
    assert functions_in(sent[1]["body"].decode()) >= {"trio_app", "busy", "[await]"}


async def many(scope: Any, receive: Any, send: Any) -> None:
    await awaits[int(scope["path"][1:])]()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_many_at_once(loop: str) -> None:
    with asgi_server(ProfilerMiddleware(many, allow=True), loop=loop) as url:
        urls = ["{}/{}?profile=json".format(url, number) for number in range(count)]
        check_that_each_is_alone("await", lambda: functions_of_all(urls))
