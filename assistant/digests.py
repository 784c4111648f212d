"""Digests: of a file, and of each document as the catalog has it, down to its vectors.

A file's own checksum tells whether the file changed; this one tells whether
what was made of it still is what was written.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Read = Callable[[str, tuple[object, ...]], Iterable[tuple[Any, ...]]]
"""Runs a query with its values, and returns the rows."""

_PARTS = (
    "SELECT * FROM documents WHERE id = ?",
    "SELECT * FROM passages WHERE document = ? ORDER BY key",
)


def of_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(connection: sqlite3.Connection, document: int | None) -> None:
    """Record the digest of a document, in the transaction that wrote or changed it."""
    connection.execute(
        "INSERT OR REPLACE INTO digests VALUES (?, ?)",
        (document, digest(connection.execute, document)),
    )


def digest(read: Read, document: int | None) -> str:
    """Return the SHA-256 of all columns of a document and its passages, in hex."""
    total = hashlib.sha256()
    for query in _PARTS:
        for row in read(query, (document,)):
            for value in row:
                piece = value if isinstance(value, bytes) else str(value).encode()
                # With the length before it, no value can pass for part of another.
                total.update(len(piece).to_bytes(8, "big"))
                total.update(piece)
    return total.hexdigest()
