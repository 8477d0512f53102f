"""What can the other end of this stream show?"""

from __future__ import annotations

import codecs
import os
from typing import Any


def file_supports_color(file: Any) -> bool:
    """Whether it is a terminal, and nobody asked for no colours (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    try:
        return bool(file.isatty())
    except (AttributeError, ValueError):
        return False


def file_supports_unicode(file: Any) -> bool:
    """Whether it is written in a Unicode encoding."""
    try:
        return codecs.lookup(file.encoding).name.startswith("utf")
    except (AttributeError, LookupError, TypeError):
        return False
