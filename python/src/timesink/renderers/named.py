"""Any report format of the command line, by its name."""

from __future__ import annotations

from typing import Any

from timesink._codec import as_bytes, as_text
from timesink.renderers.base import Renderer
from timesink.session import Session

# Formats that are no text, and ends of files that are not the name of their format.
_binary = ("pstats", "pprof", "timesink")
_extensions = {
    "text": "txt",
    "markdown": "md",
    "speedscope": "speedscope.json",
    "collapsed": "collapsed",
    "pprof": "pb.gz",
    "firefox": "firefox.json",
    "session": "pyisession",
}


class NamedRenderer(Renderer):
    """A format of ``timesink -r NAME``, with the options that ``-p`` sets."""

    def __init__(self, name: str, **options: Any) -> None:
        """ValueError comes from :meth:`render`, where there is no such format or option."""
        super().__init__()
        self.name = name
        self.options = options
        self.output_file_extension = _extensions.get(name, name)
        self.output_is_binary = name in _binary

    def render(self, session: Session) -> str:
        """The report; bytes as text in UTF-8 with ``surrogateescape``."""
        return as_text(session._ask("render", renderer=self.name, options=self.options))

    def render_bytes(self, session: Session) -> bytes:
        """The report as it belongs into a file."""
        return as_bytes(session._ask("render", renderer=self.name, options=self.options))
