"""The page to explore a recording with."""

from __future__ import annotations

import os
import tempfile
import warnings
import webbrowser
from pathlib import Path
from typing import Any

from timesink import processors
from timesink._codec import ProcessorList, as_text
from timesink.renderers.base import Renderer, session_of_tree
from timesink.session import Session


class HTMLRenderer(Renderer):
    """One file that needs no network: call tree, timeline, flame graph, functions, source."""

    output_file_extension = "html"

    def __init__(
        self, *, resample_interval: float | None = None, show_all: bool = False, timeline: bool = False
    ) -> None:
        """
        :param resample_interval: accepted for pyinstrument's sake: the page takes any number of samples.
        :param show_all: without effect, the page has a switch; so has ``timeline``.
        """
        super().__init__()
        for name, is_given in (("show_all", show_all), ("timeline", timeline)):
            if is_given:
                warnings.warn(
                    "the option {} of HTML reports has no effect: the page has a switch for it".format(name),
                    DeprecationWarning,
                    stacklevel=3,
                )
        self.resample_interval = resample_interval
        #: Functions that are applied to the tree before the page is made of it.
        self.preprocessors: ProcessorList = []
        self.preprocessor_options: dict[str, Any] = {}

    def render(self, session: Session) -> str:
        """The page."""
        if self.preprocessors:
            root = processors.run(self.preprocessors, session.root_frame(), self.preprocessor_options)
            session = session_of_tree(root, session)
        return as_text(session._ask("render", renderer="html", options={}))

    def open_in_browser(self, session: Session, output_filename: str | None = None) -> str:
        """Opens the page in the web browser. Gives the name of its file: ``output_filename``, or a temporary one."""
        page = self.render(session)
        if output_filename is None:
            handle, output_filename = tempfile.mkstemp(prefix="timesink-", suffix=".html")
            os.close(handle)
        with open(output_filename, "w", encoding="utf-8", newline="") as file:
            file.write(page)
        webbrowser.open(Path(output_filename).absolute().as_uri())
        return output_filename
