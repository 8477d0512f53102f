"""Programs that tests run in processes of their own, and work that takes time."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

source = Path(__file__).resolve().parents[1] / "src"


def run_program(code: str, *arguments: str, env: dict[str, str] | None = None, **options: Any) -> Any:
    """Runs a program of this text with this interpreter; ``timesink`` can be imported. Gives what subprocess.run gives."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        timeout=60,
        env=environment(env),
        **options,
    )


def environment(more: dict[str, str] | None = None) -> dict[str, str]:
    """That of this process, with the package where Python finds it."""
    return {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1", **(more or {})}


def busy(seconds: float) -> None:
    """Computes."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sum(range(200))


def is_there(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        with open("/proc/{}/stat".format(pid)) as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def has_ended(pid: int, within: float = 10.0) -> bool:
    """Whether a process ends within that many seconds."""
    end = time.monotonic() + within
    while is_there(pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
