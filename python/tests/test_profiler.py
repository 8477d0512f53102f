"""``Profiler``: what pyinstrument's has, and what it says when it is used in a wrong way."""

from __future__ import annotations

import contextlib
import contextvars
import io
import sys
import threading
import time
import warnings
from pathlib import Path

import pytest

from programs import busy
from timesink import Profiler, renderers
from trees import functions_in, root_of, seconds_in


def slow() -> None:
    time.sleep(0.15)


def finished(**options: object) -> Profiler:
    profiler = Profiler(**options)  # type: ignore[arg-type]
    with profiler:
        slow()
    return profiler


def test_records_what_runs_between_start_and_stop() -> None:
    profiler = Profiler()
    assert not profiler.is_running and profiler.last_session is None
    profiler.start()
    assert profiler.is_running
    slow()
    busy(0.1)
    session = profiler.stop()
    assert not profiler.is_running and profiler.last_session is session
    root = root_of(session)
    assert root.function == "test_records_what_runs_between_start_and_stop"
    assert seconds_in(root, "slow") > 0.03
    assert seconds_in(root, "busy") > 0.02
    assert 0.14 < session.duration < 5
    assert abs(sum(seconds for _, seconds in session.frame_records) - session.duration) < 0.05 + session.duration / 10


def test_own_frames_are_hidden() -> None:
    session = finished().last_session
    assert session is not None
    assert not [info for stack, _ in session.frame_records for info in stack if "/src/timesink/" in info]
    assert functions_in(root_of(session)) >= {"finished", "slow"}


def test_properties_are_read_only() -> None:
    profiler = Profiler(0.01, "strict", True)
    assert (profiler.interval, profiler.async_mode, profiler.use_timing_thread) == (0.01, "strict", True)
    with pytest.raises(AttributeError):
        profiler.interval = 0.1  # type: ignore[misc]
    with pytest.raises(AttributeError):
        profiler.async_mode = "enabled"  # type: ignore[misc]
    profiler.use_timing_thread = False
    assert (Profiler().interval, Profiler().async_mode) == (0.001, "enabled")


def test_wrong_arguments() -> None:
    with pytest.raises(ValueError, match="async_mode"):
        Profiler(async_mode="bogus")
    with pytest.raises(ValueError, match="threads"):
        Profiler(threads="some")
    with pytest.raises(ValueError, match="max_samples"):
        Profiler(max_samples=0)
    with pytest.raises(ValueError, match="interval"):
        Profiler(interval=float("nan"))


@pytest.mark.parametrize("interval", [0, -1.0])
def test_intervals_that_are_none(interval: float) -> None:
    profiler = finished(interval=interval)
    assert profiler.interval == interval
    assert seconds_in(root_of(profiler.last_session), "slow") > 0


def test_description_says_where_it_started() -> None:
    profiler = Profiler()
    profiler.start()
    line = sys._getframe().f_lineno - 1
    assert profiler.stop().target_description == "Profile at {}:{}".format(__file__, line)


def test_description_of_ones_own() -> None:
    profiler = Profiler()
    profiler.start(target_description="the slow part")
    slow()
    assert profiler.stop().target_description == "the slow part"
    assert "the slow part" in profiler.output_text()


def test_caller_frame_of_ones_own() -> None:
    def library(profiler: Profiler) -> None:
        profiler.start(caller_frame=sys._getframe(1))

    profiler = Profiler()
    library(profiler)
    slow()
    session = profiler.stop()
    assert session.target_description.startswith("Profile at {}:".format(__file__))
    assert root_of(session).function == "test_caller_frame_of_ones_own"


def test_start_twice() -> None:
    profiler = Profiler()
    profiler.start()
    with pytest.raises(ValueError, match=r"^Profiler is already running\.$"):
        profiler.start()
    assert profiler.is_running
    profiler.stop()


def test_one_profiler_in_a_context() -> None:
    first, second = Profiler(), Profiler()
    with first:
        with pytest.raises(RuntimeError, match="^There is already a profiler running"):
            second.start()
        assert not second.is_running
        slow()
    with second:
        slow()
    assert seconds_in(root_of(first.last_session), "slow") > 0


def test_several_profilers_that_are_not_bound() -> None:
    with Profiler() as bound, Profiler(async_mode="disabled") as one, Profiler(0.005, async_mode="disabled") as other:
        slow()
    for profiler in (bound, one, other):
        assert seconds_in(root_of(profiler.last_session), "slow") > 0


def test_stop_without_start() -> None:
    with pytest.raises(RuntimeError, match="not currently running"):
        Profiler().stop()


def test_stop_on_another_thread() -> None:
    profiler = Profiler()
    profiler.start()
    errors = []

    def stop() -> None:
        try:
            profiler.stop()
        except RuntimeError as error:
            errors.append(str(error))

    thread = threading.Thread(target=stop)
    thread.start()
    thread.join()
    assert errors == ["Failed to stop profiling. Make sure that you start/stop profiling on the same thread."]
    assert profiler.is_running
    profiler.stop()


