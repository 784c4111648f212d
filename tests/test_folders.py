"""Indexes as folders: listed without being opened, named with care, moved and deleted whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from assistant import conversations, folders, health, turns
from assistant.catalog import Catalog
from assistant.conversations import Conversations
from assistant.errors import AssistantError, IndexBusy, IndexNotFound, SettingsError, StoreError
from assistant.folders import Listed
from assistant.index import CATALOG, LOCK
from tests.fakes import FakeEncoder
from tests.indexes import opened, write

HOLDS = """
import sys, sqlite3
open_ = sqlite3.connect(sys.argv[1])
open_.execute("SELECT count(*) FROM meta").fetchone()
print("open", flush=True)
sys.stdin.read()
"""

KILLED = """
import os, sys
from pathlib import Path
from unittest import mock
from assistant import folders
with mock.patch(sys.argv[2], lambda *_, **__: os._exit(9)):
    folders.delete(Path(sys.argv[1]))
"""


@pytest.fixture
def weir(tmp_path: Path, encoder: FakeEncoder) -> Path:
    """Return the folder of an index that holds a document and a conversation."""
    place = tmp_path / "indexes" / "weir"
    with opened(place, encoder) as index:
        index.add([write(tmp_path / "files" / "heron.txt", "The heron waits by the weir.")])
    asked = Conversations(place)
    asked.begin("somebody", "", "Where does the heron wait?")
    asked.close()
    return place


@pytest.fixture
def elsewhere(weir: Path) -> Iterator[None]:
    """Have another program keep the index open."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(weir / CATALOG)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout
        assert program.stdout.readline() == "open\n"
        yield
        program.communicate()


def test_indexes_are_listed_and_nothing_else(weir: Path) -> None:
    top = weir.parent
    (top / "notes").mkdir()
    (top / "README.md").write_text("no index")
    shutil.copytree(weir, top / ".hidden")
    (top / "torn").mkdir()
    (top / "torn" / CATALOG).write_bytes(b"no database" * 999)
    assert folders.names(top) == ["torn", "weir"]
    assert folders.listed(weir) == Listed("weir", 1)
    torn = folders.listed(top / "torn")
    assert "is damaged" in torn.problem
    assert folders.names(top / "missing") == []


def test_the_size_is_that_of_all_files(weir: Path) -> None:
    before = folders.measured(weir).disk_bytes
    write(weir / "uploads" / "a" / "b.bin", "x" * 1000)
    assert folders.measured(weir).disk_bytes == before + 1000


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("reports", "reports"),
        ("  Reports \t 2009 ", "Reports 2009"),
        ("Письма", "Письма"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("v1.2 (new)", "v1.2 (new)"),
        ("x" * 60, "x" * 60),
    ],
)
def test_a_name_is_kept_as_it_is_typed(typed: str, kept: str) -> None:
    assert folders.checked(typed) == kept


@pytest.mark.parametrize(
    "name",
    [
        *("", "  ", ".", "..", ".hidden", "-rf", "a/b", "../up", "a\\b", "C:", "a\0b", "a\u202eb"),
        *("x" * 61, "why?", "a*", "NUL", "end.", "\ud800"),
    ],
)
def test_a_name_that_some_file_system_refuses_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="is no name for an index"):
        folders.new(tmp_path, name)


def test_an_index_is_renamed_with_all_that_it_holds(weir: Path) -> None:
    now = folders.rename(weir, "Mill  weir")
    assert now == weir.parent / "Mill weir"
    assert folders.names(weir.parent) == ["Mill weir"]
    catalog = Catalog(now / CATALOG)
    assert [info.name for info in catalog.documents()] == ["heron.txt"]
    catalog.close()
    talks = Conversations(now)
    assert [talk.title for talk in talks.listed("somebody")] == ["Where does the heron wait?"]
    talks.close()


def test_uploaded_files_are_found_again_after_a_renaming(weir: Path, encoder: FakeEncoder) -> None:
    with opened(weir, encoder) as index:
        index.add([write(weir / "uploads" / "pike.txt", "The pike is fast.")])
        with index.catalog.write() as connection:  # as an older version of this program left it
            connection.execute("DELETE FROM meta WHERE key = 'folder'")
    now = folders.rename(folders.rename(weir, "mill"), "pond")
    with opened(now, encoder, create=False) as index:
        [pike] = [info for info in index.catalog.documents() if info.name == "pike.txt"]
        assert Path(pike.source) == now / "uploads" / "pike.txt"
        assert Path(pike.source).is_file()
        index.remove("pike.txt")
    assert not (now / "uploads" / "pike.txt").exists()


