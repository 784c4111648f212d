"""Files in, passages findable, and nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant import health
from assistant.dense import StoreState, seal_of
from assistant.digests import seal
from assistant.errors import DocumentNotFound, IndexBusy, IndexMismatch, IndexNotFound, StoreError
from assistant.fulltext import inverse_document_frequency, search
from assistant.holdings import Outcome, Progress
from assistant.index import CATALOG, CHROMA, Index
from assistant.vectors import VectorStore
from tests.fakes import FakeEncoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with three files."""
    files = tmp_path / "files"
    files.mkdir()
    for name in ("apples", "pears", "quinces"):
        text = f"All about {name}.\n\n" + " ".join(
            f"The {name} number {n} fell." for n in range(30)
        )
        (files / f"{name}.txt").write_text(text, "utf-8")
    return files


@pytest.fixture
def index(tmp_path: Path, encoder: FakeEncoder) -> Iterator[Index]:
    """Return an empty index."""
    opened = open_index(tmp_path, encoder)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def through_chroma(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Chroma asked, however small the index."""
    monkeypatch.setattr("assistant.dense.SCANNED", 0)


def open_index(tmp_path: Path, encoder: FakeEncoder, *, lock_seconds: float = 60) -> Index:
    place = tmp_path / "index"
    return Index(place, encoder.name, lambda _: encoder, create=True, lock_seconds=lock_seconds)


def nearest(index: Index, encoder: FakeEncoder, text: str, k: int = 3) -> list[str]:
    found = index.dense.search(encoder.encode_question(text), k)
    passages = index.catalog.passages(found)
    return [passages[identity].passage.text for identity in found]


def outcomes(index: Index, *paths: Path) -> dict[str, Outcome]:
    return {report.name: report.outcome for report in index.add(paths)}


def test_a_folder_is_added_and_found(index: Index, folder: Path, encoder: FakeEncoder) -> None:
    assert set(outcomes(index, folder).values()) == {Outcome.ADDED}
    assert [d.name for d in index.catalog.documents()] == ["apples.txt", "pears.txt", "quinces.txt"]
    assert "pears" in nearest(index, encoder, "The pears number 7 fell.")[0]
    assert health.verify(index).problems == ()


def test_adding_again_encodes_nothing(index: Index, folder: Path, encoder: FakeEncoder) -> None:
    index.add([folder])
    encoded = len(encoder.encoded)
    assert set(outcomes(index, folder).values()) == {Outcome.UNCHANGED}
    assert len(encoder.encoded) == encoded


def test_a_changed_file_replaces_its_older_self(
    index: Index, folder: Path, encoder: FakeEncoder
) -> None:
    index.add([folder])
    (folder / "pears.txt").write_text("Plums have come instead.", "utf-8")
    assert outcomes(index, folder)["pears.txt"] is Outcome.UPDATED
    assert index.catalog.document("pears.txt").text == "Plums have come instead."
    # Its title, made from the file's name, still says "Pears".
    assert len(search(index.catalog, ["pear"], 10)) == 1
    assert nearest(index, encoder, "Plums have come instead.")[0] == "Plums have come instead."
    assert health.verify(index).ok


def test_the_same_content_elsewhere_is_not_added_twice(index: Index, folder: Path) -> None:
    index.add([folder])
    copy = folder / "copy.txt"
    copy.write_bytes((folder / "pears.txt").read_bytes())
    (report,) = index.add([copy])
    assert report.outcome is Outcome.DUPLICATE
    assert "pears.txt" in report.message


def test_a_bad_file_is_reported_and_the_others_go_on(index: Index, folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nonsense")
    (folder / "empty.txt").touch()
    (folder / "tool.exe").write_bytes(b"MZ")
    found = outcomes(index, folder, folder / "missing.txt")
    assert found["broken.pdf"] is found["empty.txt"] is found["missing.txt"] is Outcome.FAILED
    assert found["tool.exe"] is Outcome.SKIPPED
    assert [d.name for d in index.catalog.documents()] == ["apples.txt", "pears.txt", "quinces.txt"]


def test_files_of_the_same_name_get_names_of_their_own(index: Index, tmp_path: Path) -> None:
    for year in ("2009", "2010"):
        place = tmp_path / year
        place.mkdir()
        (place / "report.txt").write_text(f"The report of {year}.", "utf-8")
    index.add([tmp_path / "2009" / "report.txt", tmp_path / "2010" / "report.txt"])
    assert [d.name for d in index.catalog.documents()] == ["2010/report.txt", "report.txt"]


def test_a_name_that_is_no_text_does_no_harm(index: Index, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    path = Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt"))
    path.write_text("A file from an old disk.", "utf-8")
    assert [r.outcome for r in index.add([folder])] == [Outcome.ADDED]
    assert [r.outcome for r in index.add([folder])] == [Outcome.UNCHANGED]
    assert index.catalog.documents()[0].name == "caf�.txt"


def test_a_removed_document_is_gone_everywhere(
    index: Index, folder: Path, encoder: FakeEncoder
) -> None:
    index.add([folder])
    index.remove("pears.txt")
    assert not any("pears" in text for text in nearest(index, encoder, "pears", 50))
    assert not search(index.catalog, ["pear"], 10)
    assert health.verify(index).ok
    with pytest.raises(DocumentNotFound, match=r"pears\.txt"):
        index.remove("pears.txt")


def test_progress_is_told(index: Index, folder: Path) -> None:
    seen: list[Progress] = []
    index.add([folder], on_progress=seen.append)
    assert [p.name for p in seen if p.report] == [
        "apples.txt",
        "pears.txt",
        "quinces.txt",
    ]
    assert {p.files_total for p in seen} == {3}


def test_full_text_ignores_accents_case_and_endings(index: Index, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("They criticized the MÉRIDA Initiative.", "utf-8")
    index.add([tmp_path / "a.txt"])
    assert search(index.catalog, ["merida"], 5)
    assert search(index.catalog, ["critic"], 5)
    rarity = inverse_document_frequency(index.catalog, ["merida", "zebra"])
    assert rarity["zebra"] > rarity["merida"] > 0


def test_nearest_passages_are_those_of_an_exact_comparison(
    index: Index, folder: Path, encoder: FakeEncoder
) -> None:
    index.add([folder])
    vector = encoder.encode_question("pears 4 fell")
    ids, matrix = index.catalog.vectors()
    exact = dict(zip(ids, (matrix @ vector).tolist(), strict=True))
    found = index.dense.search(vector, 5)
    assert list(found.values()) == pytest.approx(sorted(exact.values(), reverse=True)[:5], abs=1e-4)


# -- damage ------------------------------------------------------------------------------------


def damage_nothing(place: Path) -> None:
    """Leave everything as it is."""


def damage_folder(place: Path) -> None:
    for path in sorted((place / CHROMA).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (place / CHROMA).rmdir()


def damage_graph(place: Path) -> None:
    for path in (place / CHROMA).glob("*/data_level0.bin"):
        with path.open("r+b") as file:
            file.seek(1000)
            file.write(b"\xff" * 8)


def damage_database(place: Path) -> None:
    path = place / CHROMA / "chroma.sqlite3"
    path.write_bytes(path.read_bytes()[:5000])


def damage_flag(place: Path) -> None:
    from assistant.catalog import Catalog

    catalog = Catalog(place / CATALOG)
    catalog.set_meta(vectors_writing="1")
    catalog.close()


@pytest.mark.parametrize(
    "damage", [damage_nothing, damage_folder, damage_graph, damage_database, damage_flag]
)
def test_a_damaged_chroma_is_made_anew_without_encoding(
    damage: object, tmp_path: Path, folder: Path, encoder: FakeEncoder
) -> None:
    index = open_index(tmp_path, encoder)
    index.add([folder])
    expected = nearest(index, encoder, "The quinces number 3 fell.")
    index.close()
    assert callable(damage)
    damage(tmp_path / "index")
    encoded = len(encoder.encoded)
    again = open_index(tmp_path, encoder)
    try:
        assert nearest(again, encoder, "The quinces number 3 fell.") == expected
        result = health.verify(again, repair=True)
        assert result.ok, result.problems
        assert again.dense.state() is StoreState.CURRENT
        assert len(encoder.encoded) == encoded
    finally:
        again.close()


def take_from_chroma(index: Index, ids: list[str]) -> None:
    """Have Chroma forget passages, as if that were what it was last told."""
    with closing(VectorStore(index.dense._home)) as store:
        store.open(seal_of(index.catalog))
        index.catalog.settle([], vectors_seal=store.change(ids, []))


def test_verify_tells_what_is_wrong(index: Index, folder: Path) -> None:
    index.add([folder])
    ids, _ = index.catalog.vectors()
    take_from_chroma(index, ids[:2])
    result = health.verify(index)
    assert not result.ok
    assert "missing from Chroma: 2" in result.problems[0]
    assert health.verify(index, repair=True).ok


def test_verify_sees_a_passage_that_does_not_match(index: Index, folder: Path) -> None:
    index.add([folder])
    with index.catalog.write() as connection:
        connection.execute("UPDATE passages SET text = 'forged' WHERE key = 1")
    assert "not as it was written" in health.verify(index).problems[0]
    with index.catalog.write() as connection:
        seal(connection, 1)
    assert "does not match" in health.verify(index).problems[0]


def test_a_damaged_catalog_is_an_error_in_words(tmp_path: Path, encoder: FakeEncoder) -> None:
    place = tmp_path / "index"
    place.mkdir()
    (place / CATALOG).write_bytes(b"this is no database, whatever its name says" * 50)
    with pytest.raises(StoreError, match="damaged"):
        open_index(tmp_path, encoder)


def test_another_encoder_is_refused(tmp_path: Path, encoder: FakeEncoder) -> None:
    open_index(tmp_path, encoder).close()
    with pytest.raises(IndexMismatch, match="'fake'"):
        open_index(tmp_path, FakeEncoder("other"))


def test_another_format_is_refused(tmp_path: Path, encoder: FakeEncoder) -> None:
    index = open_index(tmp_path, encoder)
    index.catalog.set_meta(format="0")
    index.close()
    with pytest.raises(IndexMismatch, match="format 0"):
        open_index(tmp_path, encoder)


def test_a_missing_index_is_named(tmp_path: Path, encoder: FakeEncoder) -> None:
    with pytest.raises(IndexNotFound, match="nowhere"):
        Index(tmp_path / "nowhere", "fake", lambda _: encoder)
    assert not (tmp_path / "nowhere").exists()


# -- several processes -------------------------------------------------------------------------

ADD_SLOWLY = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from assistant.index import Index
from tests.fakes import FakeEncoder

class Slow(FakeEncoder):
    def _vector(self, text):
        time.sleep(0.004)
        return super()._vector(text)

encoder = Slow()
index = Index(Path(sys.argv[2]), "fake", lambda _: encoder, create=True)
sys.stdout.write("ready\\n")
sys.stdout.flush()
index.add([sys.argv[3]])
index.close()
"""


def adding(tmp_path: Path, folder: Path) -> subprocess.Popen[str]:
    """Start a process that adds a folder, slowly, and wait until it begins."""
    top = str(Path(__file__).parents[1])
    process = subprocess.Popen(
        [sys.executable, "-c", ADD_SLOWLY, top, str(tmp_path / "index"), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": top},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def finish(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=120)


def wait_for_documents(index: Index, number: int) -> None:
    deadline = time.monotonic() + 60
    while index.catalog.counts()[0] < number:
        assert time.monotonic() < deadline, "the other process added nothing"
        time.sleep(0.01)


def test_a_reader_sees_what_another_process_adds(
    tmp_path: Path, folder: Path, encoder: FakeEncoder
) -> None:
    reader = open_index(tmp_path, encoder)
    assert nearest(reader, encoder, "apples") == []
    process = adding(tmp_path, folder)
    wait_for_documents(reader, 1)
    assert "apples" in nearest(reader, encoder, "All about apples.")[0]
    finish(process)
    assert process.returncode == 0
    assert "quinces" in nearest(reader, encoder, "All about quinces.")[0]
    assert reader.dense.state() is StoreState.CURRENT
    reader.close()


def test_a_second_writer_is_told_to_wait(
    tmp_path: Path, folder: Path, encoder: FakeEncoder
) -> None:
    mine = open_index(tmp_path, encoder, lock_seconds=0)
    process = adding(tmp_path, folder)
    wait_for_documents(mine, 1)
    with pytest.raises(IndexBusy, match="Another process"):
        mine.add([folder])
    finish(process)
    mine.close()


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.05, 0.2, 0.35, 0.5, 0.65])
def test_a_killed_process_loses_at_most_the_document_in_progress(
    after: float, tmp_path: Path, folder: Path, encoder: FakeEncoder
) -> None:
    process = adding(tmp_path, folder)
    time.sleep(after)
    process.kill()
    finish(process)
    index = open_index(tmp_path, encoder)
    kept = index.catalog.counts()[1]
    result = health.verify(index)
    assert result.ok, result.problems
    index.add([folder])
    assert len(encoder.encoded) == index.catalog.counts()[1] - kept
    assert health.verify(index).ok
    assert [d.name for d in index.catalog.documents()] == ["apples.txt", "pears.txt", "quinces.txt"]
    index.close()


def test_an_index_keeps_to_the_precision_it_was_built_with(tmp_path: Path) -> None:
    asked: list[str] = []

    class Half(FakeEncoder):
        def __init__(self, precision: str) -> None:
            super().__init__()
            asked.append(precision)
            self.precision = precision or "bf16"

    (tmp_path / "a.txt").write_text("The heron waits by the weir.")
    for _ in range(2):
        index = Index(tmp_path / "index", "fake", Half, create=True)
        index.add([tmp_path / "a.txt"])
        assert index.encoder.precision == "bf16"
        assert health.status(index).precision == "bf16"
        index.close()
    assert asked == ["", "bf16"]


def test_a_small_index_is_searched_without_opening_chroma(
    tmp_path: Path, folder: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = open_index(tmp_path, encoder)
    writer.add([folder])
    by_chroma = nearest(writer, encoder, "The pears number 7 fell.")
    writer.close()
    reader = open_index(tmp_path, encoder)
    monkeypatch.setattr("assistant.dense.SCANNED", 20_000)
    assert nearest(reader, encoder, "The pears number 7 fell.") == by_chroma
    assert [reader.dense._store.opened] == [False]
    monkeypatch.setattr("assistant.dense.SCANNED", 1)
    assert nearest(reader, encoder, "The pears number 7 fell.") == by_chroma
    assert [reader.dense._store.opened] == [True]
    reader.close()


def test_the_commonest_terms_are_left_out_where_many_passages_hold_them(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add([folder])
    both = search(index.catalog, ["fell", "pear"], 99)
    alone = search(index.catalog, ["pear"], 99)
    assert len(both) > len(alone) > 0
    monkeypatch.setattr("assistant.fulltext.MOST_ROWS", len(alone) + 1)
    assert search(index.catalog, ["fell", "pear"], 99) == alone
    assert search(index.catalog, ["fell"], 99), "a common term alone is still searched for"


def test_what_was_counted_is_counted_anew_after_a_change(index: Index, folder: Path) -> None:
    index.add([folder])
    before = index.catalog.size, index.catalog.holding(["pear"])["pear"]
    index.remove("pears.txt")
    assert index.catalog.holding(["pear"])["pear"] == 0 < before[1]
    assert index.catalog.size < before[0]
