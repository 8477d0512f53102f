"""Which requests are recorded, and what becomes of the recordings?"""

from __future__ import annotations

import importlib
import inspect
import os
import sys
import time
from typing import Any, Callable, NamedTuple, Union
from urllib.parse import parse_qs

from timesink._report_folder import ReportFolder
from timesink.renderers import HTMLRenderer, Renderer, find_renderer
from timesink.session import Session

#: Who may have a request recorded: None for everybody while developing, True or False for everybody or nobody, or a function
#: of the request that says it.
Allow = Union[None, bool, Callable[[Any], bool]]

#: A format of reports: a renderer, its class, the dotted name of the class, or a name such as ``"speedscope"``.
RendererChoice = Union[None, str, Renderer, "type[Renderer]"]

#: The name of a report's file: a pattern, or a function of request, session and renderer.
FileName = Union[str, Callable[[Any, Session, Renderer], str]]

default_file_name = "{total_time:.3f}s {path} {timestamp:.0f}.{ext}"

#: Formats that ``?profile=NAME`` gives instead of the page.
page_formats = ("html", "text", "markdown", "json", "speedscope", "timesink")

_refusals = ("0", "false", "no", "off")

# The file's name has other parts, too.
_longest_path = 100


class Wish(NamedTuple):
    """What becomes of a request's recording."""

    #: The format in which it takes the place of the response; None: the response is left alone.
    page: str | None
    is_saved: bool


class WebOptions:
    """The options of a middleware."""

    def __init__(
        self,
        *,
        allow: Allow = None,
        url_argument: str | None = "profile",
        profile_dir: str | os.PathLike[str] | None = None,
        renderer: RendererChoice = None,
        filename: FileName = default_file_name,
        interval: float = 0.001,
        max_files: int | None = 200,
        slower_than: float = 0.0,
    ) -> None:
        """They mean what those of :class:`timesink._web.middleware.WebMiddleware` do."""
        self.allow = allow
        self.url_argument = url_argument
        self.folder = None if profile_dir is None else ReportFolder(profile_dir, max_files)
        self.renderer = renderer
        self.filename = filename
        self.interval = interval
        self.slower_than = slower_than

    def wish(self, query: str) -> Wish | None:
        """What the request with this query string gets; None: it is not recorded."""
        name = self.url_argument
        values = parse_qs(query, keep_blank_values=True).get(name) if name and name in query else None
        return self.wish_for(None if values is None else values[-1])

    def wish_for(self, value: str | None) -> Wish | None:
        """What a request gets whose query has this value for the argument; None: it has none."""
        page = None if value is None else page_format(value)
        return None if page is None and self.folder is None else Wish(page, self.folder is not None)

    def allows(self, request: Any, is_development: Callable[[], bool]) -> bool:
        """Whether this request may be recorded."""
        if callable(self.allow):
            return bool(self.allow(request))
        return is_development() if self.allow is None else bool(self.allow)


def page_format(value: str) -> str | None:
    """The format that ``?profile=VALUE`` asks for; None for values that mean no."""
    value = value.lower()
    if value in _refusals:
        return None
    return value if value in page_formats else "html"


def make_renderer(choice: RendererChoice) -> Renderer:
    """A renderer for reports in the folder. ImportError, or ValueError where that is none."""
    if choice is None:
        return HTMLRenderer()
    if isinstance(choice, str):
        if "." not in choice:
            return find_renderer(choice)
        choice = imported(choice)
    renderer = choice() if inspect.isclass(choice) else choice
    if not isinstance(renderer, Renderer):
        raise ValueError("{!r} is no subclass of timesink.renderers.Renderer".format(choice))
    return renderer


def imported(path: str) -> Any:
    """What a dotted path names. ImportError."""
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (AttributeError, ValueError) as error:
        raise ImportError("there is no {}: {}".format(path, error)) from error


def file_name(filename: FileName, request: Any, url: str, session: Session, renderer: Renderer) -> str:
    """The name of a report's file. ValueError where a function of the user's gives none."""
    if callable(filename):
        name = filename(request, session, renderer)
        if not isinstance(name, str):
            raise ValueError("the function for file names must give a str, not {!r}".format(name))
        return name
    path = url.replace("/", "_")[:_longest_path]
    if sys.platform in ("win32", "cygwin"):
        path = path.replace("?", "_qs_")
    return filename.format(
        total_time=session.duration, path=path, timestamp=time.time(), ext=renderer.output_file_extension
    )
