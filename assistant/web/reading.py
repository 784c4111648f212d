"""What a reader of a document looks at: which evidence, as text or page, and how much of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from assistant import durable
from assistant.catalog import Catalog
from assistant.durable import Checked, State
from assistant.render import NEAREST
from assistant.types import Answer, Citation, Document, Span, Verdict
from assistant.web.passages import surroundings

WHOLE = 30_000
"""Characters up to which a document is shown at once."""
STEP = 12_000
"""Characters around the evidence, and those that each "more" adds, about."""
MOST = 120_000
"""Characters shown at a time: a longer page only gets slow."""
_PLACE = re.compile(r"(\d{1,9}) (\d{1,9}) (any|text|page) (\d{1,9}) (\d{1,9}) (\d{1,9})")


class View(StrEnum):
    """How a document is shown; ``ANY`` is a page where there is one."""

    ANY = "any"
    TEXT = "text"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Place:
    """A place to read: the evidence with this mark of the answer with this number.

    ``page`` is the one shown, counted from 1, ``[low, high)`` the characters;
    0 leaves the choice to what the evidence needs.
    """

    number: int
    mark: int
    view: View = View.ANY
    page: int = 0
    low: int = 0
    high: int = 0

    def __str__(self) -> str:
        """Return the place as a button carries it."""
        return f"{self.number} {self.mark} {self.view} {self.page} {self.low} {self.high}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """Return the place that a button carries, or None where it is none."""
        match = _PLACE.fullmatch(text)
        if match is None:
            return None
        number, mark, view, *rest = match.groups()
        return cls(int(number), int(mark), View(view), *map(int, rest))


class Marked(NamedTuple):
    """A stretch of a document that an answer stands on, by its mark."""

    mark: int
    start: int
    end: int


def evidence(answer: Answer) -> list[Citation]:
    """Return what an answer cites, document by document; of a refusal the nearest passages.

    These are numbered from 1, and carry no mark that is shown.
    """
    found = list(answer.citations)
    if answer.refused:
        found = [
            Citation(
                rank, hit.passage.document, hit.passage.title, hit.passage.page,
                hit.passage.start, hit.passage.end, hit.passage.text, Verdict.UNSUPPORTED,
                hit.passage.place,
            )
            for rank, hit in enumerate(answer.hits[:NEAREST], start=1)
        ]  # fmt: skip
    order = list(dict.fromkeys(citation.document for citation in found))
    return sorted(found, key=lambda one: (order.index(one.document), one.start, one.end, one.mark))


def marked_in(document: Document, cited: Sequence[Citation], catalog: Catalog) -> list[Marked]:
    """Return where a document, as it is now, holds what was cited; what is gone is left out."""
    return [
        Marked(now.citation.mark, now.start, now.end)
        for now in durable.check_all(catalog, cited)
        if now.holds and now.document == document.name
    ]


def whereabouts(catalog: Catalog, citation: Citation) -> Checked:
    """Return where the cited words stand now; an empty quote stands nowhere."""
    if not citation.quote.strip():
        return Checked(citation, State.GONE)
    return durable.check(catalog, citation)


def window(text: str, at: Span, place: Place) -> Span:
    """Return the characters to show: what a place asks for, or enough around the evidence."""
    if len(text) <= WHOLE:
        return Span(0, len(text))
    if place.high:
        low = min(place.low, len(text))
        return Span(low, min(max(place.high, low), low + MOST, len(text)))
    return surroundings(text, at.start, min(at.end, at.start + MOST // 2), STEP // 2)


def earlier(text: str, shown: Span, place: Place) -> Place | None:
    """Return the place with more of the text before, or None where there is none."""
    if not shown.start:
        return None
    low = surroundings(text, shown.start, shown.start, STEP).start
    return replace(place, view=View.TEXT, low=low, high=min(shown.end, low + MOST))


def later(text: str, shown: Span, place: Place) -> Place | None:
    """Return the place with more of the text after, or None where there is none."""
    if shown.end == len(text):
        return None
    high = surroundings(text, shown.end, shown.end, STEP).end
    return replace(place, view=View.TEXT, low=max(shown.start, high - MOST), high=high)


def stretches(shown: Span, marked: Sequence[Marked]) -> Iterator[tuple[Span, list[Marked]]]:
    """Yield what is shown in pieces, each with the evidence that it belongs to."""
    bounds = {*shown}
    for one in marked:
        bounds.update(min(max(at, shown.start), shown.end) for at in (one.start, one.end))
    for low, high in pairwise(sorted(bounds)):
        yield Span(low, high), [one for one in marked if one.start <= low and high <= one.end]
