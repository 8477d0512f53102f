"""How are requests to a WSGI application recorded? Flask, Falcon, Bottle, Pyramid, …: wrap the application in ``ProfilerMiddleware``.

.. code-block:: python

    app.wsgi_app = timesink.wsgi.ProfilerMiddleware(app.wsgi_app)  # Flask
    app = timesink.wsgi.ProfilerMiddleware(app)                    # others

Then ``/books?profile`` shows the profile of ``/books``, while developing.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Callable, Iterable, Iterator
from urllib.parse import quote

from timesink._recording import Recording, logger
from timesink._web.development import in_development
from timesink._web.middleware import WebMiddleware
from timesink._web.options import WebOptions
from timesink._web.report import Page, make_page, record_request, save_report, title

__all__ = ["ProfilerMiddleware"]

_Application = Callable[..., Iterable[bytes]]


class ProfilerMiddleware(WebMiddleware):
    """Records requests that ask for it, or all of them into a folder. Costs the others a look at their query."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers a request."""
        wish = self._options.wish(environ.get("QUERY_STRING", ""))
        if wish is None or not self._options.allows(environ, lambda: in_development(self.app)):
            return self.app(environ, start_response)
        path = _path(environ)
        recording = record_request(title(environ.get("REQUEST_METHOD", ""), path), self._options.interval)
        save = _Saving(recording, self._options, environ, path)
        if wish.page is None:
            return _RecordedBody.of(self.app, environ, start_response, recording, save)
        page = self._page(recording, environ, wish.page)
        if wish.is_saved:
            save()
        start_response("{} {}".format(page.status, HTTPStatus(page.status).phrase), page.headers)
        return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else page.body]

    def _page(self, recording: Recording, environ: dict[str, Any], page_format: str) -> Page:
        status = 200
        try:
            _run_to_end(self.app, environ)
        except Exception:
            status = 500
            logger.exception("the application failed while it was recorded")
        finally:
            recording.stop()
        return make_page(recording, page_format, status)


class _Saving:
    """Writes the report of a request, once."""

    def __init__(self, recording: Recording, options: WebOptions, environ: dict[str, Any], path: str) -> None:
        self._recording = recording
        self._options = options
        self._environ = environ
        self._path = path
        self._is_done = False

    def __call__(self) -> None:
        if not self._is_done:
            self._is_done = True
            query = self._environ.get("QUERY_STRING", "")
            save_report(self._recording, self._options, self._environ, self._path + ("?" + query if query else ""))


class _RecordedBody:
    """A response's body: recorded to its end, and saved once the server has sent it."""

    def __init__(self, body: Iterable[bytes], recording: Recording, save: _Saving) -> None:
        self._body = body
        self._parts = iter(body)
        self._recording = recording
        self._save = save

    @classmethod
    def of(
        cls, app: _Application, environ: dict[str, Any], start: Callable[..., Any], recording: Recording, save: _Saving
    ) -> _RecordedBody:
        """Calls the application."""
        try:
            return cls(app(environ, start), recording, save)
        except BaseException:
            recording.stop()
            save()
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._parts)
        except BaseException:
            self._recording.stop()
            raise

    def close(self) -> None:
        """The server has sent it, or given up."""
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._recording.stop()
            self._save()


def _run_to_end(app: _Application, environ: dict[str, Any]) -> None:
    """Lets the application answer, to nobody."""
    body = app(environ, lambda status, headers, exc_info=None: lambda data: None)
    try:
        for _ in body:
            pass
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()


def _path(environ: dict[str, Any]) -> str:
    """That of the URL, quoted."""
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    return quote(path.encode("latin-1", "replace"), safe="/:@!$&'()*+,;=~-._")
