"""Uploads stay in the index's folder, under their own names, and nothing else is lost."""

from __future__ import annotations

from pathlib import Path

from assistant.web.uploads import discard, keep


def uploaded(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    return path


def test_a_file_moves_into_the_index(tmp_path: Path) -> None:
    file = uploaded(tmp_path / "cache", "notes.txt", "one")
    [kept] = keep([file], tmp_path / "index")
    assert kept == tmp_path / "index" / "uploads" / "notes.txt"
    assert kept.read_text() == "one"
    assert not file.exists()


def test_a_later_file_of_the_same_name_replaces_it(tmp_path: Path) -> None:
    keep([uploaded(tmp_path / "a", "notes.txt", "one")], tmp_path / "index")
    [kept] = keep([uploaded(tmp_path / "b", "notes.txt", "two")], tmp_path / "index")
    assert kept.read_text() == "two"
    assert [path.name for path in kept.parent.iterdir()] == ["notes.txt"]


def test_two_files_of_one_name_in_one_upload_are_both_kept(tmp_path: Path) -> None:
    files = [uploaded(tmp_path / f"{n}", "notes.txt", text) for n, text in enumerate("aabc")]
    kept = keep(files, tmp_path / "index")
    assert {path.name: path.read_text() for path in kept} == {
        "notes.txt": "a",
        "notes (2).txt": "b",
        "notes (3).txt": "c",
    }
    assert {path.name for path in kept[0].parent.iterdir()} == {path.name for path in kept}


def test_only_kept_files_are_discarded(tmp_path: Path) -> None:
    outside = uploaded(tmp_path / "home", "notes.txt", "mine")
    nested = uploaded(tmp_path / "index" / "uploads" / "deep", "notes.txt", "not ours")
    [kept] = keep([uploaded(tmp_path / "cache", "notes.txt", "one")], tmp_path / "index")
    for path in (outside, nested, kept, tmp_path / "index" / "uploads" / ".." / "catalog.sqlite3"):
        discard(path, tmp_path / "index")
    assert outside.exists()
    assert nested.exists()
    assert not kept.exists()
