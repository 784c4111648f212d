"""Lines of a page → rows of tables, with what stands above a column beside each of its values.

A figure says nothing without its year. Where the head of a table is certain -
each column has its own, and each value stands below one - rows read
"Net sales | 2016: 94,665 | 2017: 118,573"; elsewhere "Net sales | 94,665 | 118,573".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from assistant.loading.pdf_lines import Cell, Line
from assistant.loading.tables import YEAR

_VALUE = re.compile(
    r"[(+\-–—−]?\s*[$€£¥]?\s*[(\-–—−]?\s*\d[\d.,]*\s*\)?\s*%?\s*\)?"
    r"|[$€£¥]?\s*[-–—]+\s*%?|n/?[am]|nil",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"(.*?)\s*([(\-–—]?[$€£¥])")
_AMOUNTS = re.compile(r"(?<=[^\s($€£¥\-–—])\s+(?=[(\-–—]?[$€£¥]\s?\d)")
_CLOSING = re.compile(r"%|\)|\)\s*%|%\s*\)")
_YEARS = re.compile(rf"\b{YEAR.pattern}\b")
_NOTE = re.compile(r"\(\w{1,2}\)")
_BESIDE = 2.0
_APART = 2.0
"""A single value stands so many letters' heights behind its label."""
_HEAD_HEIGHT = 7
_ASIDE = 12.0
_LABELS_BETWEEN = 3
_LONGEST_HEAD = 48


class Row(NamedTuple):
    """A row of a table: the lines it takes, and how it reads."""

    first: int
    end: int
    text: str


class _Data(NamedTuple):
    """A line that is a label and values."""

    number: int
    label: str
    values: tuple[Cell, ...]


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """Return the rows of the tables among a page's lines, in order."""
    found = [data for number, line in enumerate(lines) if (data := _data(number, line))]
    rows: list[Row] = []
    for table in _tables(found, lines):
        rows.extend(_read(table, lines, rows[-1].end if rows else 0))
    return rows


def _data(number: int, line: Line) -> _Data | None:
    """Return a line as values behind a label, if that is what it is."""
    cells = _merged(line.cells)
    labels = list(cells)
    values: list[Cell] = []
    while labels and _VALUE.fullmatch(labels[-1].text):
        values.insert(0, labels.pop())
    label = " ".join(cell.text for cell in labels)
    # A line of running text may be stretched, and end with a figure.
    apart = len(labels) == 1 and values and values[0].left - labels[0].right > _APART * line.size
    if len(values) < (1 if apart else 2) or all(YEAR.fullmatch(value.text) for value in values):
        return None
    return _Data(number, label, tuple(values))


def _merged(cells: Sequence[Cell]) -> list[Cell]:
    """Put a sign of currency to the value after it, and what closes a value to that before it."""
    merged: list[Cell] = []
    sign: Cell | None = None
    for part in chain.from_iterable(map(_parted, cells)):
        cell = Cell(sign.text + part.text, sign.left, part.right) if sign else part
        money = _CURRENCY.fullmatch(cell.text)
        sign = Cell(money[2], cell.right if money[1] else cell.left, cell.right) if money else None
        text = money[1] if money else cell.text
        if merged and (_CLOSING.fullmatch(text) or _is_note(merged[-1], cell)):
            merged[-1] = Cell(merged[-1].text + text, merged[-1].left, cell.right)
        elif text:
            merged.append(cell._replace(text=text))
    return merged


def _parted(cell: Cell) -> Iterator[Cell]:
    """Part amounts that stand too near each other to be cells, each with its share of the width."""
    pieces = _AMOUNTS.split(cell.text)
    if len(pieces) < 2 or not all(map(_VALUE.fullmatch, pieces[1:])):
        yield cell
        return
    if len(pieces) == 2 and not _VALUE.fullmatch(pieces[0]):
        # One amount behind words may be the end of a sentence.
        yield cell
        return
    width = (cell.right - cell.left) / len(cell.text)
    at = 0
    for piece in pieces:
        start = cell.text.index(piece, at)
        at = start + len(piece)
        yield Cell(piece, cell.left + start * width, cell.left + at * width)


def _is_note(before: Cell, cell: Cell) -> bool:
    """Tell whether a cell is the sign of a footnote right behind a label."""
    return cell.left - before.right < _BESIDE and bool(_NOTE.fullmatch(cell.text))


def _tables(found: Sequence[_Data], lines: Sequence[Line]) -> Iterator[list[_Data]]:
    """Group rows that are parted by nothing but short lines at the left of their values."""
    table: list[_Data] = []
    for data in found:
        if table:
            left = min(table[-1].values[0].left, data.values[0].left)
            between = lines[table[-1].number + 1 : data.number]
            if not all(line.cells[-1].right <= left for line in between):
                yield table
                table = []
        table.append(data)
    if table:
        yield table


def _read(table: Sequence[_Data], lines: Sequence[Line], start: int) -> Iterator[Row]:
    columns = _columns(table)
    head = _head(lines, start, table[0].number, columns)
    heads = _heads(lines[head.start : head.stop], columns)
    if head:
        yield Row(head.start, head.stop, _head_reads(lines[head.start : head.stop], columns, heads))
    beside = _beside(heads)
    for data in table:
        yield Row(data.number, data.number + 1, _reads(data, columns, beside))


