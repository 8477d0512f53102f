"""Where is timesink? And these tests are for the environment of requirements.txt only."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path

import pytest

source = str(Path(__file__).resolve().parents[2] / "src")
if source not in sys.path:
    sys.path.insert(0, source)

if importlib.util.find_spec("httpx") is None:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session", autouse=True)
def running_recorder() -> None:
    """So that the first test does not have to wait for it, nor until it runs as it should."""
    from timesink import Profiler

    for _ in range(20):
        with Profiler(threads="all") as profiler:
            time.sleep(0.1)
        if profiler.last_session is not None and profiler.last_session.sample_count > 50:
            return
