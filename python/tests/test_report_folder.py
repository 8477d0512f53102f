"""Reports stay in their folder whatever they are called, and are not too many."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from timesink._report_folder import ReportFolder, safe_name


def reports(folder: Path) -> list[str]:
    return sorted(name for name in os.listdir(str(folder)) if name != ".timesink-reports")


@pytest.mark.parametrize(
    "name",
    ["../x.html", "/etc/passwd", "..", ".", "", "a\x00b.html", "a\nb.html", "..\\x", ".timesink-reports", "x" * 999 + ".html",
     "\udcff.html", "ü" * 300 + ".html", ".htaccess", "a/../../b.html", " ", "x." + "y" * 300],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in" / "reports"
    path = ReportFolder(str(folder)).write(name, b"report")
    assert os.path.realpath(path) == os.path.realpath(str(folder / os.path.basename(path)))
    assert Path(path).read_bytes() == b"report"
    assert reports(folder) == [os.path.basename(path)]
    assert not os.path.basename(path).startswith(".")
    assert sorted(os.listdir(str(tmp_path))) == ["in"] and os.listdir(str(tmp_path / "in")) == ["reports"]
    assert safe_name(os.path.basename(path)) == os.path.basename(path)


def test_keeps_the_newest_and_what_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "notes.html").write_text("mine")
    folder = ReportFolder(str(tmp_path), 3)
    for number in range(6):
        folder.write("{}.html".format(number), b"")
    # As another process does.
    ReportFolder(str(tmp_path), 3).write("6.html", b"")
    assert reports(tmp_path) == ["4.html", "5.html", "6.html", "notes.html"]


def test_namesakes_get_numbers(tmp_path: Path) -> None:
    folder = ReportFolder(str(tmp_path))
    for _ in range(3):
        folder.write("a.b.html", b"")
    assert reports(tmp_path) == ["a.b (2).html", "a.b (3).html", "a.b.html"]


def test_deleted_reports_do_not_count(tmp_path: Path) -> None:
    folder = ReportFolder(str(tmp_path), 2)
    for name in ("a", "b"):
        os.unlink(folder.write(name, b""))
    for name in ("c", "d"):
        folder.write(name, b"")
    assert reports(tmp_path) == ["c", "d"]


def test_a_list_that_somebody_has_changed_deletes_nothing_elsewhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    inside = tmp_path / "reports"
    folder = ReportFolder(str(inside), 1)
    folder.write("a", b"")
    (inside / ".timesink-reports").write_bytes(b"../outside.txt\n..\n/etc/passwd\na\n\xff\xfe\n")
    folder.write("b", b"")
    assert reports(inside) == ["b"] and outside.read_text() == "mine"


def test_links_are_not_followed(tmp_path: Path) -> None:
    if not hasattr(os, "O_NOFOLLOW"):
        pytest.skip("no such links")
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    inside = tmp_path / "reports"
    inside.mkdir()
    (inside / "a.html").symlink_to(outside)
    folder = ReportFolder(str(inside))
    assert folder.write("a.html", b"report").endswith("a (2).html")
    (inside / ".timesink-reports").unlink()
    (inside / ".timesink-reports").symlink_to(outside)
    with pytest.raises(OSError):
        folder.write("b.html", b"report")
    assert outside.read_text() == "mine"


def test_clear_and_remove(tmp_path: Path) -> None:
    folder = ReportFolder(str(tmp_path / "none"))
    folder.clear()
    assert not (tmp_path / "none").exists()
    folder = ReportFolder(str(tmp_path))
    (tmp_path / "mine").write_text("")
    paths = [folder.write(name, b"") for name in ("a", "b", "c")]
    folder.remove(paths[1])
    assert reports(tmp_path) == ["a", "c", "mine"]
    folder.clear()
    assert reports(tmp_path) == ["mine"]


def test_processes_that_write_at_once_keep_the_number(tmp_path: Path) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("no fork")
    children = []
    for child in range(4):
        pid = os.fork()
        if pid == 0:
            for number in range(25):
                ReportFolder(str(tmp_path), 10).write("{} {}.html".format(child, number), b"x")
            os._exit(0)
        children.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in children] == [0] * 4
    assert len(reports(tmp_path)) == 10
