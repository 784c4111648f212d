"""What the pages of a PDF repeat, and their numbers: kept where it comes first, else left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.loading.pdf_lines import Line

_EDGE = 2
"""Lines at the top of a page, and at its foot, that may be furniture."""
_SHARE = 0.5
_FEWEST = 3
"""What stands on half of the pages, and on this many, is furniture."""
_NUMBER = re.compile(r"(?:page\s*)?[-–—]?\s*(\d{1,4})\s*[-–—]?(?:\s*(?:of|/)\s*\d{1,4})?", re.I)


def without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the pages without their numbers, and without what most of them repeat.

    A page of which nothing would be left stays whole.
    """
    repeated = _repeated(pages)
    first = _first_number(pages)
    seen: set[str] = set()
    kept = []
    for index, page in enumerate(pages):
        edge = {id(line) for line in _edge(page)}
        again = seen & repeated
        own = None if first is None else first + index
        left = [
            line for line in page if id(line) not in edge or not _is_furniture(line, again, own)
        ]
        seen.update(line.text for line in _edge(page))
        kept.append(left or list(page))
    return kept


def _is_furniture(line: Line, again: set[str], own: int | None) -> bool:
    return line.text in again or (own is not None and _number(line) == own)


def _edge(page: Sequence[Line]) -> list[Line]:
    return [*page[:_EDGE], *page[max(_EDGE, len(page) - _EDGE) :]]


def _repeated(pages: Sequence[Sequence[Line]]) -> set[str]:
    texts = Counter(text for page in pages for text in {line.text for line in _edge(page)})
    return {text for text, count in texts.items() if count >= max(_FEWEST, _SHARE * len(pages))}


def _first_number(pages: Sequence[Sequence[Line]]) -> int | None:
    """Return the number that the first page has, or would have: the others count on from it."""
    starts: Counter[int] = Counter()
    for index, page in enumerate(pages):
        numbers = {_number(line) for line in _edge(page)}
        starts.update(number - index for number in numbers if number is not None)
    if not starts:
        return None
    start, count = starts.most_common(1)[0]
    return start if count >= max(_FEWEST, _SHARE * len(pages)) else None


def _number(line: Line) -> int | None:
    found = _NUMBER.fullmatch(line.text)
    return int(found[1]) if found else None