def test_an_index_that_was_moved_by_hand_finds_its_uploads(
    weir: Path, encoder: FakeEncoder, tmp_path: Path
) -> None:
    with opened(weir, encoder) as index:
        index.add([write(weir / "uploads" / "pike.txt", "The pike is fast.")])
    weir.rename(tmp_path / "elsewhere")
    with opened(tmp_path / "elsewhere", encoder, create=False) as index:
        [location] = index.locations.of("pike.txt")
        assert Path(location.source) == tmp_path / "elsewhere" / "uploads" / "pike.txt"
        [heron] = index.locations.of("heron.txt")
        assert Path(heron.source) == tmp_path / "files" / "heron.txt"


def test_no_index_takes_the_place_of_another(weir: Path, encoder: FakeEncoder) -> None:
    with opened(weir.parent / "mill", encoder):
        pass
    with pytest.raises(SettingsError, match="something named 'mill' already"):
        folders.rename(weir, "mill")
    assert folders.names(weir.parent) == ["mill", "weir"]


def test_an_index_is_deleted_with_all_that_it_holds(weir: Path) -> None:
    folders.delete(weir)
    assert list(weir.parent.iterdir()) == []
    with pytest.raises(IndexNotFound):
        folders.delete(weir)


def test_a_damaged_index_can_be_renamed_and_deleted(weir: Path) -> None:
    (weir / CATALOG).write_bytes(b"no database" * 999)
    (weir / conversations.FILE).write_bytes(b"nor this" * 999)
    folders.delete(folders.rename(weir, "torn"))
    assert list(weir.parent.iterdir()) == []


def _refused(weir: Path) -> None:
    files = sorted(weir.rglob("*"))
    for act in (lambda: folders.rename(weir, "other"), lambda: folders.delete(weir)):
        with pytest.raises(IndexBusy, match="'weir' is in use"):
            act()
    assert sorted(weir.rglob("*")) == files
    assert folders.names(weir.parent) == ["weir"]


@pytest.mark.usefixtures("elsewhere")
def test_an_index_that_another_program_has_open_stays(weir: Path) -> None:
    _refused(weir)


def test_an_index_that_is_written_to_stays(weir: Path) -> None:
    with FileLock(weir / LOCK):
        _refused(weir)


@pytest.mark.skipif(os.name == "nt", reason="Windows moves no folder that has an open file")
def test_nobody_begins_to_write_while_an_index_is_renamed(
    weir: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def begin(index: Path) -> None:
        with pytest.raises(Timeout):
            FileLock(index / LOCK, timeout=0).acquire()
        begun.append(index.name)

    monkeypatch.setattr(folders, "_note_place", begin)
    folders.rename(weir, "mill")
    assert begun == ["weir"]
    with opened(weir.with_name("mill"), encoder, create=False) as index:
        index.remove("heron.txt")
        assert index.catalog.counts()[0] == 0


def test_a_writer_that_waited_while_an_index_went_leaves_nothing(tmp_path: Path) -> None:
    catalog = tmp_path / "weir" / CATALOG
    write(catalog, "")
    lock = FileLock(catalog.with_name(LOCK))

    def go(*_: object, **__: object) -> None:
        shutil.rmtree(catalog.parent)
        FileLock.acquire(lock)

    lock.acquire = go  # type: ignore[assignment]
    with pytest.raises(IndexNotFound, match=r"no index 'weir' in .* any more"):
        turns.take(lock, catalog, 0)
    assert not lock.is_locked
    assert not catalog.parent.exists()


@pytest.mark.parametrize(
    ("killed_at", "left"), [("pathlib.Path.rename", ["weir"]), ("shutil.rmtree", [])]
)
def test_a_deletion_that_is_killed_leaves_the_index_whole_or_gone(
    weir: Path, encoder: FakeEncoder, killed_at: str, left: list[str]
) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(weir), killed_at], check=False)
    assert done.returncode == 9
    assert folders.names(weir.parent) == left
    assert len(list(weir.parent.iterdir())) == 1
    folders.sweep(weir.parent)
    assert [path.name for path in weir.parent.iterdir()] == left
    for name in left:
        with opened(weir.parent / name, encoder, create=False) as index:
            assert health.verify(index).ok


def test_what_can_not_be_deleted_whole_is_named(
    weir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(StoreError, match="is gone, but not all of its files"):
        folders.delete(weir)
    assert folders.names(weir.parent) == []


def test_a_link_is_left_to_who_made_it(weir: Path) -> None:
    link = weir.parent / "link"
    link.symlink_to(weir)
    with pytest.raises(StoreError, match="is a link"):
        folders.delete(link)
    assert (weir / CATALOG).is_file()


def test_what_the_system_refuses_is_said_in_words(
    weir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(AssistantError, match="can't be moved or deleted: Permission denied"):
        folders.rename(weir, "other")
