"""Which tests are slow, and where? ``pytest --timesink`` says it, with a report for each of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Iterator

import pytest

if TYPE_CHECKING:
    from timesink._recording import Recording
    from timesink.session import Session

# Lines of the table at the end.
_most_rows = 10


def pytest_addoption(parser: Any) -> None:
    """Adds ``--timesink`` and the options that go with it."""
    group = parser.getgroup("timesink", "timesink: where do slow tests spend their time?")
    group.addoption(
        "--timesink", action="store_true", help="record every test; show where the slow ones spend their time"
    )
    group.addoption(
        "--timesink-dir",
        default=".profiles",
        metavar="DIR",
        help="folder for the reports of slow tests, those of the last run are deleted (default: .profiles)",
    )
    group.addoption(
        "--timesink-slower-than",
        type=float,
        default=0.1,
        metavar="SECONDS",
        help="tests that take longer, with their fixtures, get a report (default: 0.1)",
    )
    group.addoption(
        "--timesink-format",
        default="html",
        metavar="FORMAT",
        help="format of the reports, as for `timesink -r` (default: html)",
    )
    group.addoption(
        "--timesink-max",
        type=int,
        default=100,
        metavar="N",
        help="reports of the N slowest tests are kept (default: 100)",
    )
    group.addoption(
        "--timesink-interval",
        type=float,
        default=0.001,
        metavar="SECONDS",
        help="time between samples (default: 0.001)",
    )


def pytest_configure(config: Any) -> None:
    """Records only where it was asked for."""
    if config.getoption("timesink"):
        config.pluginmanager.register(_Recorder(config), "timesink-recorder")
        config.pluginmanager.register(_Summary(), "timesink-summary")


class _Recorder:
    """Records tests, in the process that runs them."""

    def __init__(self, config: Any) -> None:
        from timesink._report_folder import ReportFolder
        from timesink._web.options import make_renderer

        self._root = str(config.rootpath) if hasattr(config, "rootpath") else str(config.rootdir)
        self._folder = ReportFolder(os.path.join(str(config.invocation_params.dir), config.getoption("timesink_dir")))
        self._slower_than: float = config.getoption("timesink_slower_than")
        self._most_reports: int = config.getoption("timesink_max")
        self._interval: float = config.getoption("timesink_interval")
        self._renderer = make_renderer(config.getoption("timesink_format"))
        #: Seconds and paths of the reports that were written.
        self._reports: list[tuple[float, str]] = []
        self._recording: Recording | None = None
        # Of the processes of pytest-xdist, the one that runs no tests.
        if not hasattr(config, "workerinput"):
            self._folder.clear()

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        from timesink._recording import start_recording

        self._recording = start_recording("Test {}".format(item.nodeid), self._interval)
        yield
        # Where the test did not come to its end.
        self._recording.stop()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: Any, call: Any) -> Iterator[None]:
        outcome: Any = yield
        if call.when == "teardown" and self._recording is not None:
            session = self._recording.stop()
            # Plain values: pytest-xdist sends them to the process that shows them.
            outcome.get_result().timesink = (
                {"problem": self._recording.problem} if session is None else self._result(session, item.nodeid)
            )

    def _result(self, session: Session, test: str) -> dict[str, Any]:
        from timesink._recorder import RecorderError

        if session.duration < self._slower_than:
            return {"seconds": session.duration}
        try:
            return self._result_of_slow(session, test)
        except (RecorderError, ValueError, OSError) as error:
            return {"problem": str(error)}

    def _result_of_slow(self, session: Session, test: str) -> dict[str, Any]:
        from timesink._hottest import hottest_line

        line = hottest_line(session)
        return {
            "seconds": session.duration,
            "share": None if line is None else line.share,
            "place": None if line is None else "{}:{}".format(self._short(line.file), line.line),
            "source": None if line is None else line.source[:200],
            "report": self._write(session, test),
        }

    def _write(self, session: Session, test: str) -> str | None:
        """A report, if the test is one of the slowest."""
        from timesink._recording import report_bytes

        if len(self._reports) >= self._most_reports:
            if not self._reports or self._reports[-1][0] >= session.duration:
                return None
            self._folder.remove(self._reports.pop()[1])
        name = "{}.{}".format(test.replace("::", " "), self._renderer.output_file_extension)
        path = self._folder.write(name, report_bytes(self._renderer, session))
        self._reports.append((session.duration, path))
        self._reports.sort(reverse=True)
        return self._short(path)

    def _short(self, path: str) -> str:
        inside = path.startswith(self._root + os.sep)
        return os.path.relpath(path, self._root) if inside else path


class _Summary:
    """Shows the slowest tests, in the process that pytest was called as."""

    def __init__(self) -> None:
        self._results: list[tuple[str, dict[str, Any]]] = []
        self._problems: list[str] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        result = getattr(report, "timesink", None)
        if result is None:
            return
        if "problem" in result:
            self._problems.append(result["problem"])
        else:
            self._results.append((report.nodeid, result))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        slow = [(test, result) for test, result in self._results if "report" in result]
        if not self._results and not self._problems:
            return
        terminalreporter.section("slowest tests, by timesink")
        for test, result in sorted(slow, key=lambda entry: -entry[1]["seconds"])[:_most_rows]:
            for line in _rows(test, result):
                terminalreporter.write_line(line)
        if not slow and self._results:
            terminalreporter.write_line("No test was slower than --timesink-slower-than.")
        if len(slow) > _most_rows:
            terminalreporter.write_line("… and {} more".format(len(slow) - _most_rows))
        if self._problems:
            count = len(self._problems)
            terminalreporter.write_line("{} could not be recorded. {}".format(count, self._problems[0]))


def _rows(test: str, result: dict[str, Any]) -> list[str]:
    rows = ["{:8.2f} s  {}".format(result["seconds"], test)]
    if result["place"] is not None:
        rows.append("{:10.0%}  {}   {}".format(result["share"], result["place"], result["source"]).rstrip())
    if result["report"] is not None:
        rows.append("{:10}  {}".format("", result["report"]))
    return rows
