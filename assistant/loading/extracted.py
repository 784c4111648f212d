"""What a reader takes out of a file, and what makes a title."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath

from assistant.places import (
    NOTHING_SAID,
    Place,
    Receipt,
    Unit,
    places_text,
    read_places,
    read_receipt,
)
from assistant.types import Heading, Span, to_json

_LONGEST_TITLE = 200
_FEWEST_LETTERS = 2
_LONGEST_HEADING = 200
"""Headings are stored with each passage below them: what is longer is a paragraph."""
_DEEPEST = 10
_HALF = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NO_TITLE = re.compile(
    r"^(?:untitled.*|document\d*|word document|title|microsoft word\b.*"
    r"|powerpoint presentation|presentation|slide 1|book\d*|sheet\d*"
    r"|.*\.(?:docx?|pptx?|xlsx?|pdf|txt|rtf|odt|html?|indd|qxd))$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Extracted:
    """A file's text with its title (or nothing), pages, headings, places, and what was read."""

    text: str
    title: str = ""
    pages: tuple[Span, ...] = ()
    headings: tuple[Heading, ...] = ()
    places: tuple[Place, ...] = ()
    receipt: Receipt = NOTHING_SAID


class Blocks:
    """Collects blocks of text, with a blank line between them, their headings, pages and places."""

    def __init__(self) -> None:
        """Start empty."""
        self._parts: list[str] = []
        self.length = 0
        self.headings: list[Heading] = []
        self.places: list[Place] = []
        self.pages: list[Span] = []

    @property
    def next(self) -> int:
        """Where the next block will begin."""
        return self.length + 2 if self._parts else 0

    def add(self, block: str, *, level: int = 0, goes_on: bool = False) -> None:
        """Append a block; one of a level above 0 is a heading, unless it is too long for one.

        One that goes on with the paragraph before it has no blank line before it.
        """
        block = block.strip()
        if not block:
            return
        separator = ("\n" if goes_on else "\n\n") if self._parts else ""
        start = self.length + len(separator)
        self._parts.append(separator)
        if level and len(block) <= _LONGEST_HEADING:
            self.headings.append(Heading(block, min(level, _DEEPEST), start))
        self._parts.append(block)
        self.length = start + len(block)

    def add_numbered(
        self, rows: Iterable[tuple[int, str]], unit: Unit, sheet: str = "", columns: str = ""
    ) -> None:
        """Append rows or records, each with its number; those that follow on share a place."""
        first = last = start = 0
        for number, text in rows:
            row = " ".join(text.split())
            if not row:
                continue
            if first and number != last + 1:
                self.places.append(Place(start, self.length, unit, first, sheet, columns))
                first = 0
            if not first:
                first, start = number, self.next
            self.add(row)
            last = number
        if first:
            self.places.append(Place(start, self.length, unit, first, sheet, columns))

    def include(self, other: Extracted, *, deeper: int = 0) -> None:
        """Append a text that was read already, its headings so many levels deeper."""
        if not other.text.strip():
            return
        # As it is, so that its offsets hold.
        start = self.next
        if self._parts:
            self._parts.append("\n\n")
        self._parts.append(other.text)
        self.length = start + len(other.text)
        self.headings += [
            Heading(h.text, h.level + deeper, h.start + start) for h in other.headings
        ]
        self.places += [replace(p, start=p.start + start, end=p.end + start) for p in other.places]

    def extracted(self, title: str, receipt: Receipt = NOTHING_SAID) -> Extracted:
        """Return what was collected; the first main heading stands in for a missing title."""
        headings = [heading for heading in self.headings if heading.level == 1] or self.headings
        first = headings[0].text if headings else ""
        return Extracted(
            text="".join(self._parts),
            title=sane_title(title) or first,
            pages=tuple(self.pages),
            headings=tuple(self.headings),
            places=tuple(self.places),
            receipt=receipt,
        )


def joined_pairs(text: str) -> str:
    """Return a text of UTF-16's units with each pair of surrogates as the character it means."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def storable(found: Extracted) -> Extracted:
    """Return what was extracted with each half of a pair of surrogates, alone in it, replaced.

    Nothing can store or encode these. Offsets hold: one character takes the place of one.
    """
    receipt = found.receipt
    return replace(
        found,
        text=_without_halves(found.text),
        title=_without_halves(found.title),
        headings=tuple(replace(h, text=_without_halves(h.text)) for h in found.headings),
        places=tuple(replace(p, sheet=_without_halves(p.sheet)) for p in found.places),
        receipt=replace(receipt, skipped=tuple(map(_without_halves, receipt.skipped))),
    )


def _without_halves(text: str) -> str:
    return _HALF.sub("\ufffd", text)


def to_bytes(found: Extracted) -> bytes:
    """Return what was extracted as JSON, for another process."""
    facts = to_json(found) | {
        "places": places_text(found.places),
        "receipt": json.dumps(to_json(found.receipt)),
        "headings": [(h.text, h.level, h.start) for h in found.headings],
    }
    return json.dumps(facts).encode()


def from_bytes(data: bytes) -> Extracted:
    """Return what another process extracted; nothing in it is trusted to be more than values."""
    facts = json.loads(data)
    return Extracted(
        text=str(facts["text"]),
        title=str(facts["title"]),
        pages=tuple(Span(*pair) for pair in facts["pages"]),
        headings=tuple(Heading(*heading) for heading in facts["headings"]),
        places=read_places(facts["places"]),
        receipt=read_receipt(facts["receipt"]),
    )


def sane_title(title: str) -> str:
    """Return a title on one line and of sane length, or nothing where it is none."""
    line = " ".join(_CONTROL.sub(" ", title).split())
    wordless = sum(character.isalpha() for character in line) < _FEWEST_LETTERS
    return "" if wordless or _NO_TITLE.match(line) else line[:_LONGEST_TITLE]


def readable_name(name: str) -> str:
    """Return a file's name as words: "gao-report_2010.txt" becomes "Gao report 2010"."""
    words = " ".join(re.sub(r"[-_]+", " ", PurePath(name).stem).split())
    return words[:1].upper() + words[1:] or name
