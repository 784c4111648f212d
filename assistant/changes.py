"""Changes of the documents of a catalog, each within a transaction that is open.

What changes a document seals it, notes what the vector index is to be given or
to lose, and raises the generation.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from assistant import digests, rows, schema
from assistant.errors import DocumentNotFound
from assistant.rows import Vectors
from assistant.types import Document, Passage

Prepared = tuple[Passage, bytes, Vectors]
"""A passage, the fingerprint of what was encoded of it, and its vectors."""


def put(
    connection: sqlite3.Connection,
    document: Document,
    passages: Iterable[Prepared],
    *,
    name: str,
    signature: str,
    replaces: str = "",
) -> int:
    """Put a document in, at its source, and return the number of its passages.

    ``name`` is the one that its file was found under, ``signature`` how that
    looked; ``replaces`` names the document that was in it before, if it goes.
    """
    before = _put_aside(connection, replaces)
    identity = connection.execute(
        "INSERT INTO documents (name, title, checksum, text, characters, pages, headings,"
        " notes, places, receipt, added, modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            'INSERT INTO passages (id, document, text, "start", "end", page, heading, sentences,'
            " place, places, fingerprint, vector, sentence_vectors)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows.passage_row(identity, passage, fingerprint, vectors),
        ).lastrowid
        connection.execute(
            "INSERT INTO search (rowid, body, context) VALUES (?, ?, ?)",
            rows.search_row(key, passage),
        )
        connection.execute("INSERT OR REPLACE INTO pending VALUES (?, 0)", (passage.id,))
    if before is not None:
        _delete(connection, before)
    connection.execute("DELETE FROM unfinished WHERE source = ?", (document.source,))
    digests.seal(connection, identity)
    _advance(connection)
    return count


def remove(connection: sqlite3.Connection, name: str) -> None:
    """Take a document out; raises :class:`DocumentNotFound`."""
    row = connection.execute("SELECT id FROM documents WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise not_found(name)
    _leave_vectors(connection, *row)
    _delete(connection, *row)
    _advance(connection)


def _put_aside(connection: sqlite3.Connection, name: str) -> int | None:
    """Free the name of a document and the ids of its passages; return its number, if it has one.

    It goes last, since what takes its place may come with its vectors.
    """
    row = connection.execute(
        "UPDATE documents SET name = ? WHERE name = ? RETURNING id", (f"\0{name}", name)
    ).fetchone()
    if row is None:
        return None
    _leave_vectors(connection, *row)
    connection.execute("UPDATE passages SET id = char(0) || id WHERE document = ?", row)
    return int(row[0])


def _leave_vectors(connection: sqlite3.Connection, identity: int) -> None:
    """Note that the vector index is to lose a document's passages."""
    connection.execute(
        "INSERT OR REPLACE INTO pending SELECT id, 1 FROM passages WHERE document = ?", (identity,)
    )


def _delete(connection: sqlite3.Connection, identity: int) -> None:
    inside = "SELECT key FROM passages WHERE document = ?"
    connection.execute(f"DELETE FROM search WHERE rowid IN ({inside})", (identity,))  # noqa: S608
    connection.execute("DELETE FROM documents WHERE id = ?", (identity,))


def rename(connection: sqlite3.Connection, names: Mapping[str, tuple[str, str]]) -> None:
    """Give documents new names and titles, all at once, so that two may swap theirs."""
    for old in names:
        connection.execute("UPDATE documents SET name = ? WHERE name = ?", (f"\0{old}", old))
    for old, (name, title) in names.items():
        (identity,) = connection.execute(
            "UPDATE documents SET name = ?, title = ? WHERE name = ? RETURNING id",
            (name, title, f"\0{old}"),
        ).fetchone()
        held = connection.execute(
            "SELECT key, id, heading FROM passages WHERE document = ?", (identity,)
        ).fetchall()
        connection.executemany(
            "UPDATE search SET context = ? WHERE rowid = ?",
            [(rows.context_terms(title, heading), key) for key, _, heading in held],
        )
        connection.executemany(
            "INSERT OR REPLACE INTO pending VALUES (?, 0)", [(p,) for _, p, _ in held]
        )
        digests.seal(connection, identity)
    _advance(connection)


def remake_full_text(connection: sqlite3.Connection) -> None:
    """Make the full text anew from the passages."""
    connection.execute("DROP TABLE vocabulary")
    connection.execute("DROP TABLE search")
    for statement in schema.STATEMENTS:
        if "search" in statement:
            connection.execute(statement)
    # A passage is read together with its row of the full text, so that has to be there.
    connection.execute("INSERT INTO search (rowid, body, context) SELECT key, '', '' FROM passages")
    for (name,) in connection.execute("SELECT name FROM documents").fetchall():
        found = connection.execute(f"{rows.PASSAGE} WHERE d.name = ?", (name,)).fetchall()
        connection.executemany(
            "UPDATE search SET body = ?2, context = ?3"
            " WHERE rowid = (SELECT key FROM passages WHERE id = ?1)",
            [
                rows.search_row(passage.id, passage)
                for passage, *_ in map(rows.unchecked_passage, found)
            ],
        )


def not_found(name: str) -> DocumentNotFound:
    """Return the error that an index holds no document of this name."""
    return DocumentNotFound(
        f"The index holds no document {name!r}. `assistant list` shows the names it holds."
    )


def _advance(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
