"""What changed is worked on, and nothing else; what is gone goes, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant import health, locations
from assistant.dense import seal_of
from assistant.fulltext import search
from assistant.holdings import Outcome
from assistant.index import Index, home_of
from assistant.vectors import VectorStore
from tests.fakes import FakeEncoder
from tests.indexes import LONG_AGO, opened, outcomes, passages, prose, write


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take files as settled although their inode changed just now."""
    monkeypatch.setattr(locations, "_RESOLUTION", -60_000_000_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("apples", "pears", "quinces"):
        write(tmp_path / "files" / f"{name}.txt", prose(name))
    return tmp_path / "files"


@pytest.fixture
def index(tmp_path: Path, encoder: FakeEncoder) -> Iterator[Index]:
    with opened(tmp_path / "index", encoder) as index:
        yield index


def names(index: Index) -> dict[str, list[str]]:
    """Return the documents, each with the names of its files."""
    return {d.name: [Path(p).name for p in d.locations] for d in index.catalog.documents()}


def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every attempt to read a file fail."""

    def fail(path: Path, _: int) -> bytes:
        raise AssertionError(f"{path} was read")

    monkeypatch.setattr("assistant.syncing.read_file", fail)


# -- unchanged files -------------------------------------------------------------------------------


def test_unchanged_files_are_not_read(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add([folder])
    unread(monkeypatch)
    assert set(outcomes(index, folder).values()) == {Outcome.UNCHANGED}


def test_a_file_that_was_only_touched_is_read_once_more(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch, encoder: FakeEncoder
) -> None:
    index.add([folder])
    encoded = len(encoder.encoded)
    os.utime(folder / "pears.txt", (LONG_AGO + 9, LONG_AGO + 9))
    assert set(outcomes(index, folder).values()) == {Outcome.UNCHANGED}
    unread(monkeypatch)
    assert set(outcomes(index, folder).values()) == {Outcome.UNCHANGED}
    assert len(encoder.encoded) == encoded


def test_a_change_of_the_same_size_and_time_is_seen(index: Index, folder: Path) -> None:
    index.add([folder])
    text = (folder / "pears.txt").read_text()
    write(folder / "pears.txt", text.replace("pears", "plums"))  # its number of change tells
    assert outcomes(index, folder)["pears.txt"] is Outcome.UPDATED


def test_a_file_changed_just_now_is_read_again(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locations, "_RESOLUTION", 2_000_000_000)
    assert locations.signature(write(folder / "new.txt", "New.")) == ""
    index.add([folder])
    # Nothing that can be looked at has changed, but for the text itself.
    look = locations.signature
    monkeypatch.setattr(locations, "signature", lambda _: look(folder / "apples.txt"))
    write(folder / "new.txt", "Old.")
    assert outcomes(index, folder)["new.txt"] is Outcome.UPDATED


# -- changed files ---------------------------------------------------------------------------------


def test_only_passages_whose_text_changed_are_encoded(
    index: Index, folder: Path, encoder: FakeEncoder
) -> None:
    index.add([folder])
    encoded = len(encoder.encoded)
    text = (folder / "pears.txt").read_text()
    changed = "A paragraph before all others, long enough to stand alone. " * 4 + "\n\n" + text
    write(folder / "pears.txt", changed.replace("field 2.3", "field 9.9"), at=LONG_AGO + 5)
    assert outcomes(index, folder)["pears.txt"] is Outcome.UPDATED
    fresh = encoder.encoded[encoded:]
    assert all("before all others" in text or "9.9" in text for text in fresh)
    assert 0 < len(fresh) < 8
    assert health.verify(index).ok
    with opened(index.folder.with_name("fresh"), encoder) as other:
        other.add([folder])
        assert _content(index) == _content(other)


def _content(index: Index) -> list[object]:
    return [
        (p.passage, p.vector.tolist(), p.sentence_vectors.tolist(), p.terms, p.context)
        for p in passages(index)
    ]


def test_a_file_that_can_not_be_read_any_more_keeps_its_earlier_version(
    index: Index, folder: Path
) -> None:
    index.add([folder])
    write(folder / "pears.txt", "", at=LONG_AGO + 5)
    [report] = [r for r in index.add([folder], prune=True) if r.name == "pears.txt"]
    assert report.outcome is Outcome.FAILED
    assert "earlier version stays" in report.message
    assert "pears.txt" in names(index)


# -- the same content in several places ------------------------------------------------------------


def test_the_same_content_is_one_document_with_two_locations(
    index: Index, folder: Path, encoder: FakeEncoder
) -> None:
    index.add([folder])
    encoded = len(encoder.encoded)
    write(folder / "copy.txt", (folder / "pears.txt").read_text())
    assert outcomes(index, folder)["copy.txt"] is Outcome.DUPLICATE
    assert names(index)["pears.txt"] == ["pears.txt", "copy.txt"]
    assert outcomes(index, folder)["copy.txt"] is Outcome.UNCHANGED
    assert len(encoder.encoded) == encoded
    (folder / "pears.txt").unlink()
    assert outcomes(index, folder, prune=True)["pears.txt"] is Outcome.REMOVED
    assert names(index) == {
        "apples.txt": ["apples.txt"],
        "copy.txt": ["copy.txt"],
        "quinces.txt": ["quinces.txt"],
    }
    assert index.catalog.document("copy.txt").title == "Copy"
    assert search(index.catalog, ["copi"], 9)
    assert len(encoder.encoded) == encoded
    assert health.verify(index).ok


def test_one_of_two_copies_changes(index: Index, folder: Path) -> None:
    index.add([folder])
    write(folder / "copy.txt", (folder / "pears.txt").read_text())
    index.add([folder])
    write(folder / "pears.txt", prose("plums"), at=LONG_AGO + 5)
    assert outcomes(index, folder)["pears.txt"] is Outcome.UPDATED
    assert "plums" in index.catalog.document("pears.txt").text
    assert "pears" in index.catalog.document("copy.txt").text


def test_a_location_is_removed_by_its_path(index: Index, folder: Path) -> None:
    index.add([folder])
    write(folder / "copy.txt", (folder / "pears.txt").read_text())
    index.add([folder])
    index.remove(str(folder / "copy.txt"))
    assert names(index)["pears.txt"] == ["pears.txt"]
    index.remove(str(folder / "pears.txt"))
    assert "pears.txt" not in names(index)


# -- names that change -----------------------------------------------------------------------------


@pytest.mark.parametrize("new", ["mirabelles.txt", "sub/pears.txt", "a.txt"])
def test_what_moved_keeps_its_vectors(
    index: Index, folder: Path, encoder: FakeEncoder, new: str
) -> None:
    index.add([folder])
    encoded = len(encoder.encoded)
    target = folder / new
    target.parent.mkdir(exist_ok=True)
    (folder / "pears.txt").rename(target)
    reports = {r.name: r for r in index.add([folder])}
    report = reports[target.name]
    assert report.outcome is Outcome.RENAMED
    assert (report.document, report.message) == (new, f"was {folder / 'pears.txt'}")
    assert len(encoder.encoded) == encoded
    [document] = [d for d in index.catalog.documents() if d.source == str(target)]
    assert document.name == new
    assert set(outcomes(index, folder, prune=True).values()) == {Outcome.UNCHANGED}
    assert health.verify(index).ok
    with closing(VectorStore(home_of(index.folder, ""))) as store:
        store.open(seal_of(index.catalog))
        assert store.altered(passages(index)) == []


def test_a_title_of_its_own_outlives_a_new_name(index: Index, folder: Path) -> None:
    write(folder / "report.txt", "On orchards\n\nThey thrive.")
    index.add([folder])
    (folder / "report.txt").rename(folder / "final.txt")
    index.add([folder])
    assert index.catalog.document("final.txt").title == "On orchards"


def test_two_files_swap_their_names(index: Index, folder: Path, encoder: FakeEncoder) -> None:
    index.add([folder])
    encoded = len(encoder.encoded)
    (folder / "apples.txt").rename(folder / "x")
    (folder / "pears.txt").rename(folder / "apples.txt")
    (folder / "x").rename(folder / "pears.txt")
    index.add([folder], prune=True)
    assert len(encoder.encoded) == encoded
    assert sorted(names(index)) == ["apples.txt", "pears.txt", "quinces.txt"]
    assert "pears of field" in index.catalog.document("apples.txt").text
    assert "apples of field" in index.catalog.document("pears.txt").text
    assert health.verify(index).ok


def test_a_file_moves_and_another_takes_its_place(
    index: Index, folder: Path, encoder: FakeEncoder
) -> None:
    index.add([folder])
    (folder / "apples.txt").rename(folder / "old-apples.txt")
    write(folder / "apples.txt", prose("cherries"))
    encoded = len(encoder.encoded)
    index.add([folder], prune=True)
    assert all("cherries" in text for text in encoder.encoded[encoded:])
    assert "cherries" in index.catalog.document("apples.txt").text
    assert "apples of" in index.catalog.document("old-apples.txt").text


# -- what is gone ----------------------------------------------------------------------------------


def test_what_is_gone_goes_only_when_asked(index: Index, folder: Path) -> None:
    index.add([folder])
    (folder / "pears.txt").unlink()
    index.add([folder])
    assert "pears.txt" in names(index)
    assert outcomes(index, folder, prune=True)["pears.txt"] is Outcome.REMOVED
    assert sorted(names(index)) == ["apples.txt", "quinces.txt"]
    assert not search(index.catalog, ["pear"], 9)


def test_pruning_leaves_what_lies_elsewhere(index: Index, folder: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "files-too" / "plums.txt", prose("plums"))
    index.add([folder, other])
    other.unlink()
    index.add([folder], prune=True)
    assert "plums.txt" in names(index)


@pytest.mark.parametrize("way", ["missing", "empty"])
def test_a_folder_that_is_not_mounted_takes_nothing_out(
    index: Index, folder: Path, way: str
) -> None:
    index.sync([folder])
    for path in folder.iterdir():
        path.unlink()
    if way == "missing":
        folder.rmdir()
    [report] = index.sync()
    assert report.outcome is Outcome.FAILED
    assert "3 files" in report.message
    assert "--even-empty" in report.message
    assert len(names(index)) == 3
    assert [r.outcome for r in index.sync(even_empty=True)] == [Outcome.REMOVED] * 3
    assert names(index) == {}


def test_a_file_that_can_not_be_looked_at_is_not_gone(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add([folder])
    (folder / "pears.txt").unlink()

    def refuse(self: Path) -> os.stat_result:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "lstat", refuse)
    index.add([folder], prune=True)
    assert "pears.txt" in names(index)


# -- folders kept in sync --------------------------------------------------------------------------


def test_folders_are_remembered_until_forgotten(index: Index, folder: Path) -> None:
    index.sync([folder])
    (folder / "pears.txt").unlink()
    write(folder / "plums.txt", prose("plums"))
    assert {r.name: r.outcome for r in index.sync()} == {
        "apples.txt": Outcome.UNCHANGED,
        "pears.txt": Outcome.REMOVED,
        "plums.txt": Outcome.ADDED,
        "quinces.txt": Outcome.UNCHANGED,
    }
    [kept] = health.status(index).folders
    assert kept.folder == str(folder)
    assert index.forget(folder)
    assert not index.forget(folder)
    assert index.sync() == []


def test_a_missing_folder_does_not_hinder_the_others(
    index: Index, folder: Path, tmp_path: Path
) -> None:
    reports = index.sync([tmp_path / "nowhere", folder])
    assert [r.outcome for r in reports] == [Outcome.FAILED, *[Outcome.ADDED] * 3]


def test_a_folder_named_in_two_ways_is_one(index: Index, folder: Path) -> None:
    index.sync([folder])
    reports = index.sync([folder / ".." / "files"])
    assert {r.outcome for r in reports} == {Outcome.UNCHANGED}
    assert index.kept() == [folder]
