"""Rows of the catalog ↔ values: what a document and a passage look like in SQLite."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from assistant.places import places_text, read_places, read_receipt
from assistant.text import terms
from assistant.types import (
    Document,
    DocumentInfo,
    Heading,
    Matrix,
    Passage,
    Span,
    Vector,
    to_json,
)

DOCUMENT = (
    "SELECT name, title, text, source, checksum, pages, headings, notes, modified, places,"
    " receipt FROM documents"
)
INFO = (
    "SELECT name, title, source, checksum, length(text), json_array_length(pages),"
    " (SELECT count(*) FROM passages WHERE document = documents.id), notes, added, modified,"
    " receipt FROM documents"
)
PASSAGE = (
    'SELECT p.id, d.name, d.title, p.text, p."start", p."end", p.page, p.heading, p.sentences,'
    " p.place, p.places, p.vector, p.sentence_vectors, s.body, s.context FROM passages p"
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


def stored(passage: Passage, vector: Vector, sentence_vectors: Matrix) -> StoredPassage:
    """Return a passage to be stored, with its terms."""
    start = passage.start
    said = tuple(
        _joined(passage.text[low - start : high - start]) for low, high in passage.sentences
    )
    context = _joined(f"{passage.title} {passage.heading}")
    return StoredPassage(passage, vector, sentence_vectors, said, context)


def _joined(text: str) -> str:
    return " ".join(terms(text))


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
        places=read_places(row[9]),
        receipt=read_receipt(row[10]),
    )


def document_info(row: tuple[Any, ...]) -> DocumentInfo:
    """Return the counts of a row of INFO."""
    name, title, source, checksum, characters, pages, passages, notes, added, modified = row[:10]
    return DocumentInfo(
        name,
        title,
        source,
        checksum,
        characters,
        pages,
        passages,
        tuple(json.loads(notes)),
        added,
        modified,
        read_receipt(row[10]),
    )


def document_row(document: Document) -> tuple[object, ...]:
    """Return a document's values in the order of the table, without its id."""
    return (
        document.name,
        document.title,
        document.source,
        document.checksum,
        document.text,
        json.dumps(document.pages),
        json.dumps([(h.text, h.level, h.start) for h in document.headings]),
        json.dumps(document.notes),
        places_text(document.places),
        json.dumps(to_json(document.receipt)),
        datetime.now(UTC).isoformat(timespec="seconds"),
        document.modified,
    )


def search_row(key: int | None, stored: StoredPassage) -> tuple[object, ...]:
    """Return a passage's row of the full text: a sentence a line, so that terms follow on."""
    return key, "\n".join(stored.terms), stored.context


def passage_row(document: int | None, stored: StoredPassage) -> tuple[object, ...]:
    """Return a passage's values in the order of the table, without its key."""
    import numpy as np

    passage = stored.passage
    return (
        passage.id,
        document,
        passage.text,
        passage.start,
        passage.end,
        passage.page,
        passage.heading,
        json.dumps(passage.sentences),
        passage.place,
        places_text(passage.places),
        np.asarray(stored.vector, np.float32).tobytes(),
        np.asarray(stored.sentence_vectors, np.float16).tobytes(),
    )


def stored_passage(row: tuple[Any, ...]) -> StoredPassage:
    """Return the passage of a row of PASSAGE."""
    import numpy as np

    identity, name, title, text, start, end, page, heading = row[:8]
    sentences = tuple(Span(*pair) for pair in json.loads(row[8]))
    vector = np.frombuffer(row[11], np.float32)
    sentence_vectors = np.frombuffer(row[12], np.float16).astype(np.float32)
    return StoredPassage(
        Passage(
            *(identity, name, title, text, start, end, page, heading, sentences),
            place=row[9],
            places=read_places(row[10]),
        ),
        vector,
        sentence_vectors.reshape(len(sentences), len(vector)),
        tuple(row[13].split("\n")),
        row[14],
    )
