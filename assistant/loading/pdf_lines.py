"""A PDF's page → lines of cells, with where they stand and how they are set."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from assistant.loading.extracted import joined_pairs

_GAP = 0.9
"""A gap of this many times the letters' height parts two cells."""
_HEIGHT = 1.5
"""Letters are at least this many times as high as they are wide."""
_SAME_ROW = 0.5
"""Pieces that overlap by this share of their height stand in one row."""
BOLD = 600
_NAMES_BOLD = (b"bold", b"black", b"heavy")
_BREAKS = "\r\n"
_SYMBOLS = str.maketrans({"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓"})
"""The bullets of symbol fonts, which have no place in Unicode."""
_CUTS = "\x02\ufffe"
"""What PDFium writes for a hyphen at the end of a line; the next line follows at once."""


class Cell(NamedTuple):
    """A run of text without a wide gap, and from where to where it stands on the page."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its cells from left to right, in points; ``size`` is its letters' height.

    ``bottom`` and ``top`` count from the foot of the page. ``weight`` is the
    font's (400 regular, 700 bold), as far as the file tells.
    """

    cells: tuple[Cell, ...]
    bottom: float
    top: float
    size: float
    weight: int

    @property
    def text(self) -> str:
        """The line as it reads."""
        return " ".join(cell.text for cell in self.cells)


class _Letter(NamedTuple):
    text: str
    left: float
    right: float
    bottom: float
    top: float
    weight: int


def lines_of(textpage: Any) -> list[Line]:
    """Return the lines of a page in the order in which PDFium reads them."""
    lines: list[Line] = []
    for letters in _split(_letters(textpage)):
        line = _line(letters)
        if line is None:
            continue
        if lines and _beside(lines[-1], line):
            lines[-1] = _joined(lines[-1], line)
        else:
            lines.append(line)
    return lines


def _letters(textpage: Any) -> Iterator[_Letter]:
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    reference = ctypes.byref(box)
    name = ctypes.create_string_buffer(64)
    flags = ctypes.c_int()
    high = ""
    for index in range(textpage.count_chars()):
        text = high + chr(pdfium.FPDFText_GetUnicode(textpage, index)).translate(_SYMBOLS)
        if not high and "\ud800" <= text <= "\udbff":
            # PDFium hands out UTF-16: half of a pair waits for the other.
            high = text
            continue
        text = joined_pairs(text) if high else text
        high = ""
        pdfium.FPDFText_GetLooseCharBox(textpage, index, reference)
        weight = pdfium.FPDFText_GetFontWeight(textpage, index)
        if weight < BOLD:
            pdfium.FPDFText_GetFontInfo(textpage, index, name, len(name), flags)
            if any(word in name.value.lower() for word in _NAMES_BOLD):
                weight = BOLD
        yield _Letter(text, box.left, box.right, box.bottom, box.top, weight)


def _split(letters: Iterator[_Letter]) -> Iterator[list[_Letter]]:
    line: list[_Letter] = []
    for letter in letters:
        if letter.text not in _BREAKS:
            line.append(letter)
        if letter.text in _BREAKS or letter.text in _CUTS:
            yield line
            line = []
    yield line


def _line(letters: Sequence[_Letter]) -> Line | None:
    shown = [letter for letter in letters if not letter.text.isspace() and letter.text != "\x00"]
    if not shown:
        return None
    size = _commonest(round(letter.top - letter.bottom, 1) for letter in shown)
    # Some fonts say that their letters have no height.
    width = sum(letter.right - letter.left for letter in shown) / len(shown)
    return Line(
        tuple(_cells(letters, _GAP * max(size, _HEIGHT * width))),
        min(letter.bottom for letter in shown),
        max(letter.top for letter in shown),
        size,
        int(_commonest(letter.weight for letter in shown)),
    )


def _cells(letters: Sequence[_Letter], gap: float) -> Iterator[Cell]:
    text, left, right = "", 0.0, 0.0
    for letter in letters:
        if letter.text.isspace() or letter.text == "\x00":
            text += " "
            continue
        if text.strip() and letter.left - right > gap:
            yield Cell(" ".join(text.split()), left, right)
            text = ""
        if not text.strip():
            left = letter.left
        text += letter.text
        right = letter.right
    if text.strip():
        yield Cell(" ".join(text.split()), left, right)


def _beside(one: Line, other: Line) -> bool:
    """Tell whether a line goes on to the right of another, at the same height."""
    overlap = min(one.top, other.top) - max(one.bottom, other.bottom)
    return (
        overlap > _SAME_ROW * min(one.top - one.bottom, other.top - other.bottom)
        and other.cells[0].left >= one.cells[-1].right - 1
    )


def _joined(one: Line, other: Line) -> Line:
    larger = one if len(one.text) >= len(other.text) else other
    return Line(
        one.cells + other.cells,
        min(one.bottom, other.bottom),
        max(one.top, other.top),
        larger.size,
        larger.weight,
    )


def _commonest(values: Iterator[float]) -> float:
    return Counter(values).most_common(1)[0][0]
