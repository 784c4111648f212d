"""Documents are read anew though they did not change, and nothing else becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import health
from assistant.errors import DocumentNotFound, LoadError
from assistant.holdings import Outcome
from assistant.index import Index
from assistant.loading.extracted import Extracted
from assistant.types import Document
from tests.fakes import FakeEncoder
from tests.indexes import opened, prose, write


@pytest.fixture
def index(tmp_path: Path, encoder: FakeEncoder) -> Iterator[Index]:
    with opened(tmp_path / "index", encoder) as index:
        yield index


def no_page(address: str) -> Document:
    raise LoadError(f"{address} can't be read.")


def test_a_file_is_read_again_and_not_encoded_again(
    index: Index, encoder: FakeEncoder, tmp_path: Path
) -> None:
    index.add([write(tmp_path / "in" / "a.txt", prose("river", 9)).parent])
    before, encoded = index.catalog.document("a.txt"), len(encoder.encoded)
    [report] = index.reread(["a.txt"], no_page)
    assert (report.outcome, report.document) == (Outcome.UPDATED, "a.txt")
    assert index.catalog.document("a.txt") == before
    assert len(encoder.encoded) == encoded
    assert health.verify(index).ok


def test_what_the_reader_finds_now_takes_its_place(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add([write(tmp_path / "a.txt", "The river rose.")])
    read = "assistant.loading.formats.read"
    monkeypatch.setattr(read, lambda *_: Extracted("The river fell."))
    assert index.add([tmp_path / "a.txt"])[0].outcome is Outcome.UNCHANGED
    index.reread(["a.txt"], no_page)
    assert index.catalog.document("a.txt").text == "The river fell."


def test_a_document_in_several_files_keeps_them_all(index: Index, tmp_path: Path) -> None:
    files = [write(tmp_path / name / "a.txt", "The river rose.") for name in "xy"]
    index.add(files)
    [report] = index.reread(["a.txt"], no_page)
    assert report.outcome is Outcome.UPDATED
    [info] = index.catalog.documents()
    assert set(info.locations) == {str(file) for file in files}
    files[0].unlink()
    assert index.reread(["a.txt"], no_page)[0].path == str(files[1])


def test_of_a_file_that_is_gone_the_document_stays(index: Index, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "The river rose.")
    index.add([path])
    path.unlink()
    [report] = index.reread(["a.txt"], no_page)
    assert report.outcome is Outcome.FAILED
    assert f"{path} does not exist" in report.message
    assert "stays in the index" in report.message
    assert [info.name for info in index.catalog.documents()] == ["a.txt"]


def test_a_page_of_the_web_is_fetched_again(index: Index) -> None:
    address, texts = "https://example.org/a", iter(["Rooks wait.", "Rooks left."])

    def load(given: str) -> Document:
        text = next(texts)
        return Document("example.org/a", "Rooks", text, given, f"{len(text)}{text}")

    index.add_pages([address], load)
    [report] = index.reread(["example.org/a"], load)
    assert (report.path, report.name, report.outcome) == (address, address, Outcome.UPDATED)
    assert index.catalog.document("example.org/a").text == "Rooks left."


def test_an_unknown_name_is_refused_before_anything_is_read(index: Index, tmp_path: Path) -> None:
    index.add([write(tmp_path / "a.txt", "The river rose.")])
    with pytest.raises(DocumentNotFound, match=r"b\.txt"):
        index.reread(["a.txt", "b.txt"], no_page)
