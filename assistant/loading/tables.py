"""Rows of cells → lines that can be read alone: each value behind the name of its column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest
from typing import NamedTuple

YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"[-+(]?[$€£¥]?\s*\d[\d.,:/\s-]*[%)]?")
_LONGEST_NAME = 80
_LONGEST_AGAIN = 200
WIDEST = 100
"""Most columns that one cell may span."""
_LOOKED_THROUGH = 10
"""A table's head is among its first rows: titles and remarks may stand above."""


class Row(NamedTuple):
    """A row of a table: its number in the file, from 1, and its cells.

    ``head`` says that it is known to name the columns.
    """

    number: int
    cells: Sequence[str]
    head: bool = False


def lines(rows: Iterable[Row], *, guess: bool = True) -> Iterator[tuple[int, str]]:
    """Yield each row's number with its text: "Year: 2009 | Dead: 5", or "2009 | 5" without a head.

    Heads of several rows are read as one. Where no row is known to be a head,
    and one may be guessed, it is taken for it where figures stand below words.
    """
    every = list(rows)
    if guess and not any(row.head for row in every):
        every = _marked(every, _guessed(every))
    names: Sequence[str] = ()
    for heads, group in groupby(every, key=_names_columns):
        together = list(group)
        if heads:
            names = _names(together)
        for row in together:
            yield row.number, _text(row.cells, () if heads else names)


def by_custom(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a table whose first row is by custom its head, with that marked.

    It is none where it holds figures, or where rows below have more cells.
    """
    first = next((place for place, row in enumerate(rows) if _filled(row)), None)
    if first is None or all(map(_NUMBER.fullmatch, _filled(rows[first]))):
        return list(rows)
    return _marked(rows, first if _could_name(rows[first], _below(rows, first)) else None)


def spread(text: str, columns: int, *, head: bool) -> list[str]:
    """Return what a cell says in the columns that it spans: a head in each, a value once."""
    return [text, *[text if head else ""] * (min(columns, WIDEST) - 1)]


def said_again(text: str) -> str:
    """Return what a merged cell says in a further row that it reaches: nothing where it is long."""
    return text if len(text) <= _LONGEST_AGAIN else ""


def _marked(rows: Sequence[Row], head: int | None) -> list[Row]:
    every = list(rows)
    if head is not None:
        every[head] = every[head]._replace(head=True)
    return every


def _names_columns(row: Row) -> bool:
    """Tell a head from a title, which is alone in its row."""
    return row.head and len(set(_filled(row))) > 1


def _names(heads: Sequence[Row]) -> list[str]:
    """Return the names of the columns; none where one is too long to be said with each row."""
    columns = zip_longest(*(row.cells for row in heads), fillvalue="")
    names = [" ".join(dict.fromkeys(filter(None, map(_on_one_line, column)))) for column in columns]
    return names if all(len(name) <= _LONGEST_NAME for name in names) else []


def _on_one_line(cell: str) -> str:
    return " ".join(cell.split())


def _filled(row: Row) -> list[str]:
    return [cell for cell in row.cells if cell.strip()]


def _text(cells: Sequence[str], names: Sequence[str]) -> str:
    """Return a row as a line; empty cells at its end, or with a name, are left out."""
    if not names:
        texts = [_on_one_line(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        return " | ".join(texts)
    named = [(name, _on_one_line(cell)) for cell, name in zip_longest(cells, names, fillvalue="")]
    return " | ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)


def _guessed(rows: Sequence[Row]) -> int | None:
    """Return which row names the columns, or None; the first that is as wide as the table decides.

    Below that one are values, and what looks like a head among them is none.
    """
    for place, row in enumerate(rows[:_LOOKED_THROUGH]):
        below = _below(rows, place)
        if below and _is_as_wide(row, below):
            return place if _could_name(row, below) and _figures_below(row, below) else None
    return None


def _below(rows: Sequence[Row], place: int) -> Sequence[Row]:
    return rows[place + 1 : place + 1 + _LOOKED_THROUGH]


def _is_as_wide(row: Row, below: Sequence[Row]) -> bool:
    width = max(len(_filled(other)) for other in below)
    return len(_filled(row)) >= max(2, width - 1)


def _could_name(row: Row, below: Sequence[Row]) -> bool:
    filled = _filled(row)
    return (
        bool(below)
        and _is_as_wide(row, below)
        and len(set(filled)) == len(filled)
        and all(len(cell) <= _LONGEST_NAME and not _is_figure(cell) for cell in filled)
    )


def _is_figure(cell: str) -> bool:
    """Tell a figure from a word; a year may name a column."""
    return bool(_NUMBER.fullmatch(cell.strip()) and not YEAR.fullmatch(cell.strip()))


def _figures_below(row: Row, below: Sequence[Row]) -> bool:
    """Tell whether columns hold mostly figures, below words or years.

    One such column will do, but of two columns both must: a word and a figure
    a row may just be a list of facts.
    """
    named = [(column, name) for column, name in enumerate(row.cells) if name.strip()]
    figures = [_mostly_figures(column, name, below) for column, name in named]
    return all(figures) if len(figures) == 2 else any(figures)


def _mostly_figures(column: int, name: str, rows: Sequence[Row]) -> bool:
    """Tell whether a column holds mostly figures; below a year, further years are none."""
    figure = _is_figure if YEAR.fullmatch(name.strip()) else _NUMBER.fullmatch
    values = [row.cells[column].strip() for row in rows if column < len(row.cells)]
    filled = [value for value in values if value]
    return 2 * sum(bool(figure(value)) for value in filled) > len(filled)
