"""Written text → its claims: sentences, list items and table cells, each in its place.

A cell says something only together with its row's first cell and its column's
head, which are claims no more than a heading is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.text import FUNCTION_WORDS, sentence_spans, words
from assistant.types import Span

_LINE = re.compile(r"[^\n]+\n?|\n")
_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^[\s|:-]+$")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s|^\s*(?:=+|-+|\*+|`{3}.*)\s*$")
_ITEM = re.compile(r"^\s*(?:>\s*)*(?:[-*•+]|\d{1,3}[.)])\s+|^\s*(?:>\s*)+")
_MARK = re.compile(r"\s*\[\^?\d+(?:\s*[,;–-]\s*\^?\d+)*\]")
_CELL = re.compile(r"(?:\\\||[^|\n])+")


class Statement(NamedTuple):
    """A claim: where it stands, and what is to be checked: its context included, marks left out."""

    span: Span
    checked: str


def statements(text: str) -> list[Statement]:
    """Return the claims of a text in order; what holds no word that says something is none."""
    found: list[Statement] = []
    for block in _blocks(text):
        first, _, _ = text[block.start : block.end].partition("\n")
        table = _ROW.match(first) is not None
        found.extend(_cells(text, block) if table else _sentences(text, block))
    return found


def _blocks(text: str) -> Iterator[Span]:
    """Yield tables, list items and the prose between them; headings end what is before them."""
    start, kind = 0, ""
    for line in _LINE.finditer(text):
        now = _kind(line.group())
        if start < line.start() and (now != kind or now in {"heading", "item"}):
            # The lines that follow an item's first one belong to it.
            if not (kind == "item" and now == "prose"):
                if kind != "heading":
                    yield Span(start, line.start())
                start, kind = line.start(), now
        elif start == line.start():
            kind = now
    if start < len(text) and kind != "heading":
        yield Span(start, len(text))


def _kind(line: str) -> str:
    if _ROW.match(line):
        return "table"
    if _HEADING.match(line):
        return "heading"
    return "item" if _ITEM.match(line) else "prose"


def _sentences(text: str, block: Span) -> Iterator[Statement]:
    bullet = _ITEM.match(text[block.start : block.end])
    offset = block.start + (bullet.end() if bullet else 0)
    for start, end in sentence_spans(text[offset : block.end]):
        sentence = text[offset + start : offset + end]
        if _says_something(_MARK.sub("", sentence)):
            yield Statement(Span(offset + start, offset + end), _MARK.sub("", sentence))


def _cells(text: str, block: Span) -> Iterator[Statement]:
    heads: list[str] = []
    for match in _LINE.finditer(text, block.start, block.end):
        line = match.group()
        low, high = text.find("|", match.start()) + 1, text.rfind("|", 0, match.end())
        cells = [Span(*cell.span()) for cell in _CELL.finditer(text, low, high)]
        inside = [_stripped(text, cell) for cell in cells]
        contents = [text[start:end] for start, end in inside]
        if not heads:
            heads = contents
        elif not _RULE.match(line):
            for column, span in enumerate(inside[1:], start=1):
                head = heads[column] if column < len(heads) else ""
                if _says_something(contents[column]):
                    said = f"{contents[0]}, {head}: {contents[column]}"
                    yield Statement(span, _MARK.sub("", said))


def _stripped(text: str, span: Span) -> Span:
    content = text[span.start : span.end]
    start = span.start + len(content) - len(content.lstrip())
    return Span(start, start + len(content.strip()))


def _says_something(text: str) -> bool:
    return any(word not in FUNCTION_WORDS for word in words(text))
