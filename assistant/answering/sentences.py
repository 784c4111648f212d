"""A model's text as it streams → finished sentences, each with the passages it is marked with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain as chained
from typing import NamedTuple

from assistant.text import sentence_spans

_NUMBERS = r"\^?\d+(?:\s*(?:[,;–-]|and)\s*\^?\d+)*"
_LABEL = r"(?:(?i:passages?|sources?|documents?|docs?|refs?)\.?:?\s*#?)?"
_MARK = re.compile(
    rf"\s*[\[【]\s*{_LABEL}{_NUMBERS}(?:†[^\]】\n]*)?\s*[\]】]"
    # In round brackets a number is a mark only where a sentence may end behind it.
    rf"|\s*\(\s*{_LABEL}\d{{1,2}}(?:\s*[,;]\s*\d{{1,2}})*\s*\)(?=\s*(?:[.!?](?:\s|$)|\n|$|\())"
)
_OPEN_MARK = re.compile(r"\s*[\[【(][\w\s,;:^#†–-]{0,24}$")
_ITEM = re.compile(r"(?:^|(?<=\n))\s*(?:[-*•]|\d{1,2}[.)])\s+(?=\S)")
_NEXT_SENTENCE = 12
"""Characters of the next sentence that must be there before one counts as finished."""


class _Sentence(NamedTuple):
    """The first sentence of a text; what stands before and after it, and where the next begins."""

    before: str
    text: str
    marks: list[int]
    after: str
    next: int


def sentences(pieces: Iterable[str]) -> Iterator[tuple[str, str, list[int]]]:
    """Yield each finished sentence with what stands before it and the numbers it is marked with."""
    raw, separator, look_at = "", "\n", 0
    for character in chained.from_iterable(pieces):
        raw += character
        # Counted in characters: how the stream is cut into pieces makes no difference. A long
        # text without a sentence's end is looked at ever more seldom.
        if not character.isspace() or len(raw) < look_at:
            continue
        while found := _first(_OPEN_MARK.sub("", raw), separator, finished=True):
            yield separator + found.before, found.text, found.marks
            raw, separator = raw[found.next :], found.after
        look_at = len(raw) * 17 // 16
    while found := _first(raw, separator):
        yield separator + found.before, found.text, found.marks
        raw, separator = raw[found.next :], found.after


def _first(raw: str, separator: str, *, finished: bool = False) -> _Sentence | None:
    """Take the first sentence of a text, if there is one, and if it must be: a finished one."""
    plain, marks = _without_marks(raw)
    # The bullet or number of a list's item is no part of what it says, and the next one ends it.
    item = _ITEM.match(plain) if "\n" in separator else None
    skipped = item.end() if item else 0
    following_item = _ITEM.search(plain, skipped + 1)
    limit = following_item.start() if following_item else len(plain)
    spans = [(a + skipped, b + skipped) for a, b in sentence_spans(plain[skipped:limit])]
    if not spans or (finished and len(plain.rstrip()) - spans[0][1] <= _NEXT_SENTENCE):
        return None
    start, end = spans[0]
    until = spans[1][0] if len(spans) > 1 else limit
    own = [mark for mark in marks if mark[0] <= until]
    following = own[-1][1] + until - own[-1][0] if own else until
    numbers = [number for mark in own for number in mark[2]]
    return _Sentence(plain[:start], plain[start:end], numbers, plain[end:until], following)


def _without_marks(raw: str) -> tuple[str, list[tuple[int, int, list[int]]]]:
    """Take the marks out of a text; say where in the rest each stood, and where it ended before."""
    plain, marks, end = "", [], 0
    for match in _MARK.finditer(raw):
        plain += raw[end : match.start()]
        # More digits than any number of passages has point nowhere.
        numbers = [int(n[:9]) for n in re.findall(r"\d+", match.group())]
        marks.append((len(plain), match.end(), numbers))
        end = match.end()
    return plain + raw[end:], marks
