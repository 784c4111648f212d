"""Rows of cells → lines that can be read alone: each value behind the name of its column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

_NUMBER = re.compile(r"[-+(]?[$€£¥]?\s*\d[\d.,:/\s-]*[%)]?")
_LONGEST_NAME = 80
_LOOKED_THROUGH = 10
"""A table's head is among its first rows: titles and remarks may stand above."""


class Row(NamedTuple):
    """A row of a table: its number in the file, from 1, and its cells."""

    number: int
    cells: Sequence[str]


def lines(rows: Iterable[Row], *, headed: bool | None = None) -> Iterator[tuple[int, str]]:
    """Yield each row's number with its text: "Year: 2009 | Dead: 5", or "2009 | 5" without a head.

    ``headed`` says whether the table has a head; where that is not known, one
    is taken for it where figures stand below words.
    """
    every = list(rows)
    head = None if headed is False else _head(every, certain=bool(headed))
    for place, row in enumerate(every):
        names = every[head].cells if head is not None and place > head else ()
        yield row.number, _text(row.cells, names)


def _text(cells: Sequence[str], names: Sequence[str]) -> str:
    """Return a row as a line; empty cells at its end, or with a name, are left out."""
    if not names:
        texts = [" ".join(cell.split()) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        return " | ".join(texts)
    named = zip_longest(cells, names, fillvalue="")
    pairs = [(" ".join(name.split()), " ".join(cell.split())) for cell, name in named]
    return " | ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)


def _head(rows: Sequence[Row], *, certain: bool) -> int | None:
    """Return which row names the columns, or None."""
    for place, row in enumerate(rows[:_LOOKED_THROUGH]):
        below = rows[place + 1 : place + 1 + _LOOKED_THROUGH]
        if not below or not _could_name(row.cells, below):
            continue
        return place if certain or _figures_below(row.cells, below) else None
    return None


def _could_name(cells: Sequence[str], below: Sequence[Row]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    width = max(sum(bool(cell.strip()) for cell in row.cells) for row in below)
    return (
        len(filled) >= max(2, width - 1)
        and len(set(filled)) == len(filled)
        and all(len(cell) <= _LONGEST_NAME and not _NUMBER.fullmatch(cell) for cell in filled)
    )


def _figures_below(cells: Sequence[str], below: Sequence[Row]) -> bool:
    """Tell whether columns hold mostly figures, below words.

    One such column will do, but of two columns both must: a word and a figure
    a row may just be a list of facts.
    """
    figures = [_mostly_figures(column, below) for column, name in enumerate(cells) if name.strip()]
    return all(figures) if len(figures) == 2 else any(figures)


def _mostly_figures(column: int, rows: Sequence[Row]) -> bool:
    values = [row.cells[column].strip() for row in rows if column < len(row.cells)]
    filled = [value for value in values if value]
    return 2 * sum(bool(_NUMBER.fullmatch(value)) for value in filled) > len(filled)
