"""``%timesink`` and ``%%timesink``, in IPython and in a Jupyter kernel."""

from __future__ import annotations

import html
import re
from typing import Any, Iterator

import pytest

pytest.importorskip("IPython")

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

escapes = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "timesink")
    yield shell
    shell.run_line_magic("unload_ext", "timesink")
    InteractiveShell.clear_instance()


class Ran:
    """What a cell did."""

    def __init__(self, result: Any, shown: list[Any]) -> None:
        self.result = result
        self.shown = shown

    @property
    def text(self) -> str:
        assert len(self.shown) == 1, self.shown
        return escapes.sub("", self.shown[0]["text/plain"])

    @property
    def frame(self) -> str:
        return str(self.shown[0]["text/html"])


def run(shell: InteractiveShell, cell: str) -> Ran:
    shown: list[Any] = []

    def publish(data: Any, metadata: Any = None, **_: Any) -> None:
        shown.append(data)

    shell.display_pub.publish, before = publish, shell.display_pub.publish  # type: ignore[method-assign]
    try:
        return Ran(shell.run_cell(cell, store_history=True), shown)
    finally:
        shell.display_pub.publish = before  # type: ignore[method-assign]


slow_cell = "%%timesink {}\nimport time\ndef slow():\n    time.sleep(0.15)\nslow()\nanswer = 42\nanswer\n"


def test_a_cell(shell: InteractiveShell) -> None:
    ran = run(shell, slow_cell.format(""))
    assert ran.result.success and ran.result.result == 42
    assert shell.user_ns["answer"] == 42 and callable(shell.user_ns["slow"])
    assert not [name for name in shell.user_ns if "timesink " in name]
    assert "Cell [{}]".format(shell.execution_count - 1) in ran.text and "slow" in ran.text
    assert "interactiveshell" not in ran.text and "magic" not in ran.text
    assert set(ran.shown[0]) == {"text/html", "text/plain"}


def test_the_page_is_in_a_frame_and_needs_no_network(shell: InteractiveShell) -> None:
    frame = run(shell, slow_cell.format("--height 700")).frame
    assert re.match(r'<iframe width="100%" height="700" style="resize: vertical"', frame)
    (source,) = re.findall(r'srcdoc="([^"]*)"', frame)
    page = html.unescape(source)
    assert "Cell [" in page and "slow" in page and 'id="timesink-session"' in page
    assert not re.search(r'(?:src|href)="?(?:https?:)?//', page)


def test_a_line(shell: InteractiveShell) -> None:
    run(shell, slow_cell.format(""))
    ran = run(shell, "%timesink --interval 0.002 slow(); max( 1, -1)")
    assert ran.result.success and ran.result.result == 1
    assert "Line in cell [{}]".format(shell.execution_count - 1) in ran.text and "slow" in ran.text
    assert run(shell, "value = %timesink [slow(), '--hide']").shown
    assert shell.user_ns["value"] == [None, "--hide"]


def test_nothing_to_record(shell: InteractiveShell) -> None:
    assert run(shell, "%timesink").shown == []
    assert run(shell, "%timesink --interval 0.1").shown == []


def test_a_semicolon_hides_the_value(shell: InteractiveShell) -> None:
    ran = run(shell, slow_cell.format("").rstrip() + ";\n")
    assert ran.result.success and ran.result.result is None and len(ran.shown) == 1


def test_variables_are_not_expanded(shell: InteractiveShell) -> None:
    run(shell, "x = 5")
    assert run(shell, "%timesink '$x {x}'").result.result == "$x {x}"


def test_other_magics_and_imports_from_the_future(shell: InteractiveShell) -> None:
    cell = "%%timesink\nfrom __future__ import annotations\nimport time\n%precision 3\ntime.sleep(0.02)\nparts = !echo hello\n"
    ran = run(shell, cell)
    assert ran.result.success and list(shell.user_ns["parts"]) == ["hello"]


def test_report_options(shell: InteractiveShell) -> None:
    assert "100" in run(shell, slow_cell.format("-p time=percent_of_total")).text
    assert (
        "slow"
        in run(shell, slow_cell.format("-p flat -p flat_time=total -p processor_options.filter_threshold=0")).text
    )
    assert "slow" in run(shell, slow_cell.format("--show-all --timeline yes")).text
    assert run(shell, slow_cell.format("--show '*' --hide-regex '.*'")).result.success


@pytest.mark.parametrize(
    ("glob", "matching", "other"),
    [
        ("*/lib/*.py", "/usr/lib/a/b.py", "/usr/lib/a.pyc"),
        ("a?c", "a/c", "ac"),
        ("[!a]b[]x]", "cb]", "abx"),
        ("a[b-d]", "ac", "a-"),
        ("a.(b)+$", "a.(b)+$", "aX(b)+$"),
        ("[", "[", "x"),
        ("a\\b", "a\\b", "ab"),
    ],
)
def test_shell_patterns(glob: str, matching: str, other: str) -> None:
    from timesink.magic import _regex_of

    assert re.match(_regex_of(glob), matching) and not re.match(_regex_of(glob), other)