def test_two_stretches_are_combined() -> None:
    profiler = Profiler()
    profiler.start(target_description="first")
    slow()
    first = profiler.stop()
    profiler.start(target_description="second")
    busy(0.15)
    both = profiler.stop()
    assert both is profiler.last_session and both is not first
    assert both.target_description == "first"
    assert both.sample_count > first.sample_count and both.duration > first.duration + 0.1
    assert functions_in(root_of(both)) >= {"slow", "busy"}


def test_reset() -> None:
    profiler = finished()
    profiler.reset()
    assert profiler.last_session is None
    profiler.start()
    profiler.reset()
    assert not profiler.is_running and profiler.last_session is None


def test_with_block() -> None:
    profiler = Profiler()
    with profiler as given:
        assert given is profiler and profiler.is_running
    assert not profiler.is_running
    with pytest.raises(ZeroDivisionError):
        with Profiler() as failing:
            slow()
            1 / 0
    assert seconds_in(root_of(failing.last_session), "slow") > 0


def test_no_report_without_session() -> None:
    profiler = Profiler()
    text = "can't render profile output because this profiler has not completed a profile session yet"
    with pytest.raises(Exception, match=text):
        profiler.output_text()
    profiler.start()
    with pytest.raises(Exception, match="can't render profile output because this profiler is still running"):
        profiler.output_text()
    profiler.stop()


def test_text() -> None:
    profiler = finished()
    text = profiler.output_text()
    assert "Duration:" in text and "`- " in text and "slow  " in text and "\x1b[" not in text
    assert "└─ " in profiler.output_text(unicode=True)
    assert "\x1b[31m" in profiler.output_text(color=True)
    assert "100.0%" in profiler.output_text(time="percent_of_total")
    flat = profiler.output_text(flat=True, flat_time="total", show_all=True)
    assert "`- " not in flat and "slow  " in flat
    assert profiler.output_text(short_mode=True).startswith("\ntimesink .....")
    hidden = profiler.output_text(processor_options={"filter_threshold": 2.0})
    assert "slow  " not in hidden
    with pytest.raises(renderers.Renderer.MisconfigurationError):
        profiler.output_text(timeline=True, flat=True)


def test_print_goes_where_stdout_is_now() -> None:
    profiler = finished()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        profiler.print()
    assert "slow" in out.getvalue() and out.getvalue().endswith("\n\n")
    given = io.StringIO()
    profiler.print(given, unicode=True, short_mode=True)
    assert "└─ " in given.getvalue()


def test_page(tmp_path: Path) -> None:
    profiler = finished()
    page = profiler.output_html()
    assert page.lower().startswith("<!doctype html>")
    file = tmp_path / "report.html"
    profiler.write_html(file)
    assert file.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    with pytest.warns(DeprecationWarning):
        profiler.write_html(str(file), timeline=True)


def test_open_in_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    name = finished().open_in_browser()
    page = Path(name)
    try:
        assert opened == [page.as_uri()] and page.read_text(encoding="utf-8").lower().startswith("<!doctype")
    finally:
        page.unlink()


def test_formats_by_name() -> None:
    profiler = finished()
    assert profiler.output("markdown").startswith("#")
    assert '"root_frame"' in profiler.output("json")
    with pytest.raises(ValueError, match="no report format"):
        profiler.output("nonsense")


def test_no_samples() -> None:
    profiler = Profiler(interval=10)
    profiler.start()
    session = profiler.stop()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if session.root_frame() is None:
            assert "No samples were recorded." in profiler.output_text()
            assert '"root_frame": null' in profiler.output("json")


def test_all_threads() -> None:
    thread = threading.Thread(target=busy, args=(0.2,), name="worker")
    with Profiler(threads="all", async_mode="disabled") as profiler:
        thread.start()
        thread.join()
    assert "busy" in profiler.output("json")
    with Profiler() as profiler:
        thread = threading.Thread(target=busy, args=(0.1,))
        thread.start()
        thread.join()
    assert "busy" not in profiler.output("json")


def test_all_threads_of_the_context() -> None:
    def inside() -> None:
        busy(0.1)

    def outside() -> None:
        busy(0.1)

    with Profiler(threads="all") as profiler:
        context = contextvars.copy_context()
        threads = [threading.Thread(target=context.run, args=(inside,)), threading.Thread(target=outside)]
        if sys.version_info >= (3, 14):
            # It may be set that threads inherit the context of their starter.
            threads[1] = threading.Thread(target=outside, context=contextvars.Context())
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    report = profiler.output("json")
    assert '"function": "inside"' in report and '"function": "outside"' not in report


def test_most_samples() -> None:
    with Profiler(max_samples=50) as profiler:
        for _ in range(60):
            busy(0.002)
            time.sleep(0.001)
    session = profiler.last_session
    assert session is not None and 0 < len(session.frame_records) <= 50
    assert abs(sum(seconds for _, seconds in session.frame_records) - session.duration) < 0.1
