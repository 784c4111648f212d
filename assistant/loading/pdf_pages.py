"""A PDF's page → its picture, and where on it stretches of its text stand.

The text of a page was put in order when it was read: running heads left out,
cut words joined, rows of tables rewritten. So its words are aligned with those
that PDFium finds on the page, in both orders, and what is common to both has
a place.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from assistant.errors import CorruptDocument, LoadError
from assistant.loading.pdf import opened
from assistant.types import Span

LONGEST_SIDE = 1600
"""Pixels of a picture's longer side, at most."""
_LARGEST_SCALE = 4.0
"""Pixels of a point, at most: a page as small as a stamp stays small."""
_MOST_WORDS = 20_000
"""On a page with more words than this, nothing is marked."""
_BREAKS = "\r\n\x02\ufffe"
"""What ends a line in what PDFium reads; the last two stand for a hyphen."""
_WORD = re.compile(r"[^\W_]+(?:[-\u2010\u00ad\x02\ufffe]\s*[^\W_]+)*")
_JOINT = re.compile(r"[\W_]+")


class Box(NamedTuple):
    """A rectangle on a picture, as shares of its width and height from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a PNG, and for each stretch that was asked about the boxes of its lines."""

    png: bytes
    width: int
    height: int
    boxes: tuple[tuple[Box, ...], ...]


def draw(data: bytes, number: int, text: str, spans: Sequence[Span]) -> Picture:
    """Draw a page, counted from 1, and find stretches of its text on it.

    ``text`` is the page's as it was extracted, ``spans`` are stretches of that.
    Raises :class:`LoadError` where there is no such page, or it can't be drawn.
    """
    import pypdfium2

    with opened(data) as pdf:
        if not 1 <= number <= len(pdf):
            raise LoadError(f"it has no page {number}; it has {len(pdf)}.")
        pdf.init_forms()
        try:
            page = pdf[number - 1]
            bitmap = page.render(scale=_scale(*page.get_size()))
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise CorruptDocument(f"its page {number} is damaged and can't be drawn.") from error
        to_picture = bitmap.get_posconv(page).to_bitmap
        size = bitmap.width, bitmap.height
        lines = [list(_lines(textpage, words)) for words in _found(textpage, text, spans)]
        boxes = tuple(tuple(_box(line, to_picture, size) for line in found) for found in lines)
        png = io.BytesIO()
        bitmap.to_pil().save(png, "PNG")
        textpage.close()
        page.close()
    return Picture(png.getvalue(), *size, boxes)


def to_bytes(picture: Picture) -> bytes:
    """Return a picture for another process: a line of JSON, then the PNG."""
    facts = {"width": picture.width, "height": picture.height, "boxes": picture.boxes}
    return json.dumps(facts).encode() + b"\n" + picture.png


def from_bytes(data: bytes) -> Picture:
    """Return a picture from another process; nothing in it is trusted to be more than values."""
    head, _, png = data.partition(b"\n")
    facts = json.loads(head)
    boxes = tuple(tuple(Box(*map(float, box)) for box in found) for found in facts["boxes"])
    return Picture(png, int(facts["width"]), int(facts["height"]), boxes)


def _scale(width: float, height: float) -> float:
    return min(LONGEST_SIDE / max(width, height, 1.0), _LARGEST_SCALE)


def _found(textpage: Any, text: str, spans: Sequence[Span]) -> list[list[Span]]:
    """Return for each stretch the words of it that stand on the page, as spans of PDFium's text."""
    from rapidfuzz.distance import LCSseq

    said, shown = _words(text), _words(_characters(textpage))
    if not spans or max(len(said), len(shown)) > _MOST_WORDS:
        return [[] for _ in spans]
    places: dict[int, Span] = {}
    for step in LCSseq.opcodes([word for word, _ in said], [word for word, _ in shown]):
        if step.tag == "equal":
            for one, other in zip(
                range(step.src_start, step.src_end),
                range(step.dest_start, step.dest_end),
                strict=True,
            ):
                places[one] = shown[other][1]
    return [
        [
            places[index]
            for index, (_, (low, high)) in enumerate(said)
            if index in places and low < end and start < high
        ]
        for start, end in spans
    ]


def _words(text: str) -> list[tuple[str, Span]]:
    """Return the words of a text, hyphens and case aside, and where each stands."""
    return [
        (_JOINT.sub("", match.group()).casefold(), Span(*match.span()))
        for match in _WORD.finditer(text)
    ]


def _characters(textpage: Any) -> str:
    """Return the characters of a page, one for each of PDFium's, whatever these are."""
    import pypdfium2.raw as pdfium

    count = textpage.count_chars()
    return "".join(chr(pdfium.FPDFText_GetUnicode(textpage, index)) for index in range(count))


def _lines(textpage: Any, words: Sequence[Span]) -> Iterator[Box]:
    """Yield the boxes of words, those of one line as one, in points from the page's foot."""
    text = _characters(textpage) if words else ""
    line: list[Box] = []
    before = 0
    for start, end in words:
        if line and any(character in _BREAKS for character in text[before:start]):
            yield _around(line)
            line = []
        for index in range(start, end):
            if text[index] not in _BREAKS:
                line.append(Box(*textpage.get_charbox(index, loose=True)))
            elif line:
                yield _around(line)
                line = []
        before = end
    if line:
        yield _around(line)


def _around(boxes: Sequence[Box]) -> Box:
    left, low, right, high = zip(*boxes, strict=True)
    return Box(min(left), min(low), max(right), max(high))


def _box(line: Box, to_picture: Any, size: tuple[int, int]) -> Box:
    """Return a box on the picture, whichever way the page is turned."""
    corners = [to_picture(line.left, line.top), to_picture(line.right, line.bottom)]
    across = sorted(min(max(x / size[0], 0.0), 1.0) for x, _ in corners)
    down = sorted(min(max(y / size[1], 0.0), 1.0) for _, y in corners)
    return Box(across[0], down[0], across[1], down[1])
