"""What does a visitor get who asked for a profile, and what does the folder get?"""

from __future__ import annotations

from typing import Any, NamedTuple

from timesink._recorder import RecorderError
from timesink._recording import Recording, logger, report_bytes, start_recording
from timesink._web.options import WebOptions, file_name, make_renderer
from timesink.renderers import ConsoleRenderer, NamedRenderer, Renderer
from timesink.session import Session

_content_types = {
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
    "json": "application/json",
    "speedscope": "application/json",
    "timesink": "application/octet-stream",
}

# What a browser should store, under what name.
_downloads = {"speedscope": "profile.speedscope.json", "timesink": "profile.timesink"}


class Page(NamedTuple):
    """A response that takes the place of the application's."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def record_request(description: str, interval: float) -> Recording:
    """Starts the recording of a request: what other requests do at the same time, in other tasks, threads or greenlets, is no
    part of it."""
    return start_recording(description, interval, "strict")


def make_page(recording: Recording, page_format: str, status: int = 200) -> Page:
    """The report of a recording, or the reason why there is none."""
    session = recording.stop()
    try:
        if session is None:
            raise RecorderError(recording.problem)
        body = report_bytes(_renderer(page_format), session)
    except RecorderError as error:
        text = "timesink could not record this request. {}\n".format(error)
        return _page(500, "text", text.encode("utf-8", "replace"))
    return _page(status, page_format, body)


def save_report(recording: Recording, options: WebOptions, request: Any, url: str) -> None:
    """Writes the report of a recording to the folder. What the file system refuses is logged; what is wrong in the options
    raises ImportError or ValueError."""
    session = recording.stop()
    if session is None or options.folder is None or session.duration < options.slower_than:
        return
    renderer = make_renderer(options.renderer)
    save(session, renderer, options, file_name(options.filename, request, url, session, renderer))


def save(session: Session, renderer: Renderer, options: WebOptions, name: str) -> None:
    """Writes a report of this name to the folder."""
    try:
        assert options.folder is not None
        options.folder.write(name, report_bytes(renderer, session))
    except (RecorderError, OSError) as error:
        logger.warning("cannot write a report: %s", error)


def title(method: str, path: str) -> str:
    """The description of a request, without its query."""
    return "{} {}".format(method, path)[:200]


def _renderer(page_format: str) -> Renderer:
    return ConsoleRenderer(unicode=True) if page_format == "text" else NamedRenderer(page_format)


def _page(status: int, page_format: str, body: bytes) -> Page:
    headers = [
        ("Content-Type", _content_types[page_format]),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    if page_format in _downloads:
        headers.append(("Content-Disposition", 'attachment; filename="{}"'.format(_downloads[page_format])))
    return Page(status, headers, body)
