"""Passages → vectors, and nothing is encoded twice.

What was encoded once, in another version of a document or in a run that was
broken off, is known by its fingerprint. The vectors of a long document are kept
while it is worked on, in a table of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from assistant import chunking, rows
from assistant.catalog import Catalog
from assistant.errors import Stopped
from assistant.rows import Vectors
from assistant.types import Document, Encoder, Passage, Span

WINDOW = 256
"""Passages that are worked on together."""
_LONG = 10_000_000
"""Characters from which on a document's passages are not held, but made twice."""

Told = Callable[[int, int], None]
"""Hears how many of how many passages have their vectors."""


class Encoding:
    """The passages of one document, on their way into a catalog."""

    def __init__(self, catalog: Catalog, encoder: Encoder, document: Document) -> None:
        """Take the document; nothing is encoded yet."""
        self._catalog = catalog
        self._encoder = encoder
        self._document = document
        long = len(document.text) > _LONG
        self._held = None if long else chunking.split(document, encoder)
        self._end = len(document.text.rstrip())
        self._fresh: dict[bytes, Vectors] = {}

    def prepare(self, told: Told) -> None:
        """See to it that each passage has its vectors; broken off, it goes on where it was."""
        try:
            self._prepare(told)
        except (KeyboardInterrupt, Stopped):
            self._keep()
            raise

    def passages(self) -> Iterator[tuple[Passage, bytes, Vectors]]:
        """Yield the passages with their fingerprints and vectors, once they are prepared."""
        for window in _windows(self._passages()):
            fingerprints = [rows.fingerprint(passage) for passage in window]
            found = _read(self._catalog, fingerprints) | self._fresh
            for passage, fingerprint in zip(window, fingerprints, strict=True):
                yield passage, fingerprint, found[fingerprint]

    def _prepare(self, told: Told) -> None:
        done = 0
        told(0, self._total(0, 0))
        for window in _windows(self._passages()):
            if len(self._fresh) >= WINDOW:
                self._keep()
            new = {rows.fingerprint(passage): passage for passage in window}
            for fingerprint in _read(self._catalog, list(new)).keys() | self._fresh.keys():
                new.pop(fingerprint, None)
            at_once = len(window) - len(new)
            for number, (fingerprint, vectors) in enumerate(self._encoded(new), start=at_once + 1):
                self._fresh[fingerprint] = vectors
                told(done + number, self._total(done + number, window[-1].end))
            done += len(window)
            if not new:
                told(done, self._total(done, window[-1].end))

    def _passages(self) -> Iterable[Passage]:
        return chunking.stream(self._document, self._encoder) if self._held is None else self._held

    def _total(self, done: int, end: int) -> int:
        """Return the number of passages, which for a very long document is estimated."""
        if self._held is not None:
            return len(self._held)
        return done if end >= self._end else max(done + 1, done * self._end // max(end, 1))

    def _encoded(self, new: dict[bytes, Passage]) -> Iterator[tuple[bytes, Vectors]]:
        # Passages of like length share a batch, so that little of it is padding.
        order = sorted(new.items(), key=lambda item: len(item[1].text))
        texts, spans = [], []
        for _, passage in order:
            before = chunking.context(passage, self._encoder)
            shift = len(before) - passage.start
            texts.append(before + passage.text)
            spans.append([Span(start + shift, end + shift) for start, end in passage.sentences])
        made = self._encoder.encode_passages(texts, spans)
        for (fingerprint, _), vectors in zip(order, made, strict=True):
            yield fingerprint, rows.encoded(*vectors)

    def _keep(self) -> None:
        """Put what was encoded so far where the next run finds it, should this one break off."""
        source = self._document.source
        with self._catalog.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO unfinished VALUES (?, ?, ?, ?)",
                [(fingerprint, source, *vectors) for fingerprint, vectors in self._fresh.items()],
            )
        self._fresh.clear()


def unfinished(catalog: Catalog) -> dict[str, int]:
    """Return the files of which a part was encoded, and how many passages."""
    return dict(catalog.read("SELECT source, count(*) FROM unfinished GROUP BY source"))


def forget(catalog: Catalog, source: str) -> None:
    """Drop what was encoded of a file that is not finished."""
    with catalog.write() as connection:
        connection.execute("DELETE FROM unfinished WHERE source = ?", (source,))


def _windows(passages: Iterable[Passage]) -> Iterator[list[Passage]]:
    remaining = iter(passages)
    while window := list(islice(remaining, WINDOW)):
        yield window


def _read(catalog: Catalog, fingerprints: Sequence[bytes]) -> dict[bytes, Vectors]:
    """Return the vectors that are known of these fingerprints."""
    marks = ",".join("?" * len(fingerprints))
    found: dict[bytes, Vectors] = {}
    for table in ("passages", "unfinished"):
        query = f"SELECT fingerprint, vector, sentence_vectors FROM {table}"  # noqa: S608
        query += f" WHERE fingerprint IN ({marks})"
        for fingerprint, *vectors in catalog.read(query, fingerprints):
            found[fingerprint] = Vectors(*vectors)
    return found
