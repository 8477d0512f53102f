"""One line in each framework, and the requests of a real server."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from pathlib import Path
from typing import Any, Iterator

import httpx
from servers import asgi_server, functions_in, functions_of_all, wsgi_server
from work import busy, check_that_each_is_alone, count, works

import timesink.aiohttp
import timesink.asgi
import timesink.wsgi


def page_of(url: str) -> str:
    answer = httpx.get(url + "?profile", timeout=60)
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


def functions_of(url: str) -> set[str]:
    return functions_in(httpx.get(url + "?profile=json", timeout=60).text)


def slow() -> None:
    time.sleep(0.12)


def flask_app(debug: bool = True) -> Any:
    import flask

    app = flask.Flask("example")
    app.debug = debug

    @app.get("/")
    def index() -> str:
        slow()
        return "index"

    @app.get("/work/<int:number>")
    def work(number: int) -> str:
        works[number]()
        return "done"

    app.wsgi_app = timesink.wsgi.ProfilerMiddleware(app.wsgi_app)  # type: ignore[method-assign]
    return app


def test_flask() -> None:
    with wsgi_server(flask_app()) as url:
        assert functions_of(url) >= {"index", "slow"}
        assert "GET /" in page_of(url)
        assert httpx.get(url).text == "index"
        assert "index" not in functions_of(url + "/nowhere")
    with wsgi_server(flask_app(debug=False)) as url:
        assert httpx.get(url + "?profile").text == "index"


def test_flask_with_many_at_once() -> None:
    with wsgi_server(flask_app()) as url:
        urls = ["{}/work/{}?profile=json".format(url, number) for number in range(count)]
        check_that_each_is_alone("work", lambda: functions_of_all(urls))


def fastapi_app(debug: bool = True) -> Any:
    import anyio
    import fastapi

    app = fastapi.FastAPI(debug=debug)

    @app.get("/")
    async def index() -> str:
        slow()
        await asyncio.sleep(0.12)
        return "index"

    @app.get("/thread")
    def in_a_thread() -> str:
        busy(0.15)
        return "thread"

    @app.get("/work/{number}")
    def work(number: int) -> str:
        works[number]()
        return "done"

    @app.get("/raises")
    async def raises() -> str:
        slow()
        raise KeyError("on purpose")

    async def more_threads() -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = count

    @app.get("/threads")
    async def threads() -> None:
        await more_threads()

    app.add_middleware(timesink.asgi.ProfilerMiddleware)
    return app


def test_fastapi() -> None:
    with asgi_server(fastapi_app()) as url:
        assert functions_of(url) >= {"index", "slow", "[await]"}
        assert functions_of(url + "/thread") >= {"in_a_thread", "busy"}
        assert "busy" in page_of(url + "/thread")
        assert httpx.get(url).json() == "index"
        failed = httpx.get(url + "/raises?profile=text")
        assert failed.status_code == 500 and "slow" in failed.text and "raises" in failed.text
    with asgi_server(fastapi_app(debug=False)) as url:
        assert httpx.get(url + "?profile").json() == "index"


def test_fastapi_with_many_at_once_in_threads() -> None:
    with asgi_server(fastapi_app()) as url:
        httpx.get(url + "/threads")
        urls = ["{}/work/{}?profile=json".format(url, number) for number in range(count)]
        check_that_each_is_alone("work", lambda: functions_of_all(urls))


def test_starlette() -> None:
    from starlette.applications import Starlette
    from starlette.background import BackgroundTask
    from starlette.middleware import Middleware
    from starlette.middleware.base import BaseHTTPMiddleware
    from starlette.responses import PlainTextResponse, StreamingResponse
    from starlette.routing import Route

    done = threading.Event()

    async def index(request: Any) -> Any:
        slow()
        return PlainTextResponse("index", background=BackgroundTask(done.set))

    async def stream(request: Any) -> Any:
        async def parts() -> Any:
            for part in "abc":
                busy(0.06)
                yield part

        return StreamingResponse(parts())

    async def passing(request: Any, call_next: Any) -> Any:
        return await call_next(request)

    app = Starlette(
        debug=True,
        routes=[Route("/", index), Route("/stream", stream)],
        middleware=[Middleware(timesink.asgi.ProfilerMiddleware), Middleware(BaseHTTPMiddleware, dispatch=passing)],
    )
    with asgi_server(app) as url:
        assert functions_of(url) >= {"index", "slow"}
        assert done.wait(10)
        assert "parts" in functions_of(url + "/stream")
        assert httpx.get(url + "/stream").text == "abc"


def test_litestar() -> None:
    from litestar import Litestar, get

    @get("/")
    async def index() -> str:
        slow()
        await asyncio.sleep(0.1)
        return "index"

    @get("/thread", sync_to_thread=True)
    def in_a_thread() -> str:
        busy(0.15)
        return "thread"

    app = Litestar([index, in_a_thread], debug=True, middleware=[timesink.asgi.ProfilerMiddleware])
    with asgi_server(app) as url:
        assert functions_of(url) >= {"index", "slow"}
        assert "busy" in functions_of(url + "/thread")
        assert "GET /" in page_of(url)
        assert httpx.get(url).text == "index"


def test_falcon() -> None:
    import falcon
    import falcon.asgi

    class Index:
        def on_get(self, request: Any, response: Any) -> None:
            slow()
            response.text = "index"

    class AsyncIndex:
        async def on_get(self, request: Any, response: Any) -> None:
            await asyncio.sleep(0.12)
            slow()
            response.text = "index"

    app = falcon.App()
    app.add_route("/", Index())
    with wsgi_server(timesink.wsgi.ProfilerMiddleware(app, allow=True)) as url:
        assert functions_of(url) >= {"on_get", "slow"}
        assert httpx.get(url).text == "index"
    async_app = falcon.asgi.App()
    async_app.add_route("/", AsyncIndex())
    with asgi_server(timesink.asgi.ProfilerMiddleware(async_app, allow=True)) as url:
        assert functions_of(url) >= {"on_get", "slow"}
        assert httpx.get(url).text == "index"


@contextlib.contextmanager
def aiohttp_server(app: Any, debug: bool = False) -> Iterator[str]:
    from aiohttp import web

    loop = asyncio.new_event_loop()
    loop.set_debug(debug)
    runner = web.AppRunner(app)
    loop.run_until_complete(runner.setup())
    loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", 0).start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield "http://127.0.0.1:{}".format(runner.addresses[0][1])
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_aiohttp(tmp_path: Path) -> None:
    from aiohttp import web

    async def index(request: Any) -> Any:
        slow()
        await asyncio.sleep(0.1)
        return web.Response(text="index")

    async def in_a_thread(request: Any) -> Any:
        await asyncio.to_thread(busy, 0.08)
        return web.Response(text="thread")

    async def gone(request: Any) -> Any:
        slow()
        raise web.HTTPGone()

    async def raises(request: Any) -> Any:
        slow()
        raise KeyError("on purpose")

    def app(**options: Any) -> Any:
        made = web.Application(middlewares=[timesink.aiohttp.profiler_middleware(**options)])
        made.router.add_get("/", index)
        made.router.add_get("/thread", in_a_thread)
        made.router.add_get("/gone", gone)
        made.router.add_get("/raises", raises)
        return made

    with aiohttp_server(app()) as url:
        assert httpx.get(url + "?profile").text == "index"
    with aiohttp_server(app(), debug=True) as url:
        assert functions_of(url) >= {"index", "slow", "[await]"}
        assert "busy" in functions_of(url + "/thread")
        assert "gone" in page_of(url + "/gone") and httpx.get(url + "/gone").status_code == 410
        failed = httpx.get(url + "/raises?profile=text")
        assert failed.status_code == 500 and "raises" in failed.text
    with aiohttp_server(app(allow=True, profile_dir=str(tmp_path), renderer="text")) as url:
        assert httpx.get(url + "/a/../").text == "index"
        assert httpx.get(url + "/gone").status_code == 410
    assert len([path for path in tmp_path.iterdir() if path.name.endswith(".txt")]) == 2
