"""What a stretch of a document is called in its file, and what of the file was read.

"p. 12", "slide 4", "Q3!A1:D9", "rows 17–19" and "lines 3–8" are worked out from
offsets; where a file has none of these, the headings above say where a
stretch stands.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple


class Unit(StrEnum):
    """What a file is counted in."""

    PAGE = "page"
    SLIDE = "slide"
    SHEET = "sheet"
    ROW = "row"
    RECORD = "record"
    CHAPTER = "chapter"
    LINE = "line"


class Span(NamedTuple):
    """A stretch of characters, ``[start, end)``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a document: where it stands, and how deep (1 is the highest)."""

    text: str
    level: int
    start: int


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document, by what its file calls it.

    ``number`` is that of its slide, or of its first row, record or line, from
    1: with each blank line (or line, where these are the unit) comes the next
    number. ``sheet`` and ``columns`` ("A:D") name cells, and are empty elsewhere.
    """

    start: int
    end: int
    unit: Unit
    number: int
    sheet: str = ""
    columns: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was read of a file, so that nothing goes missing in silence.

    ``units`` counts its pages, slides, sheets, rows, records, chapters or
    lines; ``blank`` has the numbers of those without text, ``unread`` of those
    that can't be read, ``recognised`` of those read by OCR. ``skipped`` says in
    words what else was left out, and why.
    """

    unit: Unit | None = None
    units: int = 0
    characters: int = 0
    blank: tuple[int, ...] = ()
    unread: tuple[int, ...] = ()
    recognised: tuple[int, ...] = ()
    skipped: tuple[str, ...] = ()


NOTHING_SAID = Receipt()
"""The receipt of what was not read from a file."""
_BETWEEN = {Unit.SHEET: "\n\n", Unit.ROW: "\n\n", Unit.RECORD: "\n\n", Unit.LINE: "\n"}
"""What stands between two of a kind; of the other kinds a place holds only one."""
_PLAIN_SHEET = re.compile(r"\w+")


def places_text(places: Iterable[Place]) -> str:
    """Return places as text that can be stored."""
    return json.dumps([astuple(place) for place in places])


def read_places(text: str) -> tuple[Place, ...]:
    """Return the places that were stored as a text."""
    return tuple(
        Place(start, end, Unit(unit), *rest) for start, end, unit, *rest in json.loads(text)
    )


def read_receipt(text: str) -> Receipt:
    """Return the receipt that was stored as a text."""
    facts = json.loads(text)
    return Receipt(
        unit=Unit(facts["unit"]) if facts["unit"] else None,
        units=facts["units"],
        characters=facts["characters"],
        blank=tuple(facts["blank"]),
        unread=tuple(facts["unread"]),
        recognised=tuple(facts["recognised"]),
        skipped=tuple(facts["skipped"]),
    )


def within(
    places: Iterable[Place], text: str, spans: Iterable[tuple[int, int]]
) -> Iterator[tuple[Place, ...]]:
    """Yield the places within each of some spans, cut to it and numbered on.

    Places and spans are in order of their start and don't overlap; ``text`` is
    the whole document's.
    """
    rest = deque(places)
    for start, end in spans:
        while rest and rest[0].end <= start:
            rest.popleft()
        if rest and rest[0].start < start:
            # What is left is counted from here on: each character once.
            rest[0] = _from(rest[0], start, text, 0)
        found = takewhile(lambda place: place.start < end, rest)  # noqa: B023 - read at once
        yield tuple(replace(place, end=min(place.end, end)) for place in found)


def label(
    places: Sequence[Place], page: int | None, heading: str, text: str, span: tuple[int, int, int]
) -> str:
    """Return where a stretch of a document stands, as shown; nothing where no name is known.

    ``text`` is the document's from an offset on, and ``span`` the stretch's
    start and end in the document, then that offset. Rows and the like come
    before the page, and headings last.
    """
    start, end, offset = span
    near = [place for place in places if place.start < end and start < place.end]
    if not near:
        return heading if page is None else f"p. {page}"
    first = _from(near[0], max(start, near[0].start), text, offset)
    last = _from(near[-1], min(end, near[-1].end), text, offset)
    if first.unit is Unit.SHEET:
        return _cells(first, last)
    if first.number == last.number:
        return f"{first.unit} {first.number}"
    return f"{first.unit}s {first.number}–{last.number}"


def _from(place: Place, start: int, text: str, offset: int) -> Place:
    """Return what is left of a place from an offset on, numbered on."""
    between = _BETWEEN.get(place.unit)
    passed = text.count(between, place.start - offset, start - offset) if between else 0
    return replace(place, start=start, number=place.number + passed)


def _cells(first: Place, last: Place) -> str:
    """Return a range of cells as a spreadsheet writes it: Q3!A1:D9."""
    name = first.sheet
    if not _PLAIN_SHEET.fullmatch(name):
        name = "'" + name.replace("'", "''") + "'"
    left, right = first.columns.split(":")
    _, other = last.columns.split(":")
    widest = max(right, other, key=lambda column: (len(column), column))
    corners = f"{left}{first.number}", f"{widest}{last.number}"
    return f"{name}!{':'.join(dict.fromkeys(corners))}"
