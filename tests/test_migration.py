"""An index of format 2 is brought up to this one in place, and nothing is encoded again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from assistant import health
from assistant.errors import IndexMismatch
from assistant.index import CATALOG
from assistant.types import Outcome
from tests.fakes import FakeEncoder
from tests.indexes import LONG_AGO, opened, outcomes, prose, write

FORMAT_2 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    source TEXT NOT NULL UNIQUE,
    checksum TEXT NOT NULL,
    text TEXT NOT NULL,
    pages TEXT NOT NULL,
    headings TEXT NOT NULL,
    notes TEXT NOT NULL,
    added TEXT NOT NULL,
    modified TEXT NOT NULL
);
CREATE INDEX documents_checksum ON documents (checksum);

CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    page INTEGER,
    heading TEXT NOT NULL,
    sentences TEXT NOT NULL,
    vector BLOB NOT NULL,
    sentence_vectors BLOB NOT NULL
);
CREATE INDEX passages_document ON passages (document, "start");

-- Stems made by text.terms, so that index, query and coverage agree on what a word is.
CREATE VIRTUAL TABLE search USING fts5 (body, context, tokenize = "ascii tokenchars '._'");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (search, row);

-- What Chroma has not been told yet: passages to insert, or to remove.
CREATE TABLE pending (passage TEXT PRIMARY KEY, removed INTEGER NOT NULL) WITHOUT ROWID;
"""


def as_format_2(new: Path, old: Path) -> None:
    """Write what an index holds as format 2 did."""
    connection = sqlite3.connect(old)
    for statement in FORMAT_2.split(";\n"):
        connection.execute(statement)
    connection.execute("ATTACH ? AS new", (str(new),))
    connection.execute(
        "INSERT INTO documents SELECT d.id, d.name, d.title, l.source, d.checksum, d.text, d.pages,"
        " d.headings, d.notes, d.added, d.modified FROM new.documents d"
        " JOIN new.locations l ON l.document = d.id"
    )
    connection.execute(
        'INSERT INTO passages SELECT key, id, document, text, "start", "end", page, heading,'
        " sentences, vector, sentence_vectors FROM new.passages"
    )
    connection.execute("INSERT INTO search (rowid, body, context) SELECT rowid, * FROM new.search")
    connection.execute("INSERT INTO pending SELECT id, 0 FROM passages")
    connection.execute(
        "INSERT INTO meta SELECT * FROM new.meta WHERE key IN ('encoder', 'generation')"
    )
    connection.execute("INSERT INTO meta VALUES ('format', '2')")
    connection.commit()
    connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("apples", "pears"):
        write(tmp_path / "files" / f"{name}.txt", prose(name))
    return tmp_path / "files"


@pytest.fixture
def old(tmp_path: Path, folder: Path, encoder: FakeEncoder) -> Path:
    """Return the folder of an index of format 2."""
    with opened(tmp_path / "new", encoder) as index:
        index.add([folder])
    (tmp_path / "old").mkdir()
    as_format_2(tmp_path / "new" / CATALOG, tmp_path / "old" / CATALOG)
    return tmp_path / "old"


def test_it_holds_what_it_held(
    old: Path, folder: Path, encoder: FakeEncoder, tmp_path: Path
) -> None:
    encoded = len(encoder.encoded)
    with opened(old, encoder) as index:
        assert index.catalog.meta("format") == "3"
        assert health.verify(index).ok
        with opened(tmp_path / "new", encoder) as new:
            assert index.catalog.documents() == new.catalog.documents()
            assert list(map(str, index.catalog.every_passage())) == list(
                map(str, new.catalog.every_passage())
            )
        assert set(outcomes(index, folder).values()) == {Outcome.UNCHANGED}
        assert len(encoder.encoded) == encoded
        text = (folder / "pears.txt").read_text()
        write(folder / "pears.txt", text.replace("field 2.3", "field 9.9"), at=LONG_AGO + 5)
        index.add([folder])
        assert all("9.9" in text for text in encoder.encoded[encoded:])


def test_its_tables_are_those_of_a_new_one(old: Path, encoder: FakeEncoder, tmp_path: Path) -> None:
    query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    with opened(old, encoder) as index, opened(tmp_path / "empty", encoder) as new:
        assert list(index.catalog.read(query)) == list(new.catalog.read(query))


def test_broken_off_it_stays_as_it_was(
    old: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:

        def fail(*_: object) -> bytes:
            raise KeyboardInterrupt

        patch.setattr("assistant.migration._make_missing", fail)
        with pytest.raises(KeyboardInterrupt), opened(old, encoder):
            pass
    with opened(old, encoder) as index:
        assert health.verify(index).ok


@pytest.mark.parametrize("found", ["1", "99"])
def test_any_other_format_is_refused_with_what_to_do(
    old: Path, encoder: FakeEncoder, found: str
) -> None:
    connection = sqlite3.connect(old / CATALOG)
    connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (found,))
    connection.commit()
    connection.close()
    with (
        pytest.raises(IndexMismatch, match=f"format {found}.*assistant add PATH… --index old"),
        opened(old, encoder),
    ):
        pass
