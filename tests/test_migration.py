"""An index of an older format is brought up to this one in place, and nothing is encoded again."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant import digests, health, rows
from assistant.errors import IndexMismatch
from assistant.holdings import Outcome
from assistant.index import CATALOG, Index
from assistant.places import NOTHING_SAID
from assistant.schema import FORMAT
from tests.fakes import FakeEncoder
from tests.indexes import LONG_AGO, opened, outcomes, passages, prose, write

FORMAT_3 = """
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
    places TEXT NOT NULL,
    receipt TEXT NOT NULL,
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
    place TEXT NOT NULL,
    places TEXT NOT NULL,
    vector BLOB NOT NULL,
    sentence_vectors BLOB NOT NULL
);
CREATE INDEX passages_document ON passages (document, "start");
CREATE TABLE digests (
    document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    digest TEXT NOT NULL
);
CREATE VIRTUAL TABLE search USING fts5 (body, context, tokenize = "ascii tokenchars '._'");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (search, row);
CREATE TABLE pending (passage TEXT PRIMARY KEY, removed INTEGER NOT NULL) WITHOUT ROWID;
"""
FORMAT_2 = re.sub(
    r"    (places|receipt|place) TEXT NOT NULL,\n|CREATE TABLE digests \(.*?\);\n",
    "",
    FORMAT_3,
    flags=re.DOTALL,
)


def as_format(number: str, new: Path, old: Path) -> None:
    """Write what an index holds as it was written in an older format."""
    connection = sqlite3.connect(old)
    for statement in (FORMAT_3 if number == "3" else FORMAT_2).split(";\n"):
        connection.execute(statement)
    connection.execute("ATTACH ? AS new", (str(new),))
    connection.create_function("single", 1, _single)
    connection.create_function("half", 2, _half)
    columns = {
        table: [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]
        for table in ("documents", "passages")
    }
    of = {"source": "(SELECT source FROM new.locations WHERE document = p.id)"}
    if number == "2":
        of |= {"vector": "single(vector)", "sentence_vectors": "half(sentence_vectors, vector)"}
    for table, names in columns.items():
        taken = ", ".join(of.get(name, f'"{name}"') for name in names)
        connection.execute(f"INSERT INTO {table} SELECT {taken} FROM new.{table} p")  # noqa: S608
    connection.execute("INSERT INTO search (rowid, body, context) SELECT rowid, * FROM new.search")
    connection.execute("INSERT INTO pending SELECT id, 0 FROM passages")
    connection.execute(
        "INSERT INTO meta SELECT * FROM new.meta WHERE key IN ('encoder', 'generation')"
    )
    connection.execute("INSERT INTO meta VALUES ('format', ?)", (number,))
    if number == "3":
        for (identity,) in connection.execute("SELECT id FROM documents").fetchall():
            digests.seal(connection, identity)
    connection.commit()
    connection.close()


def _single(vector: bytes) -> bytes:
    return bytes(rows.vectors([vector])[0].tobytes())


def _half(directions: bytes, vector: bytes) -> bytes:
    dimensions = rows.vectors([vector]).shape[1]
    return rows.directions([directions], dimensions).astype(np.float16).tobytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("apples", "pears"):
        write(tmp_path / "files" / f"{name}.txt", prose(name))
    return tmp_path / "files"


@pytest.fixture(params=["2", "3"])
def old(request: pytest.FixtureRequest, tmp_path: Path, folder: Path, encoder: FakeEncoder) -> Path:
    """Return the folder of an index of an older format."""
    with opened(tmp_path / "new", encoder) as index:
        index.add([folder])
    (tmp_path / "old").mkdir()
    as_format(request.param, tmp_path / "new" / CATALOG, tmp_path / "old" / CATALOG)
    return tmp_path / "old"


def test_it_holds_what_it_held(
    old: Path, folder: Path, encoder: FakeEncoder, tmp_path: Path
) -> None:
    encoded = len(encoder.encoded)
    with opened(old, encoder) as index:
        assert index.catalog.meta("format") == FORMAT
        assert health.verify(index).ok
        with opened(tmp_path / "new", encoder) as new:
            for mine, theirs in zip(
                index.catalog.documents(), new.catalog.documents(), strict=True
            ):
                assert mine in (theirs, replace(theirs, receipt=NOTHING_SAID))
            assert _said(index) == _said(new)
            assert index.catalog.vectors()[1] == pytest.approx(new.catalog.vectors()[1], abs=1e-3)
        assert set(outcomes(index, folder).values()) == {Outcome.UNCHANGED}
        assert len(encoder.encoded) == encoded
        text = (folder / "pears.txt").read_text()
        write(folder / "pears.txt", text.replace("field 2.3", "field 9.9"), at=LONG_AGO + 5)
        index.add([folder])
        assert all("9.9" in text for text in encoder.encoded[encoded:])


def _said(index: Index) -> list[object]:
    return [(p.passage.id, p.passage.text, p.terms, p.context) for p in passages(index)]


def test_what_was_damaged_before_is_not_taken_for_sound(
    tmp_path: Path, folder: Path, encoder: FakeEncoder
) -> None:
    with opened(tmp_path / "new", encoder) as index:
        index.add([folder])
    (tmp_path / "old").mkdir()
    as_format("3", tmp_path / "new" / CATALOG, tmp_path / "old" / CATALOG)
    connection = sqlite3.connect(tmp_path / "old" / CATALOG)
    connection.execute("UPDATE documents SET title = 'Forged' WHERE name = 'pears.txt'")
    connection.commit()
    connection.close()
    with opened(tmp_path / "old", encoder) as index:
        [problem] = health.verify(index).problems
        assert "'pears.txt' is not as it was written" in problem


def test_its_tables_are_those_of_a_new_one(old: Path, encoder: FakeEncoder, tmp_path: Path) -> None:
    query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    with opened(old, encoder) as index, opened(tmp_path / "empty", encoder) as new:
        assert list(index.catalog.read(query)) == list(new.catalog.read(query))


def test_broken_off_it_stays_as_it_was(
    old: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:

        def fail(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr("assistant.changes.remake_full_text", fail)
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
