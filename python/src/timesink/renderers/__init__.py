"""Which reports can be made of a session?"""

from __future__ import annotations

from timesink.renderers.base import FrameRenderer, Renderer
from timesink.renderers.console import ConsoleRenderer
from timesink.renderers.html import HTMLRenderer
from timesink.renderers.jsonrenderer import JSONRenderer
from timesink.renderers.named import NamedRenderer
from timesink.renderers.pstatsrenderer import PstatsRenderer
from timesink.renderers.session import SessionRenderer
from timesink.renderers.speedscope import SpeedscopeRenderer

__all__ = [
    "ConsoleRenderer",
    "FrameRenderer",
    "HTMLRenderer",
    "JSONRenderer",
    "NamedRenderer",
    "PstatsRenderer",
    "Renderer",
    "SessionRenderer",
    "SpeedscopeRenderer",
    "find_renderer",
]


def find_renderer(renderer: Renderer | str) -> Renderer:
    """The renderer itself, or the format of that name."""
    return NamedRenderer(renderer) if isinstance(renderer, str) else renderer
