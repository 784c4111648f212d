"""Rows of the catalog ↔ values: what a document and a passage look like in SQLite."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from assistant.text import terms
from assistant.types import Document, DocumentInfo, Heading, Matrix, Passage, Span, Vector

_SOURCE = "(SELECT source FROM locations WHERE document = documents.id ORDER BY key LIMIT 1)"
DOCUMENT = (
    f"SELECT name, title, text, {_SOURCE}, checksum, pages, headings, notes, modified"  # noqa: S608
    " FROM documents"
)
INFO = (
    "SELECT name, title, checksum, characters, json_array_length(pages),"
    " (SELECT count(*) FROM passages WHERE document = documents.id), notes, added, modified,"
    " (SELECT json_group_array(source) FROM"
    " (SELECT source FROM locations WHERE document = documents.id ORDER BY key))"
    " FROM documents"
)
PASSAGE = (
    'SELECT p.id, d.name, d.title, p.text, p."start", p."end", p.page, p.heading, p.sentences,'
    " p.vector, p.sentence_vectors, s.body, s.context FROM passages p"
    " JOIN documents d ON d.id = p.document JOIN search s ON s.rowid = p.key"
)


class StoredPassage(NamedTuple):
    """A passage with its vector and its sentences' vectors (kept in half precision).

    ``terms`` has the stems of each sentence and ``context`` those of title and
    headings, with spaces between, as the full text holds them.
    """

    passage: Passage
    vector: Vector
    sentence_vectors: Matrix
    terms: tuple[str, ...]
    context: str


class Vectors(NamedTuple):
    """A passage's vectors as they are kept: its own, and those of its sentences."""

    vector: bytes
    sentence_vectors: bytes


def encoded(vector: Vector, sentence_vectors: Matrix) -> Vectors:
    """Return vectors as they are kept."""
    import numpy as np

    return Vectors(
        np.asarray(vector, np.float32).tobytes(),
        np.asarray(sentence_vectors, np.float16).tobytes(),
    )


def fingerprint(passage: Passage) -> bytes:
    """Return what tells apart what is encoded of passages: text, sentences, title and headings."""
    spans = [(low - passage.start, high - passage.start) for low, high in passage.sentences]
    said = json.dumps((passage.title, passage.heading, passage.text, spans))
    return hashlib.sha256(said.encode()).digest()[:16]


def document(row: tuple[Any, ...]) -> Document:
    """Return the document of a row of DOCUMENT."""
    name, title, text, source, checksum = row[:5]
    return Document(
        name,
        title,
        text,
        source,
        checksum,
        pages=tuple(Span(*pair) for pair in json.loads(row[5])),
        headings=tuple(Heading(*heading) for heading in json.loads(row[6])),
        notes=tuple(json.loads(row[7])),
        modified=row[8],
    )


def document_info(row: tuple[Any, ...]) -> DocumentInfo:
    """Return the counts of a row of INFO."""
    name, title, checksum, characters, pages, passages, notes, added, modified, locations = row
    sources = tuple(json.loads(locations))
    return DocumentInfo(
        name,
        title,
        sources[0] if sources else "",
        checksum,
        characters,
        pages,
        passages,
        tuple(json.loads(notes)),
        added,
        modified,
        sources,
    )


def document_row(document: Document) -> tuple[object, ...]:
    """Return a document's values in the order of the table, without its id."""
    return (
        document.name,
        document.title,
        document.checksum,
        document.text,
        len(document.text),
        json.dumps(document.pages),
        json.dumps([(h.text, h.level, h.start) for h in document.headings]),
        json.dumps(document.notes),
        datetime.now(UTC).isoformat(timespec="seconds"),
        document.modified,
    )


def search_row(key: int | None, passage: Passage) -> tuple[object, ...]:
    """Return a passage's row of the full text: a sentence a line, so that terms follow on."""
    said = (
        " ".join(terms(passage.text[low - passage.start : high - passage.start]))
        for low, high in passage.sentences
    )
    return key, "\n".join(said), context_terms(passage.title, passage.heading)


def context_terms(title: str, heading: str) -> str:
    """Return the stems of a passage's title and headings, with spaces between."""
    return " ".join(terms(f"{title} {heading}"))


def passage_row(
    document: int | None, passage: Passage, fingerprint: bytes, vectors: Vectors
) -> tuple[object, ...]:
    """Return a passage's values in the order of the table, without its key."""
    return (
        passage.id,
        document,
        passage.text,
        passage.start,
        passage.end,
        passage.page,
        passage.heading,
        json.dumps(passage.sentences),
        fingerprint,
        *vectors,
    )


def stored_passage(row: tuple[Any, ...]) -> StoredPassage:
    """Return the passage of a row of PASSAGE."""
    import numpy as np

    identity, name, title, text, start, end, page, heading = row[:8]
    sentences = tuple(Span(*pair) for pair in json.loads(row[8]))
    vector = np.frombuffer(row[9], np.float32)
    sentence_vectors = np.frombuffer(row[10], np.float16).astype(np.float32)
    return StoredPassage(
        Passage(identity, name, title, text, start, end, page, heading, sentences),
        vector,
        sentence_vectors.reshape(len(sentences), len(vector)),
        tuple(row[11].split("\n")),
        row[12],
    )
