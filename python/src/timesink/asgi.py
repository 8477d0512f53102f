"""How are requests to an ASGI application recorded? FastAPI, Starlette, Litestar, Quart, Falcon, …: add ``ProfilerMiddleware``.

.. code-block:: python

    app.add_middleware(timesink.asgi.ProfilerMiddleware)             # FastAPI, Starlette
    app = Litestar(…, middleware=[timesink.asgi.ProfilerMiddleware])  # Litestar
    app = timesink.asgi.ProfilerMiddleware(app)                       # others

Then ``/books?profile`` shows the profile of ``/books``, while developing: also of routes that run in a worker thread.
"""

from __future__ import annotations

import asyncio
from typing import Any, Awaitable, Callable, MutableMapping
from urllib.parse import quote

from timesink._recording import Recording
from timesink._web.development import in_development
from timesink._web.middleware import WebMiddleware
from timesink._web.options import WebOptions, Wish
from timesink._web.report import Page, make_page, record_request, save_report, title

__all__ = ["ProfilerMiddleware"]

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]


class ProfilerMiddleware(WebMiddleware):
    """Records requests that ask for it, or all of them into a folder. Costs the others a look at their query."""

    async def __call__(self, scope: Any, receive: _Receive, send: _Send) -> None:
        """Answers a request."""
        wish = self._wish(scope)
        if wish is None:
            await self.app(scope, receive, send)
            return
        recording = record_request(title(str(scope.get("method", "")), _path(scope)), self._options.interval)
        exchange = _Exchange(self._options, wish, recording, scope, send)
        try:
            await self.app(scope, receive, exchange.send)
        except Exception:
            await exchange.finish(500)
            raise
        except BaseException:  # Cancelled: nobody waits for an answer.
            exchange.stop()
            raise
        await exchange.finish(200)

    def _wish(self, scope: Any) -> Wish | None:
        if scope["type"] != "http":
            return None
        wish = self._options.wish(scope.get("query_string", b"").decode("latin-1"))
        if wish is None:
            return None
        applications = (self.app, scope.get("app"), scope.get("litestar_app"))
        return wish if self._options.allows(scope, lambda: in_development(*applications)) else None


class _Exchange:
    """A request that is recorded until its response is complete, and the response."""

    def __init__(self, options: WebOptions, wish: Wish, recording: Recording, scope: Any, send: _Send) -> None:
        self._options = options
        self._wish = wish
        self._scope = scope
        self._send = send
        self._recording = recording
        self._is_finished = False

    def stop(self) -> None:
        """Ends the recording."""
        self._recording.stop()

    async def send(self, message: _Message) -> None:
        """What the application sends. A page takes the place of it."""
        if self._wish.page is None:
            await self._send(message)
        if _is_last(message):
            await self.finish(200)

    async def finish(self, status: int) -> None:
        """Ends the recording, makes the report and sends it where it was asked for. Without effect the second time."""
        if self._is_finished:
            return
        self._is_finished = True
        self.stop()
        if self._wish.page is not None:
            page = await _beside(lambda: make_page(self._recording, self._wish.page or "html", status))
            await self._send_page(page)
        if self._wish.is_saved:
            url = _url(self._scope)
            await _beside(lambda: save_report(self._recording, self._options, self._scope, url))

    async def _send_page(self, page: Page) -> None:
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in page.headers]
        body = b"" if self._scope.get("method") == "HEAD" else page.body
        await self._send({"type": "http.response.start", "status": page.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body, "more_body": False})


def _path(scope: Any) -> str:
    return quote(scope.get("path", ""), safe="/:@!$&'()*+,;=~-._")


def _url(scope: Any) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return _path(scope) + ("?" + query if query else "")


def _is_last(message: _Message) -> bool:
    kind = message["type"]
    return kind == "http.response.pathsend" or (kind == "http.response.body" and not message.get("more_body", False))


async def _beside(function: Callable[[], Any]) -> Any:
    """Calls it in another thread where asyncio runs, so that other requests are served meanwhile."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return function()
    return await loop.run_in_executor(None, function)
