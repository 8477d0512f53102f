"""The recording for speedscope.app."""

from __future__ import annotations

from typing import Any

from timesink import processors
from timesink._codec import ProcessorList
from timesink.renderers.base import RecorderRenderer


class SpeedscopeRenderer(RecorderRenderer):
    """A file of speedscope, in the order of time."""

    output_file_extension = "speedscope.json"
    _format = "speedscope"
    _takes_trees = False

    def __init__(self, **kwargs: Any) -> None:
        """Takes the options of :class:`~timesink.renderers.FrameRenderer`."""
        super().__init__(**kwargs)

    def default_processors(self) -> ProcessorList:
        """Those that keep the order of time, and no groups."""
        left_out = (processors.aggregate_repeated_calls, processors.group_library_frames_processor)
        return [one for one in super().default_processors() if one not in left_out]
