"""The samples themselves, for pyinstrument and for :meth:`timesink.Session.load`."""

from __future__ import annotations

import json

from timesink.renderers.base import Renderer
from timesink.session import Session


class SessionRenderer(Renderer):
    """The content of a ``.pyisession`` file."""

    output_file_extension = "pyisession"

    def __init__(self, tree_format: bool = False) -> None:
        """``tree_format`` is accepted for pyinstrument's sake, without effect."""
        super().__init__()
        self.tree_format = tree_format

    def render(self, session: Session) -> str:
        """The file's text."""
        return json.dumps(session.to_json())
