"""Lines of a PDF → its headings, rows and paragraphs, told apart by how they are set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.loading.pdf_lines import BOLD, Line
from assistant.loading.pdf_tables import rows_of
from assistant.loading.pdf_words import Vocabulary, tidy, usual_length

_LARGER, _SMALLER = 1.12, 0.9
_NEXT_LINE = 1.8
"""Lines of one heading are no further apart than this many times their height."""
_LONGEST_HEADING = 120
_FEWEST_LETTERS = 3
_DEEPEST = 6
_NO_HEADING_ENDS = (".", ",", ";", ":", "-", "\x02", "\ufffe")
_EDGE = 2
_ON_MOST_PAGES = 0.5
_FEWEST_PAGES = 3
_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*(?:of|/)\s*\d{1,4})?", re.I)


class Block(NamedTuple):
    """A paragraph, a row or a heading; ``level`` is 0 but for headings."""

    text: str
    level: int = 0


class Style(NamedTuple):
    """How a line is set, as far as that tells a heading; capitals count as bold."""

    size: float
    strong: bool


def without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the pages without their numbers, and without what most of them repeat.

    A line that stands at the top or the foot of half of the pages is kept
    where it comes first. A page of which nothing would be left stays whole.
    """
    edges = Counter(text for page in pages for text in {line.text for line in _edge(page)})
    most = max(_FEWEST_PAGES, _ON_MOST_PAGES * len(pages))
    repeated = {text for text, count in edges.items() if count >= most}
    seen: set[str] = set()
    kept = []
    for page in pages:
        edge = {id(line) for line in _edge(page)}
        left = []
        for line in page:
            number = bool(_PAGE_NUMBER.fullmatch(line.text)) and len(pages) > 1
            again = line.text in repeated and line.text in seen
            if id(line) not in edge or not (number or again):
                left.append(line)
            seen.add(line.text)
        kept.append(left or list(page))
    return kept


def _edge(page: Sequence[Line]) -> list[Line]:
    return [*page[:_EDGE], *page[max(_EDGE, len(page) - _EDGE) :]]


def blocks_of(pages: Sequence[Sequence[Line]]) -> list[list[Block]]:
    """Return the blocks of each page, in order."""
    words = Vocabulary.of(["\n".join(line.text for line in page) for page in pages])
    levels = _levels(pages)
    return [list(_blocks(page, levels, words)) for page in pages]


def _blocks(page: Sequence[Line], levels: dict[Style, int], words: Vocabulary) -> Iterator[Block]:
    usual = usual_length([line.text for line in page])
    rows = {row.first: row for row in rows_of(page)}
    running: list[str] = []
    at = 0
    while at < len(page):
        end, block = at + 1, None
        if at in rows:
            end, block = rows[at].end, Block(rows[at].text)
        elif _heads(page[at], levels):
            end = _heading_end(page, at, levels, rows.keys())
            text = " ".join(line.text for line in page[at:end])
            block = Block(text, levels[_style(page[at])])
        if block is None:
            running.append(page[at].text)
        else:
            yield from _paragraphs(running, words, usual)
            running = []
            yield block
        at = end
    yield from _paragraphs(running, words, usual)


def _paragraphs(lines: Sequence[str], words: Vocabulary, usual: int) -> Iterator[Block]:
    if lines:
        yield Block(tidy("\n".join(lines), words, usual))


def _style(line: Line) -> Style:
    letters = sum(character.isalpha() for character in line.text)
    capitals = letters > _FEWEST_LETTERS and line.text.isupper() and " " in line.text
    return Style(round(line.size * 2) / 2, capitals or line.weight >= BOLD)


def _levels(pages: Sequence[Sequence[Line]]) -> dict[Style, int]:
    """Return the levels of the styles that stand out from that of the running text.

    A style that is met on one page only, such as that of a title page, heads
    what follows there but governs no other heading.
    """
    sizes: Counter[Style] = Counter()
    met: Counter[Style] = Counter()
    for page in pages:
        met.update({_style(line) for line in page})
        for line in page:
            sizes[_style(line)] += len(line.text)
    if not sizes:
        return {}
    body = sizes.most_common(1)[0][0]
    outstanding = sorted((style for style in met if _stands_out(style, body)), reverse=True)
    often = [style for style in outstanding if met[style] > 1]
    levels = {style: min(rank, _DEEPEST) for rank, style in enumerate(often, start=1)}
    return {style: levels.get(style, _DEEPEST) for style in outstanding}


def _stands_out(style: Style, body: Style) -> bool:
    if style.size < body.size * _SMALLER:
        return False
    return style.size >= body.size * _LARGER or (style.strong and not body.strong)


def _heads(line: Line, levels: dict[Style, int]) -> bool:
    text = line.text
    letters = sum(character.isalpha() for character in text)
    return (
        _style(line) in levels
        and letters >= _FEWEST_LETTERS
        and len(text) <= _LONGEST_HEADING
        and not text.endswith(_NO_HEADING_ENDS)
        and not text.startswith("(")
    )


def _heading_end(
    page: Sequence[Line], at: int, levels: dict[Style, int], rows: Sequence[int] | object
) -> int:
    """Return the line behind a heading, which may run over several of one style."""
    end = at + 1
    while (
        end < len(page)
        and end not in rows  # type: ignore[operator]
        and _style(page[end]) == _style(page[at])
        and _heads(page[end], levels)
        and 0 < page[end - 1].bottom - page[end].bottom <= _NEXT_LINE * page[at].size
        and sum(len(line.text) for line in page[at : end + 1]) <= _LONGEST_HEADING
    ):
        end += 1
    return end
