"""Real servers for applications, and many requests at once."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from typing import Any, Iterator

import httpx


@contextlib.contextmanager
def wsgi_server(app: Any) -> Iterator[str]:
    """Serves an application in threads of this process. Gives its URL."""
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield "http://127.0.0.1:{}".format(server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def asgi_server(app: Any, **options: Any) -> Iterator[str]:
    """Serves an application by uvicorn in a thread of this process. Gives its URL."""
    import uvicorn

    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off", **options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < end, "uvicorn does not start"
        time.sleep(0.01)
    try:
        yield "http://127.0.0.1:{}".format(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()


def get_all(urls: list[str]) -> list[httpx.Response]:
    """Asks for all of them at once."""

    async def ask() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(timeout=60, limits=limits) as client:
            return list(await asyncio.gather(*[client.get(url) for url in urls]))

    return asyncio.run(ask())


def functions_of_all(urls: list[str]) -> list[set[str]]:
    """Asks for all of them at once; gives the functions in each report."""
    return [functions_in(answer.text) for answer in get_all(urls)]


def functions_in(report: str) -> set[str]:
    """The functions in a report as JSON, in all of its threads."""
    return set(seconds_by_function(report))


def seconds_by_function(report: str) -> dict[str, float]:
    """How long they took, with what they called."""
    found: dict[str, float] = {}
    waiting: list[Any] = [json.loads(report)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("function"), str):
                found[value["function"]] = found.get(value["function"], 0.0) + value["time"]
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found
