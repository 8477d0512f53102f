"""The call tree for programs to read."""

from __future__ import annotations

from typing import Any

from timesink.renderers.base import RecorderRenderer


class JSONRenderer(RecorderRenderer):
    """JSON: ``root_frame`` is the call tree."""

    output_file_extension = "json"
    _format = "json"

    def __init__(self, **kwargs: Any) -> None:
        """Takes the options of :class:`~timesink.renderers.FrameRenderer`."""
        super().__init__(**kwargs)
