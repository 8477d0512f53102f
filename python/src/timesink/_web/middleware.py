"""What do the middlewares for WSGI and for ASGI take?"""

from __future__ import annotations

from typing import Any

from timesink._web.options import Allow, FileName, RendererChoice, WebOptions, default_file_name


class WebMiddleware:
    """An application around another one, and what is to be recorded of it."""

    def __init__(
        self,
        app: Any,
        *,
        allow: Allow = None,
        url_argument: str | None = "profile",
        profile_dir: Any = None,
        renderer: RendererChoice = None,
        filename: FileName = default_file_name,
        interval: float = 0.001,
        max_files: int | None = 200,
        slower_than: float = 0.0,
    ) -> None:
        """Records nothing yet, and starts no process: the first request that is recorded does.

        :param app: the application, or the middleware around it.
        :param allow: who may have a request recorded. None: everybody where the application is in debug mode (``app.debug``) or
            Python in development mode (``python -X dev``), else nobody. True: everybody. Or a function that is given the
            ``environ`` (ASGI: the ``scope``) and says whether.
        :param url_argument: requests with this in their query are answered by the report of their recording: the page, or with
            ``?profile=text`` (also ``markdown``, ``json``, ``speedscope``, ``timesink``) another format. ``?profile=0`` does
            not ask for it. None: no request is.
        :param profile_dir: a folder that gets a report of every request.
        :param renderer: the format of those: a renderer, its class, the dotted name of the class, or a name such as ``"text"``.
        :param filename: the names of those, with ``{total_time}``, ``{path}``, ``{timestamp}`` and ``{ext}``; or a function of
            ``environ`` (ASGI: ``scope``), session and renderer. Whatever it is, the file lies in the folder.
        :param interval: seconds between samples.
        :param max_files: most reports that the folder keeps, the newest; None: all.
        :param slower_than: requests that took fewer seconds get no report in the folder.
        """
        self.app = app
        self._options = WebOptions(
            allow=allow,
            url_argument=url_argument,
            profile_dir=profile_dir,
            renderer=renderer,
            filename=filename,
            interval=interval,
            max_files=max_files,
            slower_than=slower_than,
        )
