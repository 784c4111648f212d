"""Rows of the catalog ↔ values: what a document and a passage look like in SQLite."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.errors import StoreError
from assistant.holdings import DocumentInfo
from assistant.places import places_text, read_places, read_receipt
from assistant.text import terms
from assistant.types import Document, Heading, Matrix, Passage, Span, Vector, to_json

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SOURCE = "(SELECT source FROM locations WHERE document = documents.id ORDER BY key LIMIT 1)"
DOCUMENT = (
    f"SELECT name, title, text, {_SOURCE}, checksum, pages, headings, notes, modified, places,"  # noqa: S608
    " receipt FROM documents"
)
INFO = (
    "SELECT name, title, checksum, characters, json_array_length(pages),"
    " (SELECT count(*) FROM passages WHERE document = documents.id), notes, added, modified,"
    " receipt, (SELECT json_group_array(source) FROM"
    " (SELECT source FROM locations WHERE document = documents.id ORDER BY key))"
    " FROM documents"
)
PASSAGE = (
    'SELECT p.id, d.name, d.title, p.text, p."start", p."end", p.page, p.heading, p.sentences,'
    " p.place, p.places, p.vector, p.sentence_vectors, s.body, s.context FROM passages p"
    " JOIN documents d ON d.id = p.document JOIN search s ON s.rowid = p.key"
)


class StoredPassage(NamedTuple):
    """A passage with its vector and its sentences' vectors.

    ``terms`` has the stems of each sentence and ``context`` those of title and
    headings, with spaces between, as the full text holds them.
    """

    passage: Passage
    vector: Vector
    sentence_vectors: Matrix
    terms: tuple[str, ...]
    context: str


class Grains(NamedTuple):
    """The vectors of some passages, and those of all their sentences one after another.

    ``passages`` has shape (passages, dimensions), ``sentences`` (sentences,
    dimensions); ``first``, shape (passages,), is the row of each passage's
    first sentence.
    """

    ids: list[str]
    passages: Matrix
    sentences: Matrix
    first: NDArray[np.intp]


class Vectors(NamedTuple):
    """A passage's vectors as they are kept: its own, and those of its sentences."""

    vector: bytes
    sentence_vectors: bytes


def encoded(vector: Vector, sentence_vectors: Matrix) -> Vectors:
    """Return vectors as they are kept."""
    return Vectors(packed_vector(vector), packed_directions(sentence_vectors))


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
        places=read_places(row[9]),
        receipt=read_receipt(row[10]),
    )


def document_info(row: tuple[Any, ...]) -> DocumentInfo:
    """Return the counts of a row of INFO."""
    name, title, checksum, characters, pages, passages, notes, added, modified = row[:9]
    sources = tuple(json.loads(row[10]))
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
        read_receipt(row[9]),
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
        places_text(document.places),
        json.dumps(to_json(document.receipt)),
        datetime.now(UTC).isoformat(timespec="seconds"),
        document.modified,
    )


def search_row(key: int | str | None, passage: Passage) -> tuple[object, ...]:
    """Return a passage's row of the full text: a sentence a line, so that terms follow on."""
    said = (
        _stems(passage.text[low - passage.start : high - passage.start])
        for low, high in passage.sentences
    )
    return key, "\n".join(said), context_terms(passage.title, passage.heading)


def context_terms(title: str, heading: str) -> str:
    """Return the stems of a passage's title and headings, with spaces between."""
    return _stems(f"{title} {heading}")


def _stems(text: str) -> str:
    return " ".join(terms(text))


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
        passage.place,
        places_text(passage.places),
        fingerprint,
        *vectors,
    )


def stored_passage(row: tuple[Any, ...]) -> StoredPassage:
    """Return the passage of a row of PASSAGE; raises :class:`StoreError` where it is damaged."""
    try:
        found = unchecked_passage(row)
        if len(found.terms) != len(found.passage.sentences):
            raise ValueError("it has other sentences in the full text")
    except ValueError as error:
        raise StoreError(
            f"The catalog is damaged: a passage of {row[1]!r} can't be read ({error}). "
            "`assistant verify --repair` mends what can be mended."
        ) from error
    return found


def unchecked_passage(row: tuple[Any, ...]) -> StoredPassage:
    """Return the passage of a row of PASSAGE, whatever the full text has for it."""
    identity, name, title, text, start, end, page, heading = row[:8]
    sentences = tuple(Span(*pair) for pair in json.loads(row[8]))
    vector = vectors([row[11]])[0]
    return StoredPassage(
        Passage(
            *(identity, name, title, text, start, end, page, heading, sentences),
            place=row[9],
            places=read_places(row[10]),
        ),
        vector,
        directions([row[12]], len(vector)),
        tuple(row[13].split("\n")),
        row[14],
    )


def grains(found: Sequence[tuple[str, bytes, bytes]]) -> Grains:
    """Return the vectors of rows of id, vector and sentence vectors; at least one row."""
    import numpy as np

    ids, passages, sentences = zip(*found, strict=True)
    whole = vectors(passages)
    dimensions = whole.shape[1]
    counts = [len(blob) // dimensions for blob in sentences]
    first = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp)
    return Grains(list(ids), whole, directions(sentences, dimensions), first)


# A passage's vector is kept in half precision. A sentence's is kept as a direction: its numbers
# as a share of the largest, in steps of 1/127, which moves a cosine by less than a thousandth.
# Reading and writing either again gives the same bytes.


def packed_vector(vector: Vector) -> bytes:
    """Return a passage's vector as the catalog keeps it."""
    import numpy as np

    return np.asarray(vector, np.float16).tobytes()


def packed_directions(matrix: Matrix) -> bytes:
    """Return the vectors of a passage's sentences as the catalog keeps them."""
    import numpy as np

    rows = np.asarray(matrix, np.float32)
    largest = np.maximum(np.abs(rows).max(axis=1, keepdims=True, initial=0.0), 1e-12)
    steps: NDArray[np.int8] = np.rint(127 * rows / largest).astype(np.int8)
    return steps.tobytes()


def vectors(packed: Iterable[bytes]) -> Matrix:
    """Return the vectors of some passages, shape (passages, dimensions)."""
    import numpy as np

    blobs = list(packed)
    flat = np.frombuffer(b"".join(blobs), np.float16).astype(np.float32)
    return flat.reshape(len(blobs), -1 if blobs else 0)


def directions(packed: Iterable[bytes], dimensions: int) -> Matrix:
    """Return the unit vectors of the sentences of some passages, one after another."""
    import numpy as np

    flat = np.frombuffer(b"".join(packed), np.int8).astype(np.float32)
    rows = flat.reshape(-1, dimensions)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    unit: Matrix = rows / np.maximum(lengths, 1e-12)[:, None]
    return unit
