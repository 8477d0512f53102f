"""How are requests to a Django site recorded? By this in its settings:

.. code-block:: python

    MIDDLEWARE += ["timesink.middleware.ProfilerMiddleware"]

Then ``/books?profile`` shows the profile of ``/books``, while ``DEBUG`` is on.
"""

from __future__ import annotations

import asyncio
from typing import Any, Awaitable, Callable, Union

from timesink._recording import Recording
from timesink._web.options import WebOptions, Wish, default_file_name, file_name, imported, make_renderer
from timesink._web.report import make_page, record_request, save, title

__all__ = ["ProfilerMiddleware"]

_prefixes = ("TIMESINK_", "PYINSTRUMENT_")


class ProfilerMiddleware:
    """Records requests that ask for it, or all of them into a folder. For sites that are served by WSGI and by ASGI.

    These settings are looked up for each request, with ``TIMESINK_`` or ``PYINSTRUMENT_`` in front:

    - ``URL_ARGUMENT`` (``"profile"``): requests with this in their query are answered by the report of their recording: the
      page, or with ``?profile=text`` (also ``markdown``, ``json``, ``speedscope``, ``timesink``) another format.
      ``?profile=0`` does not ask for it.
    - ``SHOW_CALLBACK`` (none): a function of the request, or its dotted name, that says whether it may be recorded; or True:
      every one may. Without it requests are recorded where ``DEBUG`` is on.
    - ``PROFILE_DIR`` (none): a folder that gets a report of every request.
    - ``PROFILE_DIR_RENDERER`` (the page): dotted name of the class of renderer for those, or a name such as ``"text"``.
    - ``FILENAME`` (``"{total_time:.3f}s {path} {timestamp:.0f}.{ext}"``): the names of those.
    - ``FILENAME_CALLBACK`` (none): a function of request, session and renderer that gives the name instead.
    - ``MAX_FILES`` (200): most reports that the folder keeps, the newest; None: all.
    - ``SLOWER_THAN`` (0): requests that took fewer seconds get no report in the folder.
    - ``INTERVAL`` (0.001): seconds between samples.

    While a request is recorded, ``request.profiler`` is what records it.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        """Records nothing yet, and starts no process: the first request that is recorded does."""
        self.get_response = get_response
        self._is_async = _is_coroutine_function(get_response)
        if self._is_async:
            _mark_as_coroutine_function(self)

    def __call__(self, request: Any) -> Union[Any, Awaitable[Any]]:
        """Answers a request; for ASGI, gives a coroutine that does."""
        if self._is_async:
            return self._answer(request)
        self.process_request(request)
        try:
            response = self.get_response(request)
        except BaseException:
            _stop(request)
            raise
        return self.process_response(request, response)

    def process_request(self, request: Any) -> None:
        """Starts to record, where the request asks for it and may."""
        wish = _wish(request)
        if wish is not None and _allows(request):
            _start(request, wish)

    def process_response(self, request: Any, response: Any) -> Any:
        """Ends the recording. Gives the response, or the report in its place."""
        _stop(request)
        return _respond(request, response)

    async def _answer(self, request: Any) -> Any:
        from asgiref.sync import sync_to_async

        wish = _wish(request)
        # Who is logged in, say, is looked up in the database.
        if wish is None or not await sync_to_async(_allows, thread_sensitive=True)(request):
            return await self.get_response(request)
        _start(request, wish)
        try:
            response = await self.get_response(request)
        finally:
            _stop(request)
        return await sync_to_async(_respond, thread_sensitive=False)(request, response)


class _Recorded:
    """What a request carries that is recorded."""

    def __init__(self, recording: Recording, wish: Wish) -> None:
        self.recording = recording
        self.wish = wish


def _start(request: Any, wish: Wish) -> None:
    recording = record_request(title(request.method, request.path), float(_setting("INTERVAL", 0.001)))
    request._timesink = _Recorded(recording, wish)
    request.profiler = recording.profiler


def _stop(request: Any) -> None:
    recorded: _Recorded | None = getattr(request, "_timesink", None)
    if recorded is not None:
        recorded.recording.stop()


def _respond(request: Any, response: Any) -> Any:
    recorded: _Recorded | None = getattr(request, "_timesink", None)
    if recorded is None:
        return response
    if recorded.wish.is_saved:
        _save(request, recorded.recording)
    if recorded.wish.page is None:
        return response
    from django.http import HttpResponse

    page = make_page(recorded.recording, recorded.wish.page)
    answer = HttpResponse(page.body, status=page.status)
    for name, value in page.headers:
        answer[name] = value
    # What the response that nobody gets would have closed, such as files, is closed with this one.
    getattr(answer, "_resource_closers", []).extend(getattr(response, "_resource_closers", ()))
    return answer


def _save(request: Any, recording: Recording) -> None:
    session = recording.stop()
    options = WebOptions(
        profile_dir=_setting("PROFILE_DIR", None),
        filename=_setting("FILENAME", default_file_name),
        max_files=_setting("MAX_FILES", 200),
        slower_than=float(_setting("SLOWER_THAN", 0)),
    )
    if session is None or session.duration < options.slower_than:
        return
    renderer = make_renderer(_setting("PROFILE_DIR_RENDERER", None) or None)
    callback = _setting("FILENAME_CALLBACK", None)
    pattern = callback if callable(callback) else options.filename
    save(session, renderer, options, file_name(pattern, request, request.get_full_path(), session, renderer))


def _wish(request: Any) -> Wish | None:
    options = WebOptions(profile_dir=_setting("PROFILE_DIR", None) or None)
    return options.wish_for(request.GET.get(_setting("URL_ARGUMENT", "profile")))


def _allows(request: Any) -> bool:
    from django.conf import settings

    allow = _setting("SHOW_CALLBACK", None)
    if isinstance(allow, str):
        allow = imported(allow)
    return WebOptions(allow=allow).allows(request, lambda: bool(settings.DEBUG))


def _setting(name: str, default: Any) -> Any:
    from django.conf import settings

    for prefix in _prefixes:
        if hasattr(settings, prefix + name):
            return getattr(settings, prefix + name)
    return default


def _is_coroutine_function(function: Any) -> bool:
    """Whether Django takes it for one: marks count, too."""
    try:
        from asgiref.sync import iscoroutinefunction
    except ImportError:  # Older than asgiref 3.6, which marks as asyncio does.
        return asyncio.iscoroutinefunction(function)
    return bool(iscoroutinefunction(function))


def _mark_as_coroutine_function(middleware: Any) -> None:
    try:
        from asgiref.sync import markcoroutinefunction
    except ImportError:
        middleware._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined]
        return
    markcoroutinefunction(middleware)
