"""The code in docs/guides is Python, and names what there is."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from typing import Iterator

import pytest

guides = Path(__file__).resolve().parents[3] / "docs" / "guides"


def blocks() -> Iterator[tuple[str, str]]:
    for guide in sorted(guides.glob("*.md")):
        for block in re.findall(r"```python\n(.*?)```", guide.read_text(encoding="utf-8"), re.S):
            yield guide.name, block


@pytest.mark.parametrize(("guide", "block"), blocks())
def test_a_block_of_code(guide: str, block: str) -> None:
    names = {}
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("timesink"):
            for name in node.names:
                assert hasattr(importlib.import_module(node.module or ""), name.name), name.name
        if isinstance(node, ast.Attribute):
            names[ast.unparse(node)] = node
    for text in names:
        if text.startswith("timesink."):
            module, _, name = text.rpartition(".")
            assert hasattr(importlib.import_module(module), name) or importlib.import_module(text), text


@pytest.mark.parametrize("guide", sorted(guides.glob("*.md")), ids=lambda guide: str(guide.name))
def test_links_lead_somewhere(guide: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)", guide.read_text(encoding="utf-8")):
        assert (guide.parent / link).exists(), link
