"""Times by function, for ``pstats`` and what reads its files."""

from __future__ import annotations

from typing import Any

from timesink import processors
from timesink._codec import ProcessorList
from timesink.renderers.base import RecorderRenderer


class PstatsRenderer(RecorderRenderer):
    """A file of ``pstats``. What :meth:`render` gives is to be encoded as UTF-8 with ``surrogateescape``."""

    output_file_extension = "pstats"
    output_is_binary = True
    _format = "pstats"

    def __init__(self, **kwargs: Any) -> None:
        """Takes the options of :class:`~timesink.renderers.FrameRenderer`."""
        super().__init__(**kwargs)

    def default_processors(self) -> ProcessorList:
        """Without groups: the file has no place for them."""
        return [one for one in super().default_processors() if one is not processors.group_library_frames_processor]
