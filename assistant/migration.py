"""An index of an older format → this one, in place, within one transaction.

Nothing is encoded again: what is new is derived from what is there. Format 2
had neither places, receipts nor digests, and vectors in other precisions;
format 3 lacked the locations of files, and what has to do with them.
"""

from __future__ import annotations

import json
import sqlite3

from assistant import changes, digests, rows
from assistant.places import NOTHING_SAID
from assistant.schema import FORMAT, STATEMENTS
from assistant.types import Passage, Span, to_json

KNOWN = frozenset({"2", "3"})
"""The formats that can be brought up to this one."""
_CHANGED = ("documents", "passages", "digests")
_INDEXES = ("documents_checksum", "passages_document")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a catalog of a known format up to this one, inside a transaction that is open."""
    found = _format(connection)
    if found not in KNOWN:
        return  # another process was quicker
    seals = _seals(connection) if found == "3" else {}
    connection.execute("PRAGMA defer_foreign_keys = ON")
    for table in set(_CHANGED) & _tables(connection):
        connection.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    for index in _INDEXES:
        connection.execute(f"DROP INDEX {index}")
    for statement in STATEMENTS:
        if _made_by(statement) not in _tables(connection):
            connection.execute(statement)
    _copy(connection, _WAS_3 if found == "3" else _WAS_2)
    for table in reversed(_CHANGED):
        connection.execute(f"DROP TABLE IF EXISTS old_{table}")
    changes.remake_full_text(connection)
    _seal(connection, seals)
    connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (FORMAT,))


_WAS_2 = {
    "places": "'[]'",
    "receipt": f"'{json.dumps(to_json(NOTHING_SAID))}'",
    "place": "coalesce('p. ' || p.page, p.heading)",
    "passage_places": "'[]'",
    "vector": "packed_vector(p.vector)",
    "sentence_vectors": "packed_directions(p.sentence_vectors, p.vector)",
}
_WAS_3 = {
    "places": "places",
    "receipt": "receipt",
    "place": "p.place",
    "passage_places": "p.places",
    "vector": "p.vector",
    "sentence_vectors": "p.sentence_vectors",
}
"""What the columns that a format lacked, or had otherwise, are derived from."""


def _copy(connection: sqlite3.Connection, of: dict[str, str]) -> None:
    """Put what the old tables hold into the new ones."""
    connection.execute(
        "INSERT INTO documents (id, name, title, checksum, text, characters, pages, headings,"  # noqa: S608
        " notes, places, receipt, added, modified) SELECT id, name, title, checksum, text,"
        f" length(text), pages, headings, notes, {of['places']}, {of['receipt']}, added, modified"
        " FROM old_documents"
    )
    # The name a file was found under is the document's: none had two files.
    connection.execute(
        "INSERT INTO locations (source, name, document, signature)"
        " SELECT source, name, id, '' FROM old_documents ORDER BY id"
    )
    for function, arguments in ((_fingerprint, 5), (_packed_vector, 1), (_packed_directions, 2)):
        name = function.__name__.lstrip("_")
        connection.create_function(name, arguments, function, deterministic=True)
    connection.execute(
        'INSERT INTO passages (key, id, document, text, "start", "end", page, heading, sentences,'  # noqa: S608
        " place, places, fingerprint, vector, sentence_vectors)"
        ' SELECT p.key, p.id, p.document, p.text, p."start", p."end", p.page, p.heading,'
        f" p.sentences, {of['place']}, {of['passage_places']},"
        ' fingerprint(d.title, p.heading, p.text, p."start", p.sentences),'
        f" {of['vector']}, {of['sentence_vectors']}"
        " FROM old_passages p JOIN old_documents d ON d.id = p.document"
    )


def _seals(connection: sqlite3.Connection) -> dict[int, str]:
    """Return the digests of the documents that are not as they were written."""
    held = connection.execute("SELECT document, digest FROM digests").fetchall()
    return {
        document: sealed
        for document, sealed in held
        if digests.digest(connection.execute, document) != sealed
    }


def _seal(connection: sqlite3.Connection, damaged: dict[int, str]) -> None:
    """Seal the documents anew. What was damaged before keeps the digest that tells so."""
    for (document,) in connection.execute("SELECT id FROM documents").fetchall():
        digests.seal(connection, document)
    connection.executemany(
        "UPDATE digests SET digest = ? WHERE document = ?",
        [(sealed, document) for document, sealed in damaged.items()],
    )


def _format(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    return str(row[0]) if row else None


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def _made_by(statement: str) -> str:
    """Return the name of the table or index that a statement of the schema makes."""
    words = statement[statement.index("CREATE") :].split()
    return words[words.index("TABLE" if "TABLE" in words else "INDEX") + 1]


def _fingerprint(title: str, heading: str, text: str, start: int, sentences: str) -> bytes:
    spans = tuple(Span(*pair) for pair in json.loads(sentences))
    end = start + len(text)
    return rows.fingerprint(Passage("", "", title, text, start, end, None, heading, spans))


def _packed_vector(vector: bytes) -> bytes:
    """Return a passage's vector of single precision as it is kept now."""
    import numpy as np

    return rows.packed_vector(np.frombuffer(vector, np.float32))


def _packed_directions(vectors: bytes, vector: bytes) -> bytes:
    """Return sentence vectors of half precision as they are kept now, beside their passage's."""
    import numpy as np

    dimensions = len(vector) // np.dtype(np.float32).itemsize
    matrix = np.frombuffer(vectors, np.float16).astype(np.float32)
    return rows.packed_directions(matrix.reshape(-1, dimensions))
