"""A stretch of a document as HTML: its paragraphs, its headings, and where to cut it."""

from __future__ import annotations

import re

from assistant.places import Unit
from assistant.text import sentence_spans
from assistant.types import Document, Span
from assistant.web.inert import inert

REACH = 600
"""Characters shown before and after the evidence, about."""
_SLACK = 300
_WORD_EDGE = re.compile(r"\s")
# A line break inside a paragraph is the width of somebody's page; one before a list item is not.
_WRAPPED = re.compile(r"(?<=[^\n])[^\S\n]*\n[^\S\n]*(?![\s\-*•–|>#]|\d{1,2}[.)]\s)")
_GAP = re.compile(r"\n\s*\n")


def surroundings(text: str, start: int, end: int, reach: int = REACH) -> Span:
    """Return the span around the evidence, cut where sentences begin and end, else at words."""
    return Span(_cut_before(text, start, reach), _cut_after(text, end, reach))


def _cut_before(text: str, start: int, reach: int) -> int:
    low = max(0, start - reach)
    if low == 0:
        return 0
    begins = [low + span.start for span in sentence_spans(text[low:start])][1:]
    if begins and begins[0] - low <= _SLACK:
        return begins[0]
    edge = _WORD_EDGE.search(text, low, start)
    return edge.end() if edge else low


def _cut_after(text: str, end: int, reach: int) -> int:
    high = min(len(text), end + reach)
    if high == len(text):
        return high
    ends = [end + span.end for span in sentence_spans(text[end:high])][:-1]
    if ends and high - ends[-1] <= _SLACK:
        return ends[-1]
    edges = [match.start() for match in _WORD_EDGE.finditer(text, max(end, high - 80), high)]
    return edges[-1] if edges else high


def dressed(document: Document, low: int, high: int) -> str:
    """Return a stretch of a document as HTML, with its headings set off."""
    if any(place.unit is Unit.LINE for place in document.places[:1]):
        # Source code, logs and the like are made of lines.
        return inert(document.text[low:high])
    pieces, at = [], low
    for heading in document.headings:
        start, end = heading.start, heading.start + len(heading.text)
        if at <= start and end <= high and document.text[start:end] == heading.text:
            pieces.append(f"{flow(document.text[at:start])}<b>{inert(heading.text)}</b>")
            at = end
    return "".join(pieces) + flow(document.text[at:high])


def flow(text: str) -> str:
    """Return a text as HTML, its paragraphs kept and the line breaks within them let go."""
    return inert(_WRAPPED.sub(" ", _GAP.sub("\n\n", text)))
