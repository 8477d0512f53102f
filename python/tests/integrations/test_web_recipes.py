"""What pyinstrument's documentation tells users of web frameworks to write, with only the import changed."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from servers import asgi_server, wsgi_server
from test_frameworks import aiohttp_server

from timesink import Profiler
from timesink.renderers import HTMLRenderer


def slow() -> None:
    time.sleep(0.05)


def test_flask() -> None:
    from flask import Flask, g, make_response, request

    app = Flask(__name__)

    @app.before_request
    def before_request() -> None:
        if "profile" in request.args:
            g.profiler = Profiler()
            g.profiler.start()

    @app.after_request
    def after_request(response: Any) -> Any:
        if not hasattr(g, "profiler"):
            return response
        g.profiler.stop()
        output_html = g.profiler.output_html()
        return make_response(output_html)

    @app.get("/")
    def index() -> str:
        slow()
        return "index"

    with wsgi_server(app) as url:
        assert httpx.get(url).text == "index"
        assert "slow" in httpx.get(url + "?profile").text


def test_fastapi() -> None:
    from fastapi import FastAPI, Request
    from fastapi.responses import HTMLResponse

    app = FastAPI()

    @app.middleware("http")
    async def profile_request(request: Request, call_next: Any) -> Any:
        profiling = request.query_params.get("profile", False)
        if profiling:
            profiler = Profiler()
            profiler.start()
            await call_next(request)
            profiler.stop()
            return HTMLResponse(profiler.output_html())
        else:
            return await call_next(request)

    @app.get("/")
    async def index() -> str:
        slow()
        await asyncio.sleep(0.05)
        return "index"

    with asgi_server(app) as url:
        assert httpx.get(url).json() == "index"
        page = httpx.get(url + "?profile=1").text
        assert "slow" in page and "index" in page


def test_falcon(monkeypatch: pytest.MonkeyPatch) -> None:
    import falcon

    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)

    class ProfilerMiddleware:
        def __init__(self, interval: float = 0.01) -> None:
            self.profiler = Profiler(interval=interval)

        def process_request(self, req: Any, resp: Any) -> None:
            self.profiler.start()

        def process_response(self, req: Any, resp: Any, resource: Any, req_succeeded: bool) -> None:
            self.profiler.stop()
            self.profiler.open_in_browser()

    class Index:
        def on_get(self, req: Any, resp: Any) -> None:
            slow()
            resp.text = "index"

    app = falcon.App(middleware=[ProfilerMiddleware()])
    app.add_route("/", Index())
    with wsgi_server(app) as url:
        assert httpx.get(url).text == "index"
    (address,) = opened
    file = Path(address[len("file://") :])
    assert "slow" in file.read_text(encoding="utf-8")
    file.unlink()


def test_litestar() -> None:
    from litestar import Litestar, get
    from litestar.middleware import MiddlewareProtocol

    class ProfilingMiddleware(MiddlewareProtocol):
        def __init__(self, app: Any) -> None:
            super().__init__(app)  # type: ignore[safe-super]
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            profiler = Profiler(interval=0.001, async_mode="enabled")
            profiler.start()
            profile_html: str | None = None

            async def send_wrapper(message: Any) -> None:
                if message["type"] == "http.response.start":
                    profiler.stop()
                    nonlocal profile_html
                    profile_html = profiler.output_html()
                    message["headers"] = [
                        (b"content-type", b"text/html; charset=utf-8"),
                        (b"content-length", str(len(profile_html.encode())).encode()),
                    ]
                elif message["type"] == "http.response.body":
                    assert profile_html is not None
                    message["body"] = profile_html.encode()
                await send(message)

            await self.app(scope, receive, send_wrapper)

    @get("/")
    async def index() -> str:
        await asyncio.sleep(0.05)
        slow()
        return "index"

    with asgi_server(Litestar(route_handlers=[index], middleware=[ProfilingMiddleware])) as url:
        page = httpx.get(url)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "slow" in page.text and "[await]" in page.text


def test_aiohttp() -> None:
    from aiohttp import web

    @web.middleware
    async def profiler_middleware(request: Any, handler: Any) -> Any:
        with Profiler() as p:
            await handler(request)
        return web.Response(text=p.output_html(), content_type="text/html")

    async def index(request: Any) -> Any:
        await asyncio.sleep(0.05)
        slow()
        return web.Response(text="index")

    app = web.Application(middlewares=(profiler_middleware,))
    app.router.add_get("/", index)
    with aiohttp_server(app) as url:
        assert "slow" in httpx.get(url).text


def test_a_page_without_preprocessors_is_that_of_the_renderer() -> None:
    with Profiler() as profiler:
        slow()
    assert profiler.output(HTMLRenderer()) == profiler.output_html()
