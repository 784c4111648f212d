"""Whether citations of saved answers still hold, after the documents changed.

A quote is looked for where it was, then anywhere in its document, then in the
others; what stands on both sides of it tells which of several places is meant
(the TextQuoteSelector of the W3C Web Annotation Data Model). What is not there
any more in these words is compared with what comes nearest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz

from assistant.catalog import SIDE, Catalog
from assistant.chunking import page_of, place_in
from assistant.locations import Locations
from assistant.text import sentence_spans
from assistant.types import Citation, Document, Span

_SIMILAR = 60.0
"""Percent of likeness (rapidfuzz's partial ratio) from which on a text is the quote, changed."""
_AROUND = 2000
_HELD = 8
"""Documents held at once while citations are checked."""

_Read = Callable[[str], Document]
"""Returns a document by name."""


class State(StrEnum):
    """What became of a cited quote."""

    VALID = "valid"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Checked:
    """A citation, what became of it, and where it is now, if anywhere.

    ``text`` is ``document.text[start:end]`` now: the quote, or what it became.
    ``likeness`` (0 to 1) compares that with the quote; ``place`` is where it
    stands, as shown.
    """

    citation: Citation
    state: State
    document: str = ""
    page: int | None = None
    start: int = 0
    end: int = 0
    text: str = ""
    likeness: float = 0.0
    place: str = ""

    @property
    def holds(self) -> bool:
        """Whether the quote is still there."""
        return self.state in {State.VALID, State.MOVED}


def check(catalog: Catalog, citation: Citation) -> Checked:
    """Tell what became of a citation: valid, moved, changed or gone."""
    return check_all(catalog, [citation])[0]


def check_all(catalog: Catalog, citations: Sequence[Citation]) -> list[Checked]:
    """Tell what became of each of these citations; a document that several cite is read once."""
    read = lru_cache(_HELD)(catalog.document)
    by_document = sorted(enumerate(citations), key=lambda one: (one[1].document, one[1].checksum))
    found = {number: _check(catalog, read, citation) for number, citation in by_document}
    return [found[number] for number in range(len(citations))]


def _check(catalog: Catalog, read: _Read, citation: Citation) -> Checked:
    document = _document(catalog, read, citation)
    if document:
        if document.text[citation.start : citation.end] == citation.quote:
            return _at(citation, document, Span(citation.start, citation.end), State.VALID)
        place = _found(document.text, citation)
        if place:
            return _at(citation, document, place, State.MOVED)
    for other in _others(catalog, read, citation):
        place = _found(other.text, citation)
        if place:
            return _at(citation, other, place, State.MOVED)
    return (document and _changed(citation, document)) or Checked(citation, State.GONE)


def _document(catalog: Catalog, read: _Read, citation: Citation) -> Document | None:
    """Return the very document that was cited, under whatever name, or else its namesake.

    That is the document of this name, or what a file of this name holds now.
    """
    known = (catalog.find(checksum=citation.checksum) if citation.checksum else None) or (
        catalog.find(name=citation.document)
    )
    files = () if known else Locations(catalog).named(citation.document)
    name = known.name if known else next((file.document for file in files), None)
    return None if name is None else read(name)


def _others(catalog: Catalog, read: _Read, citation: Citation) -> Iterator[Document]:
    """Yield the documents that hold the quote, as those of a file that was renamed and changed."""
    names = catalog.read("SELECT name FROM documents WHERE instr(text, ?)", (citation.quote,))
    for (name,) in list(names):
        yield read(name)


def _found(text: str, citation: Citation) -> Span | None:
    """Return where a text has the quote, breaks of lines aside, or None.

    Of several places it is the one with the sides most like those of the
    citation, then the one nearest to where it was.
    """
    words = citation.quote.split()
    if not words:
        return None
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    places = [Span(*match.span()) for match in pattern.finditer(text)]

    def fits(place: Span) -> tuple[float, int]:
        before = text[max(place.start - SIDE, 0) : place.start]
        after = text[place.end : place.end + SIDE]
        sides = fuzz.ratio(before, citation.prefix) + fuzz.ratio(after, citation.suffix)
        return sides, -abs(place.start - citation.start)

    return max(places, key=fits, default=None)


def _changed(citation: Citation, document: Document) -> Checked | None:
    """Return what in a document is most like the quote, if it is like enough: whole sentences."""
    nearest = fuzz.partial_ratio_alignment(citation.quote, document.text, score_cutoff=_SIMILAR)
    if not nearest or not citation.quote.strip():
        return None
    # Only what is around it is split: a document may be long.
    low = max(nearest.dest_start - _AROUND, 0)
    around = document.text[low : nearest.dest_end + _AROUND]
    touched = [
        Span(start + low, end + low)
        for start, end in sentence_spans(around)
        if start + low < nearest.dest_end and end + low > nearest.dest_start
    ]
    # What is most like it begins and ends anywhere; of a sentence it may touch a few letters only.
    runs = [touched[low : len(touched) - high] for low in (0, 1) for high in (0, 1)]
    spans = [Span(run[0].start, run[-1].end) for run in runs if run]
    best = max(spans, key=lambda span: fuzz.ratio(citation.quote, document.text[slice(*span)]))
    return _at(citation, document, best, State.CHANGED)


def _at(citation: Citation, document: Document, place: Span, state: State) -> Checked:
    text = document.text[place.start : place.end]
    return Checked(
        citation,
        state,
        document.name,
        page_of(document.pages, place.start),
        *place,
        text,
        fuzz.ratio(citation.quote, text) / 100,
        place_in(document, *place),
    )
