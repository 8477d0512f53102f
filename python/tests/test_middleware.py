"""Middleware and decorators do on every Python what the tests in ``integrations`` check with real frameworks."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import timesink.asgi
import timesink.wsgi
from timesink.decorators import save_profile


def slow() -> None:
    time.sleep(0.2)


def test_wsgi(tmp_path: Path) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        slow()
        start_response("200 OK", [])
        return [b"own"]

    application = timesink.wsgi.ProfilerMiddleware(app, allow=True, profile_dir=tmp_path, renderer="text")
    for query, expected in (("", b"own"), ("profile=text", b"slow")):
        environ: Any = {"QUERY_STRING": query}
        setup_testing_defaults(environ)
        body: Any = application(environ, lambda status, headers, exc_info=None: None)
        assert expected in b"".join(body)
        getattr(body, "close", lambda: None)()
    reports = [path for path in tmp_path.iterdir() if path.suffix == ".txt"]
    assert len(reports) == 2 and all("slow" in report.read_text(encoding="utf-8") for report in reports)


def test_asgi() -> None:
    async def wait() -> None:
        await asyncio.sleep(0.2)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"own"})

    async def ask(query: bytes) -> bytes:
        sent = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/", "query_string": query}
        await timesink.asgi.ProfilerMiddleware(app, allow=True)(scope, None, send)  # type: ignore[arg-type]
        return bytes(sent[1]["body"])

    assert asyncio.run(ask(b"")) == b"own"
    page = asyncio.run(ask(b"profile=text")).decode("utf-8")
    assert "wait" in page and "[await]" in page


def test_functions(tmp_path: Path) -> None:
    @save_profile(tmp_path, renderer="text")
    def plain() -> int:
        slow()
        return 1

    @save_profile(tmp_path, renderer="text")
    async def coroutine() -> int:
        await asyncio.sleep(0.2)
        return 2

    assert plain() + asyncio.run(coroutine()) == 3
    texts = [path.read_text(encoding="utf-8") for path in sorted(tmp_path.iterdir()) if path.suffix == ".txt"]
    assert len(texts) == 2 and "slow" in "".join(texts) and "[await]" in "".join(texts)
