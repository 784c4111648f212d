"""Lines of a PDF → its headings, rows and paragraphs, told apart by how they are set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.loading.pdf_lines import BOLD, Line
from assistant.loading.pdf_tables import rows_of
from assistant.loading.pdf_words import Vocabulary, tidy, usual_length
from assistant.text import FUNCTION_WORDS, words

_LARGER, _SMALLER = 1.12, 0.9
_NEXT_LINE = 1.8
"""Lines of one heading are no further apart than this many times their height."""
_LONGEST_HEADING = 120
_FEWEST_LETTERS = 3
_DEEPEST = 6
_NO_HEADING_ENDS = (".", ",", ";", ":", "-", "\x02", "\ufffe")


class Block(NamedTuple):
    """A paragraph, a row or a heading; ``level`` is 0 but for headings."""

    text: str
    level: int = 0


class Style(NamedTuple):
    """How a line is set, as far as that tells a heading; capitals count as bold."""

    size: float
    strong: bool


def blocks_of(pages: Sequence[Sequence[Line]]) -> list[list[Block]]:
    """Return the blocks of each page, in order."""
    words = Vocabulary.of(["\n".join(line.text for line in page) for page in pages])
    levels = _levels(pages)
    return [list(_blocks(page, levels, words)) for page in pages]


def goes_on(before: Block, after: Block) -> bool:
    """Tell whether a page begins in the middle of the sentence with which the one before ends."""
    end, start = before.text.rstrip(), after.text.lstrip()
    if before.level or after.level or "|" in end.rpartition("\n")[2] or not start[:1].isalnum():
        return False
    open_word = end[-1:].isalnum() and words(end)[-1] in FUNCTION_WORDS
    return end.endswith(",") or open_word or (end[-1:].isalnum() and start[0].islower())


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
    """Return the levels of the styles that stand out from that of the running text."""
    sizes: Counter[Style] = Counter()
    for page in pages:
        for line in page:
            sizes[_style(line)] += len(line.text)
    if not sizes:
        return {}
    body = sizes.most_common(1)[0][0]
    outstanding = sorted((style for style in sizes if _stands_out(style, body)), reverse=True)
    return {style: min(rank, _DEEPEST) for rank, style in enumerate(outstanding, start=1)}


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
