"""What a reader takes out of a file, and what makes a title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from assistant.types import Heading, Span

_LONGEST_TITLE = 200
_FEWEST_LETTERS = 2
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NO_TITLE = re.compile(
    r"^(?:untitled.*|document\d*|word document|title|microsoft word\b.*"
    r"|.*\.(?:docx?|pdf|txt|html?|indd|qxd))$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Extracted:
    """A file's text with its title (or nothing), pages, headings and remarks."""

    text: str
    title: str = ""
    pages: tuple[Span, ...] = ()
    headings: tuple[Heading, ...] = ()
    notes: tuple[str, ...] = ()


class Blocks:
    """Collects blocks of text, with a blank line between them, and remembers the headings."""

    def __init__(self) -> None:
        """Start empty."""
        self._parts: list[str] = []
        self._length = 0
        self.headings: list[Heading] = []

    def add(self, block: str, *, level: int = 0) -> None:
        """Append a block; one of a level above 0 is a heading."""
        block = block.strip()
        if not block:
            return
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        if level:
            self.headings.append(Heading(block, level, self._length))
        self._parts.append(block)
        self._length += len(block)

    def extracted(self, title: str) -> Extracted:
        """Return what was collected; the first main heading stands in for a missing title."""
        headings = [heading for heading in self.headings if heading.level == 1] or self.headings
        first = headings[0].text if headings else ""
        text = "".join(self._parts)
        return Extracted(text, sane_title(title) or first, headings=tuple(self.headings))


def sane_title(title: str) -> str:
    """Return a title on one line and of sane length, or nothing where it is none."""
    line = " ".join(_CONTROL.sub(" ", title).split())
    wordless = sum(character.isalpha() for character in line) < _FEWEST_LETTERS
    return "" if wordless or _NO_TITLE.match(line) else line[:_LONGEST_TITLE]


def readable_name(name: str) -> str:
    """Return a file's name as words: "gao-report_2010.txt" becomes "Gao report 2010"."""
    words = " ".join(re.sub(r"[-_]+", " ", PurePath(name).stem).split())
    return words[:1].upper() + words[1:] or name
