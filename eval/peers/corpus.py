"""A folder → the documents that every pipeline is given, and where a chunk of one stands."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.chunking import page_of
from assistant.errors import LoadError
from assistant.loading import find_files, load
from assistant.types import Document, Span
from eval.errors import RunError
from eval.metrics.places import Stretch


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a folder in their order, files of the same content once.

    ``twins`` has, for a file that was left out, the name of the document with its content.
    """

    documents: tuple[Document, ...]
    twins: Mapping[str, str]

    @property
    def characters(self) -> int:
        """The length of all texts."""
        return sum(len(document.text) for document in self.documents)


def read(folder: Path) -> Corpus:
    """Read a folder as ``Assistant.add`` does: files that can't be read are left out, and twins.

    Raises :class:`RunError` where nothing can be read.
    """
    by_checksum: dict[str, Document] = {}
    twins: dict[str, str] = {}
    failures: list[str] = []
    for path, name in find_files([folder]).files:
        try:
            document = load(path, name)
        except LoadError as error:
            failures.append(str(error))
            continue
        first = by_checksum.setdefault(document.checksum, document)
        if first is not document:
            twins[name] = first.name
    if not by_checksum:
        why = f" {failures[0]}" if failures else ""
        raise RunError(f"{folder} holds no document that can be read.{why} Name another folder.")
    return Corpus(tuple(by_checksum.values()), twins)


def stretch(document: Document, start: int, end: int) -> Stretch:
    """Return a span of a document as a stretch, with the page on which it starts."""
    return Stretch(document.name, page_of(document.pages, start), start, end)


def locate(document: Document, chunks: Iterable[str]) -> list[Stretch]:
    """Return where a document's chunks stand, given in their order and without overlap.

    White space counts for nothing, since a library may have changed it.
    Raises :class:`RunError` where a chunk is not in the document after the one before.
    """
    squeezed = _Squeezed.of(document.text)
    found = []
    position = 0
    for chunk in chunks:
        span = squeezed.find(chunk, position)
        if span is None:
            raise RunError(
                f"The chunk {chunk[:60]!r} is not in {document.name} after character {position}, "
                "so what is found can't be scored. The library changed more than white space: "
                "adapt its pipeline in eval/peers."
            )
        found.append(stretch(document, *span))
        position = span.end
    return found


@dataclass(frozen=True, slots=True)
class _Squeezed:
    """A text without its white space, and for each character left its offset in the text."""

    text: str
    offsets: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> _Squeezed:
        offsets = tuple(at for at, character in enumerate(text) if not character.isspace())
        return cls("".join(text[at] for at in offsets), offsets)

    def find(self, chunk: str, position: int) -> Span | None:
        """Return the span of a chunk that starts at or after an offset of the text, or None."""
        wanted = "".join(chunk.split())
        at = self.text.find(wanted, bisect_left(self.offsets, position)) if wanted else -1
        if at < 0:
            return None
        return Span(self.offsets[at], self.offsets[at + len(wanted) - 1] + 1)
