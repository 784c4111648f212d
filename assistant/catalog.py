"""The truth of an index, in SQLite: documents, passages, their vectors and the full text.

Each document comes and goes in one transaction, which also raises the
generation and notes what the vector index must be told.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from assistant import migration, rows
from assistant.database import Database
from assistant.errors import DocumentNotFound, IndexMismatch, StoreError
from assistant.rows import StoredPassage, Vectors
from assistant.schema import FORMAT, SCHEMA
from assistant.types import Document, DocumentInfo, Matrix, Passage, Quoted

_CHUNK = 500


class Known(NamedTuple):
    """Enough of a document to tell whether a file's content is already in the index."""

    name: str
    title: str
    checksum: str
    passages: int


class Catalog(Database):
    """One catalog file, opened. ``create`` makes it where it is missing."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open the file, and bring an older format up to this one.

        Raises :class:`StoreError` where it is damaged, and
        :class:`IndexMismatch` for a format that can't be brought up.
        """
        super().__init__(path)
        self._counts: tuple[int, dict[str, int]] = (-1, {})
        try:
            if create and not _made(self._connection()):
                with self.write() as connection:
                    # Another process may have made it between the look and the lock.
                    if not _made(connection):
                        _make(connection)
            found = self.meta("format")
            if found in migration.KNOWN:
                with self.write() as connection:
                    migration.migrate(connection)
                self.compact()
                found = self.meta("format")
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"The catalog {path} is damaged: {error}. Delete the index's folder and add the "
                "documents again."
            ) from error
        if found != FORMAT:
            raise IndexMismatch(
                f"The index in {path.parent} has format {found or 'unknown'}, this program writes "
                f"{FORMAT}. Delete the folder and add the documents again: "
                f"`assistant add PATH… --index {path.parent.name}`."
            )

    # -- facts about the index -----------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """Return a recorded fact, or None."""
        for (value,) in self.read("SELECT value FROM meta WHERE key = ?", (key,)):
            return str(value)
        return None

    def set_meta(self, **facts: str) -> None:
        """Record facts, in one transaction."""
        with self.write() as connection:
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())

    @property
    def generation(self) -> int:
        """Counts the changes ever made to the documents."""
        return int(self.meta("generation") or 0)

    # -- documents -----------------------------------------------------------------------------

    def store(
        self,
        document: Document,
        passages: Iterable[tuple[Passage, bytes, Vectors]],
        *,
        name: str,
        signature: str,
        replaces: str = "",
    ) -> int:
        """Put a document in, at its source, and return the number of its passages.

        The passages come with their fingerprints and vectors. ``name`` is the one its
        file was found under, ``signature`` how that looked; ``replaces`` names
        the document that was in it before, if it goes.
        """
        with self.write() as connection:
            # Until the end, since passages may come with vectors of the one that goes.
            connection.execute(
                "UPDATE documents SET name = ? WHERE name = ?", (f"\0{replaces}", replaces)
            )
            identity = connection.execute(
                "INSERT INTO documents (name, title, checksum, text, characters, pages, headings,"
                " notes, added, modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows.document_row(document),
            ).lastrowid
            connection.execute("DELETE FROM locations WHERE source = ?", (document.source,))
            connection.execute(
                "INSERT INTO locations (source, name, document, signature) VALUES (?, ?, ?, ?)",
                (document.source, name, identity, signature),
            )
            count = 0
            for passage, fingerprint, vectors in passages:
                count += 1
                key = connection.execute(
                    'INSERT INTO passages (id, document, text, "start", "end", page, heading,'
                    " sentences, fingerprint, vector, sentence_vectors)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    rows.passage_row(identity, passage, fingerprint, vectors),
                ).lastrowid
                connection.execute(
                    "INSERT INTO search (rowid, body, context) VALUES (?, ?, ?)",
                    rows.search_row(key, passage),
                )
                connection.execute("INSERT OR REPLACE INTO pending VALUES (?, 0)", (passage.id,))
            if replaces:
                _remove(connection, f"\0{replaces}")
            connection.execute("DELETE FROM unfinished WHERE source = ?", (document.source,))
            advance(connection)
        return count

    def remove(self, name: str) -> None:
        """Take a document out; raises :class:`DocumentNotFound`."""
        with self.write() as connection:
            _remove(connection, name)
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('erase', '1')")
            advance(connection)

    def erase(self) -> bool:
        """Leave no traces of what was removed; tell whether that is through.

        Chroma is to be made anew after this: what it is to lose is forgotten.
        """
        with self.write() as connection:
            connection.execute("DELETE FROM pending WHERE removed = 1")
            # Full-text search keeps the words of removed rows until its parts are merged.
            connection.execute("INSERT INTO search (search) VALUES ('optimize')")
        return self.compact()

    def documents(self) -> list[DocumentInfo]:
        """Return what is held of each document, by name."""
        return [rows.document_info(row) for row in self.read(f"{rows.INFO} ORDER BY name")]

    def document(self, name: str) -> Document:
        """Return a document with its text; raises :class:`DocumentNotFound`."""
        for row in self.read(f"{rows.DOCUMENT} WHERE name = ?", (name,)):
            return rows.document(row)
        raise _not_found(name)

    def quoted(self, name: str, start: int, end: int, sides: int = 32) -> Quoted:
        """Return ``document.text[start:end]`` with so many characters on each of its sides.

        Raises :class:`DocumentNotFound`.
        """
        low = max(start - sides, 0)
        for piece, checksum in self.read(
            "SELECT substr(text, ?, ?), checksum FROM documents WHERE name = ?",
            (low + 1, end + sides - low, name),
        ):
            at = start - low
            return Quoted(piece[at : end - low], piece[:at], piece[end - low :], checksum)
        raise _not_found(name)

    def find(self, *, checksum: str = "", name: str = "") -> Known | None:
        """Return the first document of this checksum or name, or None."""
        for row in self.read(
            "SELECT d.name, d.title, d.checksum,"
            " (SELECT count(*) FROM passages WHERE document = d.id)"
            " FROM documents d WHERE checksum = ? OR name = ? LIMIT 1",
            (checksum, name),
        ):
            return Known(*row)
        return None

    # -- passages ------------------------------------------------------------------------------

    def counts(self) -> tuple[int, int, int]:
        """Return the numbers of documents, passages and characters."""
        documents, passages, characters = next(
            self.read(
                "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages),"
                " (SELECT coalesce(sum(characters), 0) FROM documents)"
            )
        )
        return documents, passages, characters

    @property
    def size(self) -> int:
        """The number of passages."""
        return self._counted("", "SELECT count(*) FROM passages")

    def holding(self, term: str) -> int:
        """Return the number of passages that hold a term, in their text or context."""
        return self._counted(term, "SELECT doc FROM vocabulary WHERE term = ?", term)

    def _counted(self, key: str, query: str, *values: object) -> int:
        """Count once a generation: in a large index that takes milliseconds."""
        generation = self.generation
        if self._counts[0] != generation:
            self._counts = (generation, {})
        kept = self._counts[1]
        if key not in kept:
            kept[key] = next((int(row[0]) for row in self.read(query, values)), 0)
        return kept[key]

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

    def every_passage(self) -> Iterator[StoredPassage]:
        """Yield all passages, document by document, in order."""
        return map(rows.stored_passage, self.read(f'{rows.PASSAGE} ORDER BY d.name, p."start"'))

    def vectors(self, only: Sequence[str] | None = None) -> tuple[list[str], Matrix]:
        """Return ids and vectors of all passages, or only of some."""
        import numpy as np

        query = "SELECT id, vector FROM passages"
        if only is not None:
            query += " WHERE id IN (SELECT value FROM json_each(?))"
        found = list(self.read(query, () if only is None else (json.dumps(only),)))
        matrix = np.frombuffer(b"".join(row[1] for row in found), np.float32)
        return [row[0] for row in found], matrix.reshape(len(found), -1 if found else 0)

    def pending(self) -> tuple[list[str], list[str]]:
        """Return the ids that the vector index has yet to be given, and to lose."""
        found = list(self.read("SELECT passage, removed FROM pending"))
        return [i for i, removed in found if not removed], [i for i, removed in found if removed]

    def settle(self, told: Iterable[str], **facts: str) -> None:
        """Note that the vector index was told of these ids, and record facts, in one step."""
        with self.write() as connection:
            connection.executemany("DELETE FROM pending WHERE passage = ?", [(i,) for i in told])
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())


def _made(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone())


def _make(connection: sqlite3.Connection) -> None:
    for statement in SCHEMA.split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('format', ?), ('generation', '0')", (FORMAT,))


def advance(connection: sqlite3.Connection) -> None:
    """Note, in a transaction that changes documents, that it does."""
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
