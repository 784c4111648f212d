"""Where retrieved and cited text stands, and whether gold evidence stands there too.

A *place* is one piece of gold evidence that can be found or missed: a span
(spans of one document that overlap are one), a page, or a whole document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from assistant.types import Citation, Excerpt, Hit, Span
from eval.questions import Gold


class Stretch(NamedTuple):
    """A stretch of a document's text, ``[start, end)``, and the page it is on."""

    document: str
    page: int | None
    start: int
    end: int


class Place(NamedTuple):
    """One piece of gold evidence. ``alternatives`` are the spans that were merged into it."""

    document: str
    span: Span | None
    page: int | None
    grade: int
    alternatives: tuple[Span, ...] = ()


def of_hits(hits: Iterable[Hit]) -> list[Stretch]:
    """Return where hits stand, in their order."""
    return [Stretch(p.document, p.page, p.start, p.end) for p in (hit.passage for hit in hits)]


def of_excerpts(excerpts: Iterable[Excerpt]) -> list[Stretch]:
    """Return where excerpts stand, in their order."""
    return [Stretch(e.document, e.page, e.start, e.end) for e in excerpts]


def of_citations(citations: Iterable[Citation]) -> list[Stretch]:
    """Return where citations stand, in their order."""
    return [Stretch(c.document, c.page, c.start, c.end) for c in citations]


def places(gold: Sequence[Gold]) -> list[Place]:
    """Return the pieces of gold evidence, each once."""
    found: dict[Place, None] = {}
    for one in gold:
        for place in _places(one):
            found.setdefault(place)
    return list(found)


def touches(place: Place, stretch: Stretch) -> bool:
    """Tell whether a stretch shares a character, the page or the document with a place."""
    if place.document != stretch.document:
        return False
    if place.span is not None:
        return stretch.start < place.span.end and place.span.start < stretch.end
    return place.page is None or place.page == stretch.page


def _places(gold: Gold) -> Iterator[Place]:
    if gold.spans:
        merged: list[tuple[Span, list[Span]]] = []
        for span in sorted(gold.spans):
            if merged and span.start < merged[-1][0].end:
                whole, parts = merged.pop()
                merged.append((Span(whole.start, max(whole.end, span.end)), [*parts, span]))
            else:
                merged.append((span, [span]))
        for whole, parts in merged:
            yield Place(gold.document, whole, None, gold.grade, tuple(parts))
    elif gold.pages:
        yield from (Place(gold.document, None, page, gold.grade) for page in gold.pages)
    else:
        yield Place(gold.document, None, None, gold.grade)
