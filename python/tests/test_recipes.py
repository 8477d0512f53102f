"""What pyinstrument's documentation shows, with only the import changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from programs import environment


def test_report_for_each_test(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        """
from pathlib import Path
import pytest
from timesink import Profiler

TESTS_ROOT = Path.cwd()

@pytest.fixture(autouse=True)
def auto_profile(request):
    PROFILE_ROOT = (TESTS_ROOT / ".profiles")
    profiler = Profiler()
    profiler.start()

    yield

    profiler.stop()
    PROFILE_ROOT.mkdir(exist_ok=True)
    results_file = PROFILE_ROOT / f"{request.node.name}.html"
    profiler.write_html(results_file)
"""
    )
    (tmp_path / "test_it.py").write_text("import time\ndef test_one(): time.sleep(0.02)\ndef test_two(): pass\n")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=str(tmp_path),
        env=environment(),
        stdout=subprocess.PIPE,
        timeout=60,
    )
    assert result.returncode == 0, result.stdout
    reports = sorted((tmp_path / ".profiles").iterdir())
    assert [report.name for report in reports] == ["test_one.html", "test_two.html"]
    assert reports[0].read_text(encoding="utf-8").startswith("<!doctype html>")


def test_documented_block_and_decorator(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        """
import time
import timesink as pyinstrument
from timesink import Profiler

with pyinstrument.profile():
    time.sleep(0.02)

@pyinstrument.profile()
def my_function():
    time.sleep(0.02)
my_function()

profiler = Profiler()
profiler.start()
time.sleep(0.02)
profiler.stop()
profiler.print()
print(profiler.output_text(unicode=True, color=True))
"""
    )
    result = subprocess.run(
        [sys.executable, "script.py"],
        cwd=str(tmp_path),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        encoding="utf-8",
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    assert "Block at script.py:6" in result.stderr or "Block at {}".format(tmp_path) in result.stderr
    assert "Function my_function at" in result.stderr
    assert result.stdout.count("Recorded:") == 2
