"""``pytest --timesink``: which tests are slow, and where."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import source

tests = """
import threading, time
import pytest

def busy(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sum(range(200))

@pytest.fixture
def prepared():
    time.sleep(0.15)

def test_quick():
    pass

def test_slow():
    busy(0.7)

@pytest.mark.parametrize("value", ["../a/b"])
def test_with_fixture(prepared, value):
    pass

def test_slow_and_wrong():
    busy(0.6)
    assert 0

def test_that_records():
    import timesink
    with timesink.Profiler() as profiler:
        busy(0.15)
    assert profiler.last_session.duration >= 0.15
"""


def run_pytest(folder: Path, *arguments: str, **files: str) -> "subprocess.CompletedProcess[str]":
    for name, text in files.items():
        (folder / (name + ".py")).write_text(text)
    env = {**os.environ, "PYTHONPATH": source, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "timesink.pytest_plugin", *arguments],
        cwd=str(folder),
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        timeout=120,
    )


def reports(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_table_and_reports(tmp_path: Path) -> None:
    ran = run_pytest(tmp_path, "--timesink", test_it=tests)
    assert ran.returncode == 1 and "1 failed, 4 passed" in ran.stdout
    table = ran.stdout.split("slowest tests, by timesink")[1].splitlines()
    rows = [row for row in table if " s  test_it.py::" in row]
    assert [row.split("::")[1] for row in rows] == [
        "test_slow", "test_slow_and_wrong", "test_with_fixture[../a/b]", "test_that_records"
    ] or {row.split("::")[1] for row in rows[1:]} == {
        "test_slow_and_wrong", "test_with_fixture[../a/b]", "test_that_records"
    }  # fmt: skip
    below = table[table.index(rows[0]) + 1]
    assert "test_it.py:8" in below and "sum(range(200))" in below or "test_it.py:7" in below
    assert reports(tmp_path / ".profiles") == [
        "test_it.py test_slow.html",
        "test_it.py test_slow_and_wrong.html",
        "test_it.py test_that_records.html",
        "test_it.py test_with_fixture[.._a_b].html",
    ]
    page = (tmp_path / ".profiles" / "test_it.py test_slow.html").read_text(encoding="utf-8")
    assert "Test test_it.py::test_slow" in page and "busy" in page


def test_threshold_folder_format_and_number(tmp_path: Path) -> None:
    arguments = ["--timesink", "--timesink-dir", "slow", "--timesink-slower-than", "0.5", "--timesink-format", "text"]
    run_pytest(tmp_path, *arguments, test_it=tests)
    assert reports(tmp_path / "slow") == ["test_it.py test_slow.txt", "test_it.py test_slow_and_wrong.txt"]
    # Those of the run before are gone; what is not ours is not.
    (tmp_path / "slow" / "mine.txt").write_text("")
    run_pytest(tmp_path, *arguments, "--timesink-max", "1")
    assert reports(tmp_path / "slow") == ["mine.txt", "test_it.py test_slow.txt"]


def test_nothing_slow_and_not_asked_for(tmp_path: Path) -> None:
    ran = run_pytest(tmp_path, "--timesink", test_it="def test_one(): pass\n")
    assert "No test was slower" in ran.stdout and not (tmp_path / ".profiles").exists()
    ran = run_pytest(tmp_path)
    assert "timesink" not in ran.stdout and not (tmp_path / ".profiles").exists()


def test_without_recorder_the_tests_run(tmp_path: Path) -> None:
    ran = run_pytest(
        tmp_path, "--timesink", test_it="def test_one(): pass\n",
        conftest="import os; os.environ['TIMESINK_NODE'] = '/nowhere/node'\n",
    )  # fmt: skip
    assert ran.returncode == 0 and "1 passed" in ran.stdout and "could not be recorded" in ran.stdout


def test_with_xdist(tmp_path: Path) -> None:
    ran = run_pytest(tmp_path, "--timesink", "-p", "xdist", "-n", "2", test_it=tests)
    assert "1 failed, 4 passed" in ran.stdout
    assert len([row for row in ran.stdout.splitlines() if " s  test_it.py::" in row]) == 4
    assert len(reports(tmp_path / ".profiles")) == 4


def test_asynchronous_tests(tmp_path: Path) -> None:
    text = """
import asyncio
async def wait(): await asyncio.sleep(0.2)
async def test_it(): await wait()
"""
    ran = run_pytest(
        tmp_path,
        "--timesink",
        "-p",
        "pytest_asyncio.plugin",
        "-o",
        "asyncio_mode=auto",
        "--timesink-format=text",
        test_async=text,
    )
    assert "1 passed" in ran.stdout
    assert "test_async.py:3" in ran.stdout
    report = (tmp_path / ".profiles" / "test_async.py test_it.txt").read_text(encoding="utf-8")
    assert "wait" in report


def test_a_run_that_does_not_record_imports_nothing_of_the_profiler(tmp_path: Path) -> None:
    text = "import sys\ndef test_it(): assert 'timesink._recording' not in sys.modules\n"
    assert run_pytest(tmp_path, test_it=text).returncode == 0
