"""Python renderers for the command line: ``python -m timesink._render``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from programs import environment
from test_session import made

module = """
from timesink.renderers import FrameRenderer, Renderer
from timesink import processors

class Names(FrameRenderer):
    def __init__(self, end="", **options):
        super().__init__(**options)
        self.end = end
    def default_processors(self):
        return [processors.aggregate_repeated_calls]
    def render(self, session):
        root = self.preprocess(session.root_frame())
        return ",".join(frame.function for frame in root.walk()) + self.end

class Bytes(Renderer):
    output_is_binary = True
    def render(self, session):
        return b"\\xff\\x00".decode("utf-8", "surrogateescape")

class Nothing:
    pass
"""


def render(tmp_path: Path, name: str, options: Any = None) -> Any:
    (tmp_path / "mine.py").write_text(module)
    made().save(tmp_path / "run.pyisession")
    return subprocess.run(
        [sys.executable, "-m", "timesink._render", name, str(tmp_path / "run.pyisession")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=60,
        cwd=str(tmp_path),
        env=environment({} if options is None else {"TIMESINK_RENDER_OPTIONS": json.dumps(options)}),
    )


def test_renderer_of_the_working_directory(tmp_path: Path) -> None:
    result = render(tmp_path, "mine.Names")
    assert (result.returncode, result.stdout) == (0, b"main,work,[self],sleep,[self]"), result.stderr
    assert render(tmp_path, "mine.Names", {"end": "\u00e9!"}).stdout.endswith("\u00e9!".encode("utf-8"))


def test_bytes(tmp_path: Path) -> None:
    assert render(tmp_path, "mine.Bytes").stdout == b"\xff\x00"


def test_renderer_of_ours(tmp_path: Path) -> None:
    assert b"1.000 main" in render(tmp_path, "timesink.renderers.ConsoleRenderer").stdout


def test_renderers_that_are_none(tmp_path: Path) -> None:
    for name, said in (
        ("nosuch.Thing", "cannot load the renderer nosuch.Thing: "),
        ("mine.Missing", "cannot load the renderer mine.Missing: "),
        ("Names", "cannot load the renderer Names: "),
        ("mine.Nothing", "mine.Nothing is no renderer: "),
    ):
        result = render(tmp_path, name)
        assert result.returncode == 2 and result.stderr.decode().startswith("timesink: " + said)
        assert result.stderr.count(b"\n") == 1
    result = render(tmp_path, "mine.Names", {"colour": 1})
    assert result.returncode == 2 and b"refuses its options" in result.stderr
