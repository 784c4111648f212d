"""What can be wrong in a catalog, and how much of it can be mended from what is right.

Everything is checked that answers rest on: SQLite's own structure, each
document's digest, each passage against its document, its sentences and
vectors, and the full text, inside and against what the passages' texts come to.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant import changes, rows
from assistant.catalog import Catalog
from assistant.digests import digest
from assistant.errors import StoreError
from assistant.rows import StoredPassage
from assistant.types import Document

_FULL_TEXT = "FTS5"
"""Stands in SQLite's reports on a full text; those are left to :func:`full_text`."""


def structure(catalog: Catalog) -> Iterator[str]:
    """Yield what SQLite finds wrong in the file: its pages, indexes and references."""
    for (report,) in catalog.read("PRAGMA integrity_check"):
        if report != "ok" and _FULL_TEXT not in report:
            yield (
                f"The catalog is damaged: {report}. Delete the index's folder and add the "
                "documents again."
            )
    for table, row, *_ in catalog.read("PRAGMA foreign_key_check"):
        yield f"The catalog is damaged: row {row} of {table} belongs to nothing."


def mend_structure(catalog: Catalog) -> None:
    """Make SQLite's indexes anew, and drop rows that belong to no document."""
    with catalog.write() as connection:
        connection.execute("REINDEX")
        for table in ("passages", "digests", "locations"):
            connection.execute(
                f"DELETE FROM {table} WHERE document NOT IN (SELECT id FROM documents)"  # noqa: S608
            )


def documents(catalog: Catalog) -> Iterator[str]:
    """Yield what is wrong with each document: its digest, or how its passages fit it."""
    found = list(
        catalog.read(
            "SELECT d.id, d.name, coalesce(g.digest, ''), (SELECT source FROM locations"
            " WHERE document = d.id ORDER BY key LIMIT 1) FROM documents d"
            " LEFT JOIN digests g ON g.document = d.id ORDER BY d.name"
        )
    )
    for identity, name, sealed, source in found:
        fault = _damage(catalog, identity, sealed) or _misfit(catalog, name)
        if fault:
            yield (
                f"{name!r} {fault}. Take it out and add it again: `assistant remove {name}`, then "
                f"`assistant add {source}`."
            )


def full_text(catalog: Catalog) -> Iterator[str]:
    """Yield what is wrong with the full text, inside and against the passages."""
    remedy = "`assistant verify --repair` makes it anew."
    try:
        with catalog.write() as connection:
            connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    except StoreError:
        yield f"The full text is damaged. {remedy}"
        return
    for what, query in _ASTRAY.items():
        ((count,),) = catalog.read(query)
        if count:
            yield f"The full text {what}: {count}. {remedy}"
    for info in catalog.documents():
        if _misread(catalog, info.name):
            yield f"The full text has other words than {info.name!r}. {remedy}"


_ASTRAY = {
    "lacks passages": "SELECT count(*) FROM passages WHERE key NOT IN (SELECT rowid FROM search)",
    "has what is in no passage": (
        "SELECT count(*) FROM search WHERE rowid NOT IN (SELECT key FROM passages)"
    ),
}


def mend_full_text(catalog: Catalog) -> None:
    """Make the full text anew from the passages."""
    with catalog.write() as connection:
        changes.remake_full_text(connection)


def _damage(catalog: Catalog, identity: int, sealed: str) -> str:
    try:
        found = digest(catalog.read, identity)
    except StoreError:
        return "can't be read from the catalog"
    return "" if found == sealed else "is not as it was written: the catalog's file was damaged"


def _misfit(catalog: Catalog, name: str) -> str:
    document = catalog.document(name)
    try:
        passages = catalog.passages_of(name)
    except StoreError:  # by the digest it is what was written, so it is the full text that fails
        return ""
    for stored in passages:
        fault = _fault(stored, document)
        if fault:
            return f"has a passage, at {stored.passage.start}, that {fault}"
    return ""


def _fault(stored: StoredPassage, document: Document) -> str:
    import numpy as np

    passage = stored.passage
    if document.text[passage.start : passage.end] != passage.text:
        return "does not match its document's text"
    if any(s.start < passage.start or s.end > passage.end for s in passage.sentences):
        return "has a sentence outside itself"
    norms = np.linalg.norm(np.vstack([stored.vector, stored.sentence_vectors]), axis=1)
    if not np.allclose(norms, 1.0, atol=1e-2):
        return "has a vector that is not of unit length"
    return ""


def _misread(catalog: Catalog, name: str) -> bool:
    """Tell whether the full text has other terms than those that a document's text comes to."""
    try:
        passages = catalog.passages_of(name)
    except StoreError:
        return True
    return any(
        rows.search_row("", stored.passage) != ("", "\n".join(stored.terms), stored.context)
        for stored in passages
    )
