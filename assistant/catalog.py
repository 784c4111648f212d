"""The truth of an index, in SQLite: documents, passages, their vectors and the full text.

Each document comes and goes in one transaction, which also raises the
generation and notes what the vector index must be told. Connections are one a
thread; the journal is a write-ahead log, so readers never wait for a writer.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from assistant import digests, rows
from assistant.errors import DocumentNotFound, IndexMismatch
from assistant.rows import Grains, StoredPassage
from assistant.schema import FORMAT, SCHEMA
from assistant.sqlite_errors import explained
from assistant.types import Document, DocumentInfo, Matrix

_CHUNK = 500
_ALL = ""
"""Stands for all passages among the counts of those that hold a term."""


class Known(NamedTuple):
    """Enough of a document to tell whether a file is already in the index."""

    name: str
    source: str
    checksum: str
    passages: int


class Catalog:
    """One catalog file, opened. ``create`` makes it where it is missing."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the file and check its format; raises :class:`StoreError` where it is damaged."""
        self.path = path
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._counts: tuple[int, dict[str, int]] = (-1, {})
        with explained(path):
            if create and not _made(self._connection()):
                with self._write() as connection:
                    # Another process may have made it between the look and the lock.
                    if not _made(connection):
                        _make(connection)
            found = self.meta("format")
        if found != FORMAT:
            raise IndexMismatch(
                f"The index in {path.parent} has format {found or 'unknown'}, this program writes "
                f"{FORMAT}. Delete the folder and add the documents again."
            )

    # -- connections ---------------------------------------------------------------------------

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                self.path, timeout=60, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            self._local.connection = connection
            with self._guard:
                self._open.append(connection)
        return connection

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with explained(self.path):
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # a full disk has ended it
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close every thread's connection."""
        with self._guard:
            for connection in self._open:
                connection.close()
            self._open.clear()
            self._local = threading.local()

    def read(self, query: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Run a query that changes nothing, and yield its rows."""
        with explained(self.path):
            yield from self._connection().execute(query, values)

    def change(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Do some work on the tables, in one transaction."""
        with self._write() as connection:
            work(connection)

    # -- facts about the index -----------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """Return a recorded fact, or None."""
        for (value,) in self.read("SELECT value FROM meta WHERE key = ?", (key,)):
            return str(value)
        return None

    def set_meta(self, **facts: str) -> None:
        """Record facts, in one transaction."""
        with self._write() as connection:
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())

    @property
    def generation(self) -> int:
        """Counts the changes ever made to the documents."""
        return int(self.meta("generation") or 0)

    # -- documents -----------------------------------------------------------------------------

    def store(self, document: Document, passages: Sequence[StoredPassage]) -> None:
        """Put a document in, in place of the one of the same name or the same source."""
        with self._write() as connection:
            for (name,) in connection.execute(
                "SELECT name FROM documents WHERE name = ? OR source = ?",
                (document.name, document.source),
            ).fetchall():
                _remove(connection, name)
            identity = connection.execute(
                "INSERT INTO documents (name, title, source, checksum, text, pages, headings,"
                " notes, places, receipt, added, modified)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows.document_row(document),
            ).lastrowid
            for stored in passages:
                key = connection.execute(
                    'INSERT INTO passages (id, document, text, "start", "end", page, heading,'
                    " sentences, place, places, vector, sentence_vectors)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    rows.passage_row(identity, stored),
                ).lastrowid
                connection.execute(
                    "INSERT INTO search (rowid, body, context) VALUES (?, ?, ?)",
                    rows.search_row(key, stored),
                )
            connection.executemany(
                "INSERT OR REPLACE INTO pending VALUES (?, 0)", [(p.passage.id,) for p in passages]
            )
            digests.seal(connection, identity)
            _advance(connection)

    def remove(self, name: str) -> None:
        """Take a document out; raises :class:`DocumentNotFound`."""
        with self._write() as connection:
            _remove(connection, name)
            _advance(connection)

    def documents(self) -> list[DocumentInfo]:
        """Return what is held of each document, by name."""
        return [rows.document_info(row) for row in self.read(f"{rows.INFO} ORDER BY name")]

    def document(self, name: str) -> Document:
        """Return a document with its text; raises :class:`DocumentNotFound`."""
        for row in self.read(f"{rows.DOCUMENT} WHERE name = ?", (name,)):
            return rows.document(row)
        raise _not_found(name)

    def slice(self, name: str, start: int, end: int) -> str:
        """Return ``document.text[start:end]``; raises :class:`DocumentNotFound`."""
        for (piece,) in self.read(
            "SELECT substr(text, ?, ?) FROM documents WHERE name = ?",
            (start + 1, end - start, name),
        ):
            return str(piece)
        raise _not_found(name)

    def find(self, *, source: str = "", checksum: str = "", name: str = "") -> Known | None:
        """Return the first document of this source, checksum or name, or None."""
        for row in self.read(
            "SELECT d.name, d.source, d.checksum,"
            " (SELECT count(*) FROM passages WHERE document = d.id)"
            " FROM documents d WHERE source = ? OR checksum = ? OR name = ? LIMIT 1",
            (source, checksum, name),
        ):
            return Known(*row)
        return None

    # -- passages ------------------------------------------------------------------------------

    def counts(self) -> tuple[int, int, int]:
        """Return the numbers of documents, passages and characters."""
        documents, passages, characters = next(
            self.read(
                "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages),"
                " (SELECT coalesce(sum(length(text)), 0) FROM documents)"
            )
        )
        return documents, passages, characters

    @property
    def size(self) -> int:
        """The number of passages."""
        kept = self._counted()
        if _ALL not in kept:
            kept[_ALL] = next(int(row[0]) for row in self.read("SELECT count(*) FROM passages"))
        return kept[_ALL]

    def holding(self, terms: Iterable[str]) -> dict[str, int]:
        """Return for each term how many passages hold it, in their text or context."""
        kept = self._counted()
        query = "SELECT doc FROM vocabulary WHERE term = ?"
        found: dict[str, int] = {}
        for term in terms:
            if term not in kept:
                kept[term] = next((int(row[0]) for row in self.read(query, (term,))), 0)
            found[term] = kept[term]
        return found

    def _counted(self) -> dict[str, int]:
        """Return what was counted in this generation: in a large index that takes milliseconds."""
        generation = self.generation
        if self._counts[0] != generation:
            self._counts = (generation, {})
        return self._counts[1]

    def passages(self, ids: Iterable[str]) -> dict[str, StoredPassage]:
        """Return the passages of these ids that the catalog holds."""
        found: dict[str, StoredPassage] = {}
        wanted = list(dict.fromkeys(ids))
        for first in range(0, len(wanted), _CHUNK):
            some = wanted[first : first + _CHUNK]
            marks = ",".join("?" * len(some))
            query = f"{rows.PASSAGE} WHERE p.id IN ({marks})"
            for row in self.read(query, some):
                found[row[0]] = rows.stored_passage(row)
        return found

    def terms(self, ids: Sequence[str]) -> Iterator[tuple[str, list[str], str]]:
        """Yield for each of these passages its id and the stems of its sentences and context."""
        for identity, body, context in self.read(
            "SELECT p.id, s.body, s.context FROM passages p JOIN search s ON s.rowid = p.key"
            " WHERE p.id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        ):
            yield identity, body.split("\n"), context

    def passages_of(self, name: str) -> list[StoredPassage]:
        """Return the passages of a document, in order."""
        query = f'{rows.PASSAGE} WHERE d.name = ? ORDER BY p."start"'
        return [rows.stored_passage(row) for row in self.read(query, (name,))]

    def vectors(self, only: Sequence[str] | None = None) -> tuple[list[str], Matrix]:
        """Return ids and vectors of all passages, or only of some."""
        query = "SELECT id, vector FROM passages"
        if only is not None:
            query += " WHERE id IN (SELECT value FROM json_each(?))"
        found = list(self.read(query, () if only is None else (json.dumps(only),)))
        return [row[0] for row in found], rows.vectors(row[1] for row in found)

    def grains(self, ids: Sequence[str]) -> Grains | None:
        """Return the vectors of these passages and their sentences, or None where there is none."""
        found = list(
            self.read(
                "SELECT id, vector, sentence_vectors FROM passages"
                " WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(ids),),
            )
        )
        return rows.grains(found) if found else None

    def pending(self) -> tuple[list[str], list[str]]:
        """Return the ids that the vector index has yet to be given, and to lose."""
        found = list(self.read("SELECT passage, removed FROM pending"))
        return [i for i, removed in found if not removed], [i for i, removed in found if removed]

    def settle(self, told: Iterable[str], **facts: str) -> None:
        """Note that the vector index was told of these ids, and record facts, in one step."""
        with self._write() as connection:
            connection.executemany("DELETE FROM pending WHERE passage = ?", [(i,) for i in told])
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())


def _made(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone())


def _make(connection: sqlite3.Connection) -> None:
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('format', ?), ('generation', '0')", (FORMAT,))


def _advance(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")


def _remove(connection: sqlite3.Connection, name: str) -> None:
    row = connection.execute("SELECT id FROM documents WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise _not_found(name)
    inside = "SELECT key FROM passages WHERE document = ?"
    connection.execute(
        "INSERT OR REPLACE INTO pending SELECT id, 1 FROM passages WHERE document = ?", row
    )
    connection.execute(f"DELETE FROM search WHERE rowid IN ({inside})", row)  # noqa: S608
    connection.execute("DELETE FROM documents WHERE id = ?", row)


def _not_found(name: str) -> DocumentNotFound:
    return DocumentNotFound(
        f"The index holds no document {name!r}. `assistant list` shows the names it holds."
    )
