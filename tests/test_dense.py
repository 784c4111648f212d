"""Chroma proposes, the catalog decides; and what fails at Chroma fails nobody else."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.chroma_folder import FolderHome
from assistant.dense import StoreState, seal_of
from assistant.errors import StoreError
from assistant.index import CHROMA, Index
from assistant.rows import StoredPassage
from assistant.types import Vector
from assistant.vectors import Opened, VectorStore
from tests.fakes import FakeEncoder


@pytest.fixture(autouse=True)
def through_chroma(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Chroma asked, however small the index."""
    monkeypatch.setattr("assistant.dense.SCANNED", 0)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder with two files."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("apples", "pears"):
        text = " ".join(f"The {name} number {n} fell on day {n * 7}." for n in range(30))
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path, files: Path, encoder: FakeEncoder) -> Iterator[Index]:
    """Return an index that holds them."""
    with closing(opened(tmp_path, encoder)) as index:
        index.add([files])
        yield index


def opened(tmp_path: Path, encoder: FakeEncoder) -> Index:
    return Index(tmp_path / "index", encoder.name, lambda _: encoder, create=True)


def exact(index: Index, vector: Vector, k: int) -> list[str]:
    ids, matrix = index.catalog.vectors()
    return [ids[row] for row in np.argsort(-(matrix @ vector))[:k]]


def test_another_vector_in_chroma_is_seen_by_what_it_scores(
    index: Index, tmp_path: Path, encoder: FakeEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    vector = encoder.encode_question("The pears number 7 fell on day 49.")
    ids = exact(index, vector, 50)
    wrong = [
        passage._replace(vector=np.roll(passage.vector, 1))
        for passage in index.catalog.passages(ids).values()
    ]
    with closing(VectorStore(index.dense._home)) as store:
        store.open(seal_of(index.catalog))
        index.catalog.settle([], vectors_seal=store.change([], [wrong]))
    for _ in range(2):
        assert list(index.dense.search(vector, 50)) == ids
    assert caplog.text.count("another vector") == 1
    assert index.dense.state() is StoreState.MISSING
    with closing(opened(tmp_path, encoder)) as again:
        assert "made anew" in caplog.text
        assert again.dense.state() is StoreState.CURRENT
        assert list(again.dense.search(vector, 50)) == ids


def test_what_was_written_while_chroma_was_asked_is_not_answered_from_it(
    index: Index, tmp_path: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    vector = encoder.encode_question("The pears number 7 fell on day 49.")
    ask = VectorStore.query

    def slow(store: VectorStore, vector: Vector, k: int) -> dict[str, float]:
        found = ask(store, vector, k)
        monkeypatch.undo()
        monkeypatch.setattr("assistant.dense.SCANNED", 0)
        # It is held off from Chroma's files, but not from the catalog.
        monkeypatch.setattr("assistant.chroma_folder._WAIT_SECONDS", 0.1)
        with closing(opened(tmp_path, encoder)) as other:
            other.catalog.remove("pears.txt")
            other.dense.update()
        return found

    monkeypatch.setattr(VectorStore, "query", slow)
    found = index.catalog.passages(index.dense.search(vector, 5))
    assert found
    assert {stored.passage.document for stored in found.values()} == {"apples.txt"}


def test_a_chroma_that_cant_be_written_fails_no_add(
    index: Index,
    files: Path,
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(home: FolderHome, size: int) -> Any:
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(FolderHome, "create", full)
        (files / "quinces.txt").write_text("The quinces were late this year.", "utf-8")
        index.add([files])
        with pytest.raises(StoreError, match="No space left on device"):
            index.repair()
    assert "could not be written (No space left on device)" in caplog.text
    vector = encoder.encode_question("The quinces were late this year.")
    assert list(index.dense.search(vector, 3)) == exact(index, vector, 3)
    index.repair()
    assert index.dense.state() is StoreState.CURRENT
    assert list(index.dense.search(vector, 3)) == exact(index, vector, 3)


def test_a_search_does_not_wait_for_chroma_to_be_made(
    index: Index, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    upsert = VectorStore._upsert

    def slow(store: VectorStore, passages: Sequence[StoredPassage]) -> None:
        begun.set()
        assert go_on.wait(30)
        upsert(store, passages)

    monkeypatch.setattr(VectorStore, "_upsert", slow)
    writer = threading.Thread(target=index.repair)
    writer.start()
    try:
        assert begun.wait(30)
        vector = encoder.encode_question("The pears number 7 fell on day 49.")
        assert list(index.dense.search(vector, 5)) == exact(index, vector, 5)
    finally:
        go_on.set()
        writer.join()
    assert index.dense.state() is StoreState.CURRENT


def test_a_store_that_grows_is_changed_in_place_and_asked(
    tmp_path: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.chroma_folder.SYNCED", 4)
    made: list[int] = []
    create = FolderHome.create

    def noted(home: FolderHome, size: int) -> Opened:
        made.append(size)
        return create(home, size)

    monkeypatch.setattr(FolderHome, "create", noted)
    with closing(opened(tmp_path, encoder)) as index:
        for number in range(6):
            path = tmp_path / f"part{number}.txt"
            path.write_text(" ".join(f"Part {number} has item {n}." for n in range(40)), "utf-8")
            index.add([path])
            vector = encoder.encode_question(f"Part {number} has item 7.")
            assert list(index.dense.search(vector, 5)) == exact(index, vector, 5)
            assert [index.dense._store.opened] == [True]
        index.remove("part2.txt")
        assert list(index.dense.search(vector, 5)) == exact(index, vector, 5)
    assert len(made) == 2, "empty, then with the first part"


# -- a folder ----------------------------------------------------------------------------------


def test_those_who_read_a_folder_and_those_who_write_it_keep_apart(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.chroma_folder._WAIT_SECONDS", 0.1)
    here, there = FolderHome(index.folder / CHROMA), FolderHome(index.folder / CHROMA)
    with here.reading() as first, there.reading() as second:
        assert (first, second) == (True, True)
        with pytest.raises(StoreError, match="have been reading"):
            index.repair()
    with here.writing(), there.reading() as free:
        assert not free
    index.repair()
    assert index.dense.state() is StoreState.CURRENT


def test_what_a_killed_process_left_is_deleted(index: Index) -> None:
    for name in ("chroma.new", "chroma.old"):
        shutil.copytree(index.folder / CHROMA, index.folder / name)
    index.repair()
    assert sorted(p.name for p in index.folder.glob("chroma*") if p.is_dir()) == [CHROMA]


def test_a_seal_is_of_one_store_in_one_state(index: Index) -> None:
    home, seal = FolderHome(index.folder / CHROMA), seal_of(index.catalog)
    assert home.plausible(seal)
    assert not home.plausible("")
    assert not home.plausible('["http://127.0.0.1:8000", "a", "b"]')
    with (index.folder / CHROMA / "chroma.sqlite3").open("ab") as file:
        file.write(bytes(4096))
    assert home.plausible(seal), "opening a store may let its database grow"
    index.repair()
    assert seal_of(index.catalog) != seal
