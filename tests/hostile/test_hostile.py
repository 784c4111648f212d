"""Each hostile file ends in good text or in a clear message about it, and the others go on."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.errors import LoadError
from assistant.holdings import Outcome
from assistant.loading import Limits, find_files, isolation, load
from tests.hostile import alone
from tests.hostile.cases import CASES, Case
from tests.hostile.makers import TEXT
from tests.hostile.outcomes import outcome
from tests.loading import files
from tests.loading.pdfs import pdf_bytes

_SLOWEST = 20.0
_NOBODY = 65534
_MOST_MEMORY_MB = 2_000


@pytest.fixture(scope="module", autouse=True)
def one_worker() -> Iterator[None]:
    """Let all cases share a process, as the files of a folder do."""
    yield
    isolation.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_ends_in_text_or_in_a_message(case: Case, tmp_path: Path) -> None:
    found = outcome(case, tmp_path)
    assert bool(found.text) == case.read, found.message
    assert case.says in (found.text if case.read else found.message)
    if not case.read:
        assert case.name in found.message
        assert "Traceback" not in found.message
        assert len(found.message) < 400
    assert found.seconds < _SLOWEST
    found.text.encode()


def test_there_are_enough_of_them() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60


def test_all_of_them_in_one_folder_leave_the_good_files_alone(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    for case in CASES:
        # What is very long is a matter of time only, and of another test.
        if not case.name.startswith("one-"):
            (folder / case.name).write_bytes(case.make())
    # With the bytes of a case that fails by its ending, a good file would be its second location.
    for name, data in (("aa.pdf", pdf_bytes([TEXT] * 2)), ("zz.docx", files.docx_bytes(TEXT))):
        (folder / name).write_bytes(data)
    reports, memory = alone.add(folder, tmp_path / "index")
    by_name = {report.name: report for report in reports}
    assert {by_name[name].outcome for name in ("aa.pdf", "zz.docx")} == {Outcome.ADDED}
    for report in reports:
        assert report.outcome is not Outcome.FAILED or report.name in report.message
    expected = {case.name for case in CASES if not case.read and not case.name.endswith(".zip")}
    failed = {report.name for report in reports if report.outcome is Outcome.FAILED}
    assert expected <= failed
    assert memory < _MOST_MEMORY_MB


def test_half_a_pair_in_one_file_harms_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    for case in CASES:
        if case.name.startswith("half-"):
            (folder / case.name).write_bytes(case.make())
    (folder / "zz.txt").write_text(TEXT, "utf-8")
    reports = alone.add(folder, tmp_path / "index").reports
    assert len(reports) == 5
    assert {report.outcome for report in reports} == {Outcome.ADDED}


# -- what is no file, or can't be read -----------------------------------------------------------


def refused(path: Path, says: str) -> None:
    with pytest.raises(LoadError, match=says):
        load(path)


def test_a_fifo(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    refused(tmp_path / "pipe.txt", "pipe.txt is not a regular file")
    assert find_files([tmp_path]).files == []


def test_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s.txt")
        refused(tmp_path / "s.txt", "s.txt is not a regular file")


def test_a_device_without_end(tmp_path: Path) -> None:
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    refused(tmp_path / "zero.txt", "zero.txt is not a regular file")


def test_links_that_lead_in_circles_or_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing.txt")
    (tmp_path / "up").symlink_to(tmp_path)
    (tmp_path / "good.txt").write_text(TEXT, "utf-8")
    refused(tmp_path / "a.txt", r"a\.txt can't be read")
    refused(tmp_path / "gone.txt", r"gone\.txt does not exist")
    assert [path.name for path, _ in find_files([tmp_path]).files] == ["good.txt"]


def test_a_folder_with_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").mkdir()
    refused(tmp_path / "notes.txt", r"notes\.txt is a folder")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no /proc here")
def test_a_file_whose_reading_fails(tmp_path: Path) -> None:
    (tmp_path / "mem.txt").symlink_to("/proc/self/mem")
    refused(tmp_path / "mem.txt", r"mem\.txt can't be read")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such rights")
def test_a_file_that_may_not_be_read() -> None:
    # Not in pytest's own folder, which only its owner may enter.
    with tempfile.TemporaryDirectory() as place, unprivileged(Path(place)):
        for name, mode in (("barred.txt", 0o000), ("open.txt", 0o644)):
            (Path(place) / name).write_text(TEXT, "utf-8")
            (Path(place) / name).chmod(mode)
        refused(Path(place) / "barred.txt", r"barred\.txt can't be read: Permission denied")
        assert load(Path(place) / "open.txt").text == TEXT


@contextmanager
def unprivileged(folder: Path) -> Iterator[None]:
    """Give up what root may do, which is to read everything, but for writing into a folder."""
    if os.geteuid():
        yield
        return
    os.chown(folder, _NOBODY, -1)
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(
    "name",
    ["line\nbreak.txt", "\x1b[31mred.txt", "\u202etxt.exe.txt", "a" * 250 + ".txt", "-rf.txt"],
)
def test_names_that_play_tricks(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(TEXT, "utf-8")
    ((path, found),) = find_files([tmp_path]).files
    assert load(path, found).text == TEXT


@pytest.mark.slow
def test_ten_thousand_tiny_files(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(10_000):
        (folder / f"{number}.txt").write_text(f"Note {number}: it rained.", "utf-8")
    reports = alone.add(folder, tmp_path / "index").reports
    assert sum(report.outcome is Outcome.ADDED for report in reports) == 10_000


def test_ten_thousand_tiny_files_in_an_archive_are_found_at_once(tmp_path: Path) -> None:
    members = {f"{number}.txt": f"Note {number}." for number in range(10_000)}
    (tmp_path / "many.zip").write_bytes(files.zip_bytes(members, packed=False))
    found = find_files([tmp_path], Limits())
    assert len(found.files) == 10_000
    assert load(*found.files[9_999]).text == "Note 9999."
