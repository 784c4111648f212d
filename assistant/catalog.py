"""The truth of an index, in SQLite: documents, passages, their vectors and the full text.

Each document comes and goes in one transaction, which also raises the
generation and notes what the vector index must be told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from assistant import changes, migration, rows
from assistant.changes import Prepared
from assistant.database import Database
from assistant.errors import IndexMismatch
from assistant.holdings import DocumentInfo
from assistant.rows import Grains, StoredPassage
from assistant.schema import FORMAT, STATEMENTS
from assistant.types import Document, Matrix, Quoted

SIDE = 32
"""Characters on each side of a quote that a citation carries."""
_CHUNK = 500
_ALL = ""
"""Stands for all passages among the counts of those that hold a term."""


class Known(NamedTuple):
    """Enough of a document to tell whether a file's content is already in the index."""

    name: str
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
        if create:
            self._make()
        found = self.meta("format")
        if found in migration.KNOWN:
            with self.write() as connection:
                migration.migrate(connection)
            self.compact()
            found = self.meta("format")
        if found != FORMAT:
            self.close()
            raise IndexMismatch(
                f"The index in {path.parent} has format {found or 'unknown'}, this program writes "
                f"{FORMAT}. Delete the folder and add the documents again: "
                f"`assistant add PATH… --index {path.parent.name}`."
            )

    def _make(self) -> None:
        """Make the tables where there are none."""
        made = "SELECT 1 FROM sqlite_master WHERE name = 'meta'"
        if any(self.read(made)):
            return
        with self.write() as connection:
            # Another process may have made them between the look and the lock.
            if not connection.execute(made).fetchone():
                for statement in STATEMENTS:
                    connection.execute(statement)
                facts = [("format", FORMAT), ("generation", "0")]
                connection.executemany("INSERT INTO meta VALUES (?, ?)", facts)

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
        passages: Iterable[Prepared],
        *,
        name: str,
        signature: str,
        replaces: str = "",
    ) -> int:
        """Put a document in, as :func:`changes.put` does; return the number of its passages."""
        with self.write() as connection:
            return changes.put(
                connection,
                document,
                passages,
                name=name,
                signature=signature,
                replaces=replaces,
            )

    def remove(self, name: str) -> None:
        """Take a document out; raises :class:`DocumentNotFound`."""
        with self.write() as connection:
            changes.remove(connection, name)
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('erase', '1')")

    def rename(self, names: Mapping[str, tuple[str, str]]) -> None:
        """Give documents new names and titles, all at once, by their old names."""
        with self.write() as connection:
            changes.rename(connection, names)

    @property
    def has_traces(self) -> bool:
        """Whether the files may still hold traces of something that was removed."""
        return self.meta("erase") == "1"

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
        raise changes.not_found(name)

    def quoted(self, name: str, start: int, end: int, sides: int = SIDE) -> Quoted:
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
        raise changes.not_found(name)

    def find(self, *, checksum: str = "", name: str = "") -> Known | None:
        """Return the first document of this checksum or name, or None."""
        for row in self.read(
            "SELECT d.name, d.checksum, (SELECT count(*) FROM passages WHERE document = d.id)"
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
        with self.write() as connection:
            connection.executemany("DELETE FROM pending WHERE passage = ?", [(i,) for i in told])
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())
