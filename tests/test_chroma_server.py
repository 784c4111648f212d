"""Vectors at a Chroma server: found there, caught up with, and never stale or another's."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import archive, folders, health
from assistant.chroma_server import ServerHome
from assistant.dense import StoreState
from assistant.errors import SettingsError, StoreUnavailable
from assistant.index import CHROMA, Index
from tests.chroma_server import free_port, running
from tests.fakes import FakeEncoder

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def through_chroma(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Chroma asked, however small the index, and at once after it was away."""
    monkeypatch.setattr("assistant.dense.SCANNED", 0)
    monkeypatch.setattr("assistant.dense._PAUSE_SECONDS", 0.0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server."""
    with running(tmp_path_factory.mktemp("server"), free_port()) as url:
        yield url


def write(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        said = " ".join(f"The {name} number {n} fell on day {n * 7}." for n in range(30))
        (folder / f"{name}.txt").write_text(f"All about {name}.\n\n{said}", "utf-8")
    return folder


def opened(place: Path, encoder: FakeEncoder, url: str) -> Index:
    return Index(place, encoder.name, lambda _: encoder, create=True, chroma_url=url)


def nearest(index: Index, encoder: FakeEncoder, text: str) -> list[str]:
    found = index.dense.search(encoder.encode_question(text), 3)
    passages = index.catalog.passages(found)
    return [passages[identity].passage.text for identity in found]


def exact(index: Index, encoder: FakeEncoder, text: str) -> list[str]:
    ids, _ = index.catalog.vectors()
    found = index.dense.search(encoder.encode_question(text), 3, ids)
    passages = index.catalog.passages(found)
    return [passages[identity].passage.text for identity in found]


def collections(url: str) -> set[str]:
    home = ServerHome(url, "any")
    built = home.create(0)
    names = {collection.name for collection in built.client.list_collections()}
    home.discard(built)
    return names


def test_an_index_is_renamed_and_deleted_with_what_a_server_holds_of_it(
    server: str, tmp_path: Path, encoder: FakeEncoder
) -> None:
    index = opened(tmp_path / "plums", encoder, server)
    index.add([write(tmp_path / "files", "plums")])
    index.close()
    index = opened(folders.rename(tmp_path / "plums", "prunes"), encoder, server)
    question = "The plums number 7 fell."
    assert nearest(index, encoder, question) == exact(index, encoder, question)
    assert [index.dense._store.opened] == [True]
    index.close()
    assert [name for name in collections(server) if "plums" in name]
    folders.delete(tmp_path / "prunes")
    assert not [name for name in collections(server) if "plums" in name]
    assert folders.names(tmp_path) == []


def test_an_index_whose_server_is_away_is_not_deleted(tmp_path: Path, encoder: FakeEncoder) -> None:
    with running(tmp_path / "server", free_port()) as url:
        index = opened(tmp_path / "plums", encoder, url)
        index.add([write(tmp_path / "files", "plums")])
        index.close()
    with pytest.raises(StoreUnavailable, match="Nothing was deleted"):
        folders.delete(tmp_path / "plums")
    assert folders.names(tmp_path) == ["plums"]


def test_an_index_lives_at_a_server(server: str, tmp_path: Path, encoder: FakeEncoder) -> None:
    index = opened(tmp_path / "An index: 1", encoder, server)
    index.add([write(tmp_path / "files", "apples", "pears", "quinces")])
    assert not (tmp_path / "An index: 1" / CHROMA).exists()
    assert len([name for name in collections(server) if "An-index-1" in name]) == 1
    question = "The pears number 7 fell."
    assert nearest(index, encoder, question) == exact(index, encoder, question)
    assert [index.dense._store.opened] == [True]
    assert health.verify(index).problems == ()
    index.remove("pears.txt")
    assert not any("pears" in text for text in nearest(index, encoder, question))
    assert health.verify(index).problems == ()
    index.close()


def test_readers_see_what_a_writer_finished(
    server: str, tmp_path: Path, encoder: FakeEncoder
) -> None:
    writer = opened(tmp_path / "index", encoder, server)
    reader = opened(tmp_path / "index", encoder, server)
    for name in ("apples", "pears"):
        writer.add([write(tmp_path / name, name)])
        assert name in nearest(reader, encoder, f"All about {name}.")[0]
        assert [reader.dense._store.opened] == [True]
    writer.close()
    reader.close()


def test_two_indexes_of_one_name_do_not_meet(
    server: str, tmp_path: Path, encoder: FakeEncoder
) -> None:
    for name in ("apples", "pears"):
        index = opened(tmp_path / name / "twin", encoder, server)
        index.add([write(tmp_path / f"{name} files", name)])
        index.close()
    left = opened(tmp_path / "apples" / "twin", encoder, server)
    assert "apples" in nearest(left, encoder, "All about pears.")[0]
    assert health.verify(left).problems == ()
    left.close()


def test_a_server_that_is_away_is_done_without_and_caught_up_with(
    tmp_path: Path, encoder: FakeEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    port = free_port()
    with running(tmp_path / "server", port) as url:
        index = opened(tmp_path / "index", encoder, url)
        index.add([write(tmp_path / "first", "apples", "pears")])
        assert index.dense.state() is StoreState.CURRENT
    # The server has ended.
    assert "pears" in nearest(index, encoder, "All about pears.")[0]
    assert "The vector index is away" in caplog.text
    caplog.clear()
    index.add([write(tmp_path / "second", "quinces")])
    assert "can't be reached" in caplog.text
    assert index.dense.state() is StoreState.BEHIND
    assert "quinces" in nearest(index, encoder, "All about quinces.")[0]
    assert "can't be reached" in health.verify(index).problems[0]
    index.close()
    encoded = len(encoder.encoded)
    with running(tmp_path / "server", port) as url:
        index = opened(tmp_path / "index", encoder, url)
        assert index.dense.state() is StoreState.CURRENT
        assert health.verify(index).problems == ()
        assert "quinces" in nearest(index, encoder, "All about quinces.")[0]
        assert [index.dense._store.opened] == [True]
        index.close()
    assert len(encoder.encoded) == encoded


def test_a_server_that_lost_everything_is_given_it_again(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    port = free_port()
    with running(tmp_path / "server", port) as url:
        index = opened(tmp_path / "index", encoder, url)
        index.add([write(tmp_path / "files", "apples", "pears")])
        index.close()
    with running(tmp_path / "another", port) as url:
        index = opened(tmp_path / "index", encoder, url)
        assert not health.verify(index).ok
        assert health.verify(index, repair=True).ok
        assert "pears" in nearest(index, encoder, "All about pears.")[0]
        assert [index.dense._store.opened] == [True]
        index.close()


def test_what_another_copy_wrote_is_not_answered_from(
    server: str, tmp_path: Path, encoder: FakeEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    first = opened(tmp_path / "here" / "index", encoder, server)
    first.add([write(tmp_path / "files", "apples", "pears")])
    first.close()
    shutil.copytree(tmp_path / "here" / "index", tmp_path / "there" / "index")
    first = opened(tmp_path / "here" / "index", encoder, server)
    first.add([write(tmp_path / "more", "quinces")])
    copy = opened(tmp_path / "there" / "index", encoder, server)
    assert "pears" in nearest(copy, encoder, "All about pears.")[0]
    assert "another copy" in caplog.text
    assert "another copy" in health.verify(copy).problems[0]
    assert health.verify(copy, repair=True).ok
    assert "pears" in nearest(copy, encoder, "All about pears.")[0]
    assert health.verify(first).ok, "the other's is left alone"
    first.close()
    copy.close()


def test_an_index_moves_to_a_server_and_back(
    server: str, tmp_path: Path, encoder: FakeEncoder
) -> None:
    files = write(tmp_path / "files", "apples")
    for url in ("", server, ""):
        index = opened(tmp_path / "index", encoder, url)
        index.add([files])
        assert health.verify(index).problems == ()
        index.close()
    assert len(set(encoder.encoded)) == len(encoder.encoded)


def test_an_imported_index_gets_a_collection_of_its_own(
    server: str, tmp_path: Path, encoder: FakeEncoder
) -> None:
    index = opened(tmp_path / "index", encoder, server)
    index.add([write(tmp_path / "files", "apples", "pears")])
    file, folder = tmp_path / "index.zip", tmp_path / "copy"
    archive.save(index, file)
    archive.load(file, folder, encoder.name, lambda _: encoder, chroma_url=server)
    assert not (folder / CHROMA).exists()
    copy = opened(folder, encoder, server)
    copy.remove("pears.txt")
    assert health.verify(copy).problems == ()
    assert health.verify(index).problems == ()
    assert "pears" in nearest(index, encoder, "All about pears.")[0]
    copy.close()
    index.close()


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://somewhere", "http://"])
def test_an_address_that_is_none_is_named(url: str) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_CHROMA_URL"):
        ServerHome(url, "index")
