"""Uploads stay in the index's folder, under their own names, and nothing else is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import uploads
from assistant.errors import LoadError, SettingsError
from assistant.uploads import discard
from assistant.web.uploads import Upload, check_text, claimed, keep, keep_text, safe, to_be_added


def uploaded(folder: Path, name: str, text: str) -> Upload:
    """Return a file as Gradio keeps it, by its content."""
    path = folder / text / "file.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return Upload(path, name)


def kept_in(index: Path) -> dict[str, str]:
    folder = index / "uploads"
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in uploads.uploaded(index)
    }


def test_a_file_moves_into_the_index(tmp_path: Path) -> None:
    file = uploaded(tmp_path / "cache", "notes.txt", "one")
    [kept] = keep([file], tmp_path / "index")
    assert kept == tmp_path / "index" / "uploads" / "notes.txt"
    assert kept.read_text() == "one"
    assert not file.path.exists()


def test_files_keep_the_folders_they_came_in(tmp_path: Path) -> None:
    names = ["reports/2009/may.txt", "reports/june.txt", "july.txt"]
    index = tmp_path / "index"
    kept = keep([uploaded(tmp_path, name, str(n)) for n, name in enumerate(names)], index)
    assert kept_in(index) == {name: str(n) for n, name in enumerate(names)}
    folder = index / "uploads"
    assert to_be_added(kept, index) == [folder / "reports", folder / "july.txt"]


def test_the_same_content_under_two_names_is_kept_twice(tmp_path: Path) -> None:
    index = tmp_path / "index"
    keep([uploaded(tmp_path, f"{name}/readme.txt", "same") for name in "ab"], index)
    assert kept_in(index) == {"a/readme.txt": "same", "b/readme.txt": "same"}


def test_a_later_file_of_the_same_name_replaces_it(tmp_path: Path) -> None:
    index = tmp_path / "index"
    keep([uploaded(tmp_path, "notes.txt", "one")], index)
    keep([uploaded(tmp_path, "notes.txt", "two")], index)
    assert kept_in(index) == {"notes.txt": "two"}


def test_two_files_of_one_name_in_one_upload_are_both_kept(tmp_path: Path) -> None:
    files = [uploaded(tmp_path / str(n), "notes.txt", text) for n, text in enumerate("aabc")]
    keep(files, tmp_path / "index")
    assert kept_in(tmp_path / "index") == {
        "notes.txt": "a",
        "notes (2).txt": "b",
        "notes (3).txt": "c",
    }


def test_too_many_files_are_refused_and_none_is_left(tmp_path: Path) -> None:
    files = [uploaded(tmp_path, f"{n}.txt", str(n)) for n in range(3)]
    with pytest.raises(SettingsError, match="3 files are too many at once; 2 may be"):
        claimed(files, 2)
    assert not any(file.path.exists() for file in files)


def test_what_is_claimed_is_there_whatever_becomes_of_the_same_from_others(tmp_path: Path) -> None:
    both = [uploaded(tmp_path, name, "It rained.") for name in ("a.txt", "b.txt")]
    same = [Upload(both[0].path, file.name) for file in both]
    first = claimed(same, 2)
    assert not same[0].path.exists()
    same[0].path.write_text("It rained.")
    second = claimed(same[:1], 2)
    keep(second, tmp_path / "one")
    keep(first, tmp_path / "two")
    assert kept_in(tmp_path / "one") == {"a.txt": "It rained."}
    assert kept_in(tmp_path / "two") == {"a.txt": "It rained.", "b.txt": "It rained."}
    assert not any(file.path.parent.exists() for file in (*first, *second))


def test_what_is_gone_can_not_be_claimed(tmp_path: Path) -> None:
    files = [uploaded(tmp_path, "a.txt", "It rained."), Upload(tmp_path / "gone", "b.txt")]
    with pytest.raises(LoadError, match="can't be kept"):
        claimed(files, 2)
    assert not files[0].path.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "etc/passwd.txt"),
        ("/etc/passwd.txt", "etc/passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("a/./b//c.txt", "a/b/c.txt"),
        ("Gutiérrez (2009) & more.pdf", "Gutiérrez (2009) & more.pdf"),
        ('<img src="x">.txt', "_img src=_x__.txt"),
        ("what\0is\x1bthis?.txt", "what_is_this_.txt"),
        (".hidden", "hidden"),
        ("   ", ""),
        (f"{'é' * 300}.txt", f"{'é' * 100}.txt"),
    ],
)
def test_names_are_safe_on_any_system_and_lead_nowhere_else(name: str, kept: str) -> None:
    assert safe(name) == kept


def test_a_text_is_kept_under_its_title(tmp_path: Path) -> None:
    index = tmp_path / "index"
    assert keep_text("Minutes of 5/6", "It rained.", index)[0].name == "Minutes of 5-6.txt"
    assert keep_text("", "The owls hunt\nvoles.", index)[0].name == "The owls hunt voles.txt"
    assert keep_text("plan.md", "It rained.", index)[0].name == "plan.md"
    [headed] = keep_text("Plan", "# The plan\n\nIt rains.", index)
    assert headed.name == "Plan.md"
    assert headed.read_text() == "# The plan\n\nIt rains."
    with pytest.raises(LoadError, match="There is no text"):
        check_text(" \n ")


def test_only_kept_files_are_discarded_and_their_folders_with_them(tmp_path: Path) -> None:
    index = tmp_path / "index"
    outside = tmp_path / "home" / "notes.txt"
    catalog = index / "catalog.sqlite3"
    for path in (outside, catalog):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    one, two = keep([uploaded(tmp_path, f"in/deep/{n}.txt", n) for n in "ab"], index)
    for path in (outside, catalog, index / "uploads" / ".." / "catalog.sqlite3", one):
        discard(path, index)
    assert outside.exists()
    assert catalog.exists()
    assert kept_in(index) == {"in/deep/b.txt": "b"}
    discard(two, index)
    assert list((index / "uploads").iterdir()) == []
