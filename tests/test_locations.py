"""Locations that are no files of their own: what lies in archives, and pages of the web."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import health, locations
from assistant.errors import LoadError
from assistant.holdings import Outcome
from assistant.index import Index
from assistant.types import Document
from tests.fakes import FakeEncoder
from tests.indexes import LONG_AGO, opened, outcomes, prose, write

PAGE = "https://example.org/rooks"


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take files as settled although their inode changed just now."""
    monkeypatch.setattr(locations, "_RESOLUTION", -60_000_000_000)


@pytest.fixture
def index(tmp_path: Path, encoder: FakeEncoder) -> Iterator[Index]:
    with opened(tmp_path / "index", encoder) as index:
        yield index


def pack(path: Path, *fruits: str, at: float = LONG_AGO) -> Path:
    """Write an archive of texts on fruits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for fruit in fruits:
            archive.writestr(f"crops/{fruit}.txt", prose(fruit))
    os.utime(path, (at, at))
    return path


def names(index: Index) -> list[str]:
    return [info.name for info in index.catalog.documents()]


def test_an_archive_that_looks_as_it_did_is_not_unpacked(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pack(tmp_path / "files" / "crops.zip", "apples", "pears").parent
    assert set(outcomes(index, folder).values()) == {Outcome.ADDED}

    def fail(*_: object) -> bytes:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr("assistant.syncing.read_file", fail)
    found = outcomes(index, folder, prune=True)
    assert found == {"apples.txt": Outcome.UNCHANGED, "pears.txt": Outcome.UNCHANGED}


def test_what_left_an_archive_goes_and_what_is_new_comes(
    index: Index, tmp_path: Path, encoder: FakeEncoder
) -> None:
    file = pack(tmp_path / "files" / "crops.zip", "apples", "pears")
    index.add([file])
    encoded = len(encoder.encoded)
    pack(file, "pears", "plums", at=LONG_AGO + 5)
    assert outcomes(index, file.parent, prune=True) == {
        "pears.txt": Outcome.UNCHANGED,
        "plums.txt": Outcome.ADDED,
        "apples.txt": Outcome.REMOVED,
    }
    assert all("plums" in text for text in encoder.encoded[encoded:])
    assert names(index) == ["crops.zip/crops/pears.txt", "crops.zip/crops/plums.txt"]
    assert health.verify(index).ok


def test_an_archive_that_can_not_be_opened_takes_nothing_out(index: Index, tmp_path: Path) -> None:
    file = pack(tmp_path / "files" / "crops.zip", "apples", "pears")
    write(file.with_name("note.txt"), "The rooks wait.")
    index.add([file.parent])
    write(file, "no archive any more", at=LONG_AGO + 5)
    found = outcomes(index, file.parent, prune=True)
    assert found == {"crops.zip": Outcome.FAILED, "note.txt": Outcome.UNCHANGED}
    assert len(names(index)) == 3


def test_an_archive_under_another_name_keeps_its_vectors(
    index: Index, tmp_path: Path, encoder: FakeEncoder
) -> None:
    file = pack(tmp_path / "files" / "crops.zip", "apples", "pears")
    index.add([file])
    encoded = len(encoder.encoded)
    file.rename(file.with_name("harvest.zip"))
    assert set(outcomes(index, file.parent, prune=True).values()) == {Outcome.RENAMED}
    assert len(encoder.encoded) == encoded
    assert names(index) == ["harvest.zip/crops/apples.txt", "harvest.zip/crops/pears.txt"]


def test_an_uploaded_archive_goes_with_the_last_of_its_documents(
    index: Index, tmp_path: Path
) -> None:
    file = pack(index.folder / "uploads" / "crops.zip", "apples", "pears")
    index.add([file])
    index.remove("crops.zip/crops/apples.txt")
    assert file.exists()
    index.remove("crops.zip/crops/pears.txt")
    assert not file.exists()


def page(text: str) -> Document:
    return Document("example.org/rooks", "Rooks", text, PAGE, f"checksum of {text}")


def test_a_page_of_the_web_changes_and_stays(
    index: Index, tmp_path: Path, encoder: FakeEncoder
) -> None:
    def load(text: str) -> Outcome:
        [report] = index.add_pages([PAGE], lambda _: page(text))
        return report.outcome

    folder = write(tmp_path / "files" / "note.txt", "The heron waits.").parent
    index.add([folder])
    assert load(prose("rooks")) is Outcome.ADDED
    assert load(prose("rooks")) is Outcome.UNCHANGED
    encoded = len(encoder.encoded)
    assert load(prose("rooks").replace("field 2.3", "field 9.9")) is Outcome.UPDATED
    assert all("9.9" in text for text in encoder.encoded[encoded:])
    # Neither is it a file that could be gone, nor does its content move to one that is found.
    assert outcomes(index, folder, prune=True) == {"note.txt": Outcome.UNCHANGED}
    assert names(index) == ["example.org/rooks", "note.txt"]
    assert index.catalog.document("example.org/rooks").source == PAGE


def test_a_page_with_the_content_of_a_file_is_a_second_location(
    index: Index, tmp_path: Path
) -> None:
    path = write(tmp_path / "rooks.txt", "The rooks wait.")
    index.add([path])
    checksum = index.catalog.document("rooks.txt").checksum
    twin = Document("example.org/rooks", "Rooks", "The rooks wait.", PAGE, checksum)
    [report] = index.add_pages([PAGE], lambda _: twin)
    assert (report.outcome, report.document) == (Outcome.DUPLICATE, "rooks.txt")
    index.remove(str(path))
    assert names(index) == ["example.org/rooks"]


def test_a_page_that_can_not_be_read_keeps_its_earlier_version(index: Index) -> None:
    def fail(address: str) -> Document:
        raise LoadError(f"{address} can't be read.")

    index.add_pages([PAGE], lambda _: page("The rooks wait."))
    [report] = index.add_pages([PAGE], fail)
    assert report.outcome is Outcome.FAILED
    assert names(index) == ["example.org/rooks"]