@pytest.mark.parametrize(
    "options",
    [
        "-p nosuch=1",
        "--show a --show-regex b",
        "--async_mode=bogus",
        "-p flat -p timeline",
        "--nosuch",
        "-p a=1 -p a.b=1",
    ],
)
def test_mistakes_are_explained(shell: InteractiveShell, options: str, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(shell, slow_cell.format(options))
    assert isinstance(ran.result.error_in_exec, UsageError)
    assert "UsageError" in capsys.readouterr().err and "answer" not in shell.user_ns


def test_an_exception_has_its_traceback_and_its_report(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = run(shell, "%%timesink\nimport time\ntime.sleep(0.05)\n1 / 0\n")
    assert isinstance(ran.result.error_in_exec, ZeroDivisionError)
    assert "sleep" in ran.text or "<module>" in ran.text
    printed = escapes.sub("", "".join(capsys.readouterr()))
    assert "1 / 0" in printed and "_magic_code" not in printed and "magic.py" not in printed


def test_an_interrupted_cell_has_no_report(shell: InteractiveShell) -> None:
    ran = run(shell, "%%timesink\nraise KeyboardInterrupt\n")
    assert isinstance(ran.result.error_in_exec, KeyboardInterrupt) and ran.shown == []
    assert run(shell, slow_cell.format("")).result.success


def test_a_syntax_error(shell: InteractiveShell) -> None:
    ran = run(shell, "%%timesink\n1 +\n")
    assert isinstance(ran.result.error_in_exec or ran.result.error_before_exec, SyntaxError) and ran.shown == []


async_cell = "%%timesink {}\nimport asyncio\nasync def wait():\n    await asyncio.sleep(0.1)\nawait wait()\nawaited = 7\nawaited\n"


@pytest.mark.parametrize("options", ["", "--async_mode=enabled", "--async_mode=strict", "--async-mode disabled"])
def test_a_cell_that_awaits(shell: InteractiveShell, options: str) -> None:
    ran = run(shell, async_cell.format(options))
    assert ran.result.success and ran.result.result == 7 and shell.user_ns["awaited"] == 7
    if "disabled" not in options:
        assert re.search(r"0\.\d+ wait", ran.text) and "[await]" in ran.text, ran.text


def test_a_line_that_awaits(shell: InteractiveShell) -> None:
    run(shell, async_cell.format(""))
    assert "wait" in run(shell, "%timesink await wait()").text
    ran = run(shell, "before = 1\nvalue = %timesink [await wait()]\nafter = 2\n")
    assert ran.result.success and shell.user_ns["value"] == [None] and len(ran.shown) == 1


def test_where_it_cannot_be_awaited_it_says_so(shell: InteractiveShell) -> None:
    run(shell, async_cell.format(""))
    ran = run(shell, "get_ipython().run_line_magic('timesink', 'await wait()') or 1")
    assert "was not run" in repr(ran.result.result)


def test_a_recording_within(shell: InteractiveShell) -> None:
    cell = (
        "%%timesink --async_mode=enabled\nfrom timesink import Profiler\nwith Profiler() as p:\n    sum(range(100))\n"
    )
    assert run(shell, cell).result.success
    assert run(shell, cell).result.success


def notebook(*cells: str) -> Any:
    import nbformat

    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])


def executed(*cells: str, **options: Any) -> Any:
    from nbclient import NotebookClient

    book = notebook(*cells)
    NotebookClient(book, timeout=60, kernel_name="python3", **options).execute()
    return book


def test_a_jupyter_kernel() -> None:
    book = executed(
        "import sys; sys.path.insert(0, {!r})\n%load_ext timesink".format(source_folder()),
        slow_cell.format(""),
        async_cell.format(""),
        "import asyncio\nloop = asyncio.get_running_loop()",
        "%%timesink\nassert asyncio.get_running_loop() is loop\nawait asyncio.sleep(0.01)\n",
        "%%timesink\n1 / 0\n",
        allow_errors=True,
    )
    outputs = [cell.outputs for cell in book.cells]
    slow, awaiting, same_loop, failed = outputs[1], outputs[2], outputs[4], outputs[5]
    for output, name, value in ((slow, "slow", "42"), (awaiting, "wait", "7")):
        report, result = output
        assert report.output_type == "display_data" and set(report.data) == {"text/html", "text/plain"}
        text = escapes.sub("", report.data["text/plain"])
        assert name in text and "ipykernel/" not in text.replace("/ipykernel_", "")
        assert result.output_type == "execute_result" and result.data["text/plain"] == value
    assert [output.output_type for output in same_loop] == ["display_data"], same_loop
    assert "error" in [output.output_type for output in failed]


def source_folder() -> str:
    from conftest import source

    return source
