"""How are requests to an aiohttp application recorded? By its middleware.

.. code-block:: python

    app = web.Application(middlewares=[timesink.aiohttp.profiler_middleware()])

Then ``/books?profile`` shows the profile of ``/books``, where asyncio or Python runs in development mode.
"""

from __future__ import annotations

import asyncio
from typing import Any, Awaitable, Callable

from timesink._recording import logger
from timesink._web.development import in_development
from timesink._web.options import Allow, FileName, RendererChoice, WebOptions, default_file_name
from timesink._web.report import make_page, record_request, save_report, title

__all__ = ["profiler_middleware"]

_Handler = Callable[[Any], Awaitable[Any]]


def profiler_middleware(
    *,
    allow: Allow = None,
    url_argument: str | None = "profile",
    profile_dir: Any = None,
    renderer: RendererChoice = None,
    filename: FileName = default_file_name,
    interval: float = 0.001,
    max_files: int | None = 200,
    slower_than: float = 0.0,
) -> Callable[[Any, _Handler], Awaitable[Any]]:
    """A middleware that records requests that ask for it, or all of them into a folder.

    :param allow: who may have a request recorded. None: everybody where asyncio is in debug mode or Python in development mode
        (``python -X dev``), else nobody. True: everybody. Or a function that is given the request and says whether.
    :param url_argument: requests with this in their query are answered by the report of their recording: the page, or with
        ``?profile=text`` (also ``markdown``, ``json``, ``speedscope``, ``timesink``) another format. ``?profile=0`` does
        not ask for it. None: no request is.
    :param profile_dir: a folder that gets a report of every request.
    :param renderer: the format of those: a renderer, its class, the dotted name of the class, or a name such as ``"text"``.
    :param filename: the names of those, with ``{total_time}``, ``{path}``, ``{timestamp}`` and ``{ext}``; or a function of
        request, session and renderer. Whatever it is, the file lies in the folder.
    :param interval: seconds between samples.
    :param max_files: most reports that the folder keeps, the newest; None: all.
    :param slower_than: requests that took fewer seconds get no report in the folder.
    """
    from aiohttp import web

    options = WebOptions(
        allow=allow,
        url_argument=url_argument,
        profile_dir=profile_dir,
        renderer=renderer,
        filename=filename,
        interval=interval,
        max_files=max_files,
        slower_than=slower_than,
    )

    @web.middleware
    async def middleware(request: Any, handler: _Handler) -> Any:
        wish = options.wish(request.rel_url.raw_query_string)
        loop = asyncio.get_running_loop()
        if wish is None or not options.allows(request, lambda: loop.get_debug() or in_development()):
            return await handler(request)
        recording = record_request(title(request.method, request.rel_url.raw_path), options.interval)
        status = 200
        response = None
        try:
            response = await handler(request)
        except web.HTTPException:
            if wish.page is None:
                raise
        except Exception:
            if wish.page is None:
                raise
            status = 500
            logger.exception("the application failed while it was recorded")
        finally:
            recording.stop()
            if wish.is_saved:
                url = str(request.rel_url)
                saving = loop.run_in_executor(None, save_report, recording, options, request, url)
        if wish.is_saved:
            await saving
        if wish.page is None or (response is not None and response.prepared):
            return response
        page = await loop.run_in_executor(None, make_page, recording, wish.page, status)
        headers = [header for header in page.headers if header[0] != "Content-Length"]
        return web.Response(status=page.status, body=page.body, headers=headers)

    return middleware