def _head_reads(lines: Sequence[Line], columns: Sequence[Cell], heads: Sequence[str]) -> str:
    """Return a head as one line where it is certain, else as it is set."""
    if not heads:
        rows = _by_height(lines)
        return "\n".join(" | ".join(c.text for c in sorted(row, key=_left)) for row in rows)
    corner = [c.text for line in lines for c in line.cells if not _names(c, columns)]
    return " | ".join(filter(None, [" ".join(corner), *heads]))


def _left(cell: Cell) -> float:
    return cell.left


def _columns(table: Sequence[_Data]) -> list[Cell]:
    """Return from where to where each column goes, by the rows with as many values as most have."""
    counts = Counter(len(data.values) for data in table)
    usual = max(counts, key=lambda count: (counts[count], count))
    full = [data.values for data in table if len(data.values) == usual]
    return [
        Cell("", min(v[i].left for v in full), max(v[i].right for v in full)) for i in range(usual)
    ]


def _head(lines: Sequence[Line], start: int, first: int, columns: Sequence[Cell]) -> range:
    """Return the lines above a table that stand over its columns.

    Between them and the first row there may be labels, such as "Revenue:".
    """
    left = columns[0].left
    end = first
    while end > max(start, first - _LABELS_BETWEEN) and lines[end - 1].cells[-1].right <= left:
        end -= 1
    above = end
    limit = lines[end].top + _HEAD_HEIGHT * lines[end].size
    while above > start and lines[above - 1].top <= limit and _over(lines[above - 1], left):
        above -= 1
    return range(above, end)


def _over(line: Line, left: float) -> bool:
    """Tell whether a line can be part of the head of columns that begin there."""
    over = [
        cell
        for cell in line.cells
        if (cell.left + cell.right) / 2 >= left - _ASIDE and cell.left >= left - 3 * _ASIDE
    ]
    inside = all(cell.right <= left for cell in line.cells if cell not in over)
    return bool(over) and inside and all(_can_head(cell.text) for cell in over)


def _can_head(text: str) -> bool:
    figure = _VALUE.fullmatch(text) and not YEAR.fullmatch(text)
    return len(text) <= _LONGEST_HEAD and not figure and not _AMOUNTS.search(text)


def _level(one: Line, other: Line) -> bool:
    return one.bottom < other.top and other.bottom < one.top


def _heads(lines: Sequence[Line], columns: Sequence[Cell]) -> list[str]:
    """Return what stands above each column, or nothing where that is not certain.

    It is where one row of the head has a cell for each column. Cells of other
    rows that reach over several columns belong to those that are nearest.
    """
    parts: list[list[str]] = [[] for _ in columns]
    certain = False
    for row in _by_height(lines):
        cells = [cell for cell in row if _names(cell, columns)]
        near = [_near(cell, columns) for cell in cells]
        one_each = sorted(near) == [[index] for index in range(len(columns))]
        spanning = not one_each and any(len(found) != 1 for found in near)
        for index, column in enumerate(columns):
            if spanning:
                parts[index].append(min(cells, key=lambda cell: _apart(cell, column)).text)
            else:
                parts[index] += [
                    c.text for c, found in zip(cells, near, strict=True) if index in found
                ]
        certain = certain or one_each
    heads = [" ".join(part) for part in parts]
    whole = len(set(heads)) == len(heads) and not any(head.endswith((",", ":")) for head in heads)
    return heads if certain and whole and max(map(len, heads)) <= 2 * _LONGEST_HEAD else []


def _names(cell: Cell, columns: Sequence[Cell]) -> bool:
    """Tell whether a cell is a head, not a label beside it or a remark such as "(in millions)"."""
    remark = cell.text.startswith("(") and cell.text.endswith(")")
    return cell.right >= columns[0].left - _ASIDE and not remark


def _by_height(lines: Sequence[Line]) -> list[list[Cell]]:
    """Return the cells of some lines row by row, from the top."""
    rows: list[tuple[Line, list[Cell]]] = []
    for line in sorted(lines, key=lambda line: -line.top):
        if rows and _level(rows[-1][0], line) and rows[-1][0].top - line.top < line.size / 2:
            rows[-1][1].extend(line.cells)
        else:
            rows.append((line, list(line.cells)))
    return [cells for _, cells in rows]


def _near(cell: Cell, columns: Sequence[Cell]) -> list[int]:
    """Return the columns that a cell stands above, or in."""
    return [i for i, c in enumerate(columns) if cell.left < c.right and c.left < cell.right]


def _apart(cell: Cell, column: Cell) -> float:
    return abs(cell.left + cell.right - column.left - column.right)


def _beside(heads: Sequence[str]) -> list[str]:
    """Return what is said beside values: just the years where heads differ in them."""
    years = [set(_YEARS.findall(head)) for head in heads]
    alone = [next(iter(year)) for year in years if len(year) == 1]
    return alone if len(set(alone)) == len(heads) else list(heads)


def _reads(data: _Data, columns: Sequence[Cell], heads: Sequence[str]) -> str:
    values = [cell.text for cell in data.values]
    # Figures are set flush right; what precedes them may reach far to the left.
    places = [
        min(range(len(columns)), key=lambda i: abs(columns[i].right - cell.right))
        for cell in data.values
    ]
    if heads and len(set(places)) == len(values):
        values = [f"{heads[i]}: {value}" for i, value in zip(places, values, strict=True)]
    return " | ".join(filter(None, [data.label, *values]))
