"""The report that a person reads in a terminal."""

from __future__ import annotations

from typing import Any

from timesink.renderers.base import RecorderRenderer, Renderer


class ConsoleRenderer(RecorderRenderer):
    """Text: the call tree, the hottest lines."""

    _format = "text"

    def __init__(
        self,
        show_all: bool = False,
        timeline: bool = False,
        processor_options: dict[str, Any] | None = None,
        unicode: bool = False,
        color: bool = False,
        flat: bool = False,
        time: str = "seconds",
        flat_time: str = "self",
        short_mode: bool = False,
    ) -> None:
        """
        :param unicode: draw with box characters instead of ASCII.
        :param color: use colours, as terminals show them.
        :param flat: a list of functions instead of a tree.
        :param time: ``seconds`` or ``percent_of_total``.
        :param flat_time: in the list: ``self`` without, ``total`` with what was called.
        :param short_mode: only the tree, for output that other output surrounds.

        The others are those of :class:`~timesink.renderers.FrameRenderer`.
        """
        super().__init__(show_all=show_all, timeline=timeline, processor_options=processor_options)
        self.unicode = unicode
        self.color = color
        self.flat = flat
        self.time = time
        self.flat_time = flat_time
        self.short_mode = short_mode
        if flat and timeline:
            raise Renderer.MisconfigurationError("Cannot use timeline and flat options together.")

    def _options(self) -> dict[str, Any]:
        names = ("unicode", "color", "flat", "time", "flat_time", "short_mode")
        return {**super()._options(), **{name: getattr(self, name) for name in names}}
