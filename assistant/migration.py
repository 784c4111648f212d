"""An index of an older format → this one, in place, within one transaction."""

from __future__ import annotations

import json
import sqlite3

from assistant import rows
from assistant.schema import FORMAT, SCHEMA
from assistant.types import Passage, Span

KNOWN = frozenset({"2"})
"""The formats that can be brought up to this one."""
_CHANGED = ("documents", "passages")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a catalog of a known format up to this one, inside a transaction that is open.

    Nothing is encoded again: what is new is derived from what is there.
    """
    if _format(connection) not in KNOWN:
        return  # another process was quicker
    connection.execute("PRAGMA defer_foreign_keys = ON")
    for table in _CHANGED:
        connection.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    for index in ("documents_checksum", "passages_document"):
        connection.execute(f"DROP INDEX {index}")
    _make_missing(connection)
    connection.execute(
        "INSERT INTO documents (id, name, title, checksum, text, characters, pages, headings,"
        " notes, added, modified) SELECT id, name, title, checksum, text, length(text), pages,"
        " headings, notes, added, modified FROM old_documents"
    )
    # The name a file was found under is the document's: none had two files.
    connection.execute(
        "INSERT INTO locations (source, name, document, signature)"
        " SELECT source, name, id, '' FROM old_documents ORDER BY id"
    )
    connection.create_function("fingerprint", 5, _fingerprint, deterministic=True)
    connection.execute(
        'INSERT INTO passages (key, id, document, text, "start", "end", page, heading, sentences,'
        " fingerprint, vector, sentence_vectors)"
        ' SELECT p.key, p.id, p.document, p.text, p."start", p."end", p.page, p.heading,'
        ' p.sentences, fingerprint(d.title, p.heading, p.text, p."start", p.sentences), p.vector,'
        " p.sentence_vectors FROM old_passages p JOIN old_documents d ON d.id = p.document"
    )
    for table in reversed(_CHANGED):
        connection.execute(f"DROP TABLE old_{table}")
    connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (FORMAT,))


def _format(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    return str(row[0]) if row else None


def _make_missing(connection: sqlite3.Connection) -> None:
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    for statement in SCHEMA.split(";\n"):
        name = statement.partition(" TABLE ")[2].split(" ", 1)[0]
        if name not in there:
            connection.execute(statement)


def _fingerprint(title: str, heading: str, text: str, start: int, sentences: str) -> bytes:
    spans = tuple(Span(*pair) for pair in json.loads(sentences))
    end = start + len(text)
    return rows.fingerprint(Passage("", "", title, text, start, end, None, heading, spans))
