"""Spreadsheets → a line a row, each value behind the name of its column, sheet by sheet."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from assistant.loading import tables
from assistant.loading.extracted import Blocks, Extracted
from assistant.places import Receipt, Unit

_NO_VALUE = re.compile(
    rb"""<c\b(?![^<>]*\st=["']str["'])[^<>]*>\s*"""
    rb"""<f\b(?:[^<>]*/>|[^<>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"""
)
"""A formula without a value; that of type str has one, the empty text."""
_PERCENT = re.compile(r"0(?:\.(0+))?%")


def read_sheets(data: bytes) -> Extracted:
    """Read the values of a workbook, formulas as last computed; charts have no text."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    blocks = Blocks()
    blank = []
    for number, sheet in enumerate(book.worksheets, start=1):
        # What a file says of its own size may be wrong.
        sheet.reset_dimensions()
        before = blocks.length
        for rows in _tables(sheet.iter_rows()):
            if blocks.length == before:
                blocks.add(sheet.title, level=1)
            _add_table(blocks, rows, sheet.title)
        if blocks.length == before:
            blank.append(number)
    skipped = [f"“{chart.title}” is a chart and holds no text" for chart in book.chartsheets]
    uncomputed = _uncomputed(data)
    if uncomputed:
        skipped.append(
            f"{uncomputed:,} formulas have no stored value: save the file in its own program"
        )
    receipt = Receipt(Unit.SHEET, len(book.worksheets), blank=tuple(blank), skipped=tuple(skipped))
    title = book.properties.title or ""
    return replace(blocks.extracted(title, receipt), title=title)


def _uncomputed(data: bytes) -> int:
    """Count the formulas that no program has computed yet."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return sum(len(_NO_VALUE.findall(archive.read(name))) for name in sheets)


def _tables(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tables.Row]]:
    """Yield the rows that follow on each other without an empty one between."""
    numbered = (
        tables.Row(number, [_shown(cell) for cell in cells])
        for number, cells in enumerate(rows, start=1)
    )
    for filled, group in groupby(numbered, key=lambda row: any(row.cells)):
        if filled:
            yield list(group)


def _add_table(blocks: Blocks, rows: list[tables.Row], sheet: str) -> None:
    from openpyxl.utils import get_column_letter

    used = [column for row in rows for column, cell in enumerate(row.cells, start=1) if cell]
    first = min(used)
    columns = f"{get_column_letter(first)}:{get_column_letter(max(used))}"
    trimmed = [tables.Row(row.number, row.cells[first - 1 :]) for row in rows]
    blocks.add_numbered(tables.lines(trimmed), Unit.SHEET, sheet, columns)


def _shown(cell: Any) -> str:
    """Return a cell's value as a reader of the sheet knows it, in ISO 8601 where it is a date."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        whole_day = value.time() == time()
        return value.date().isoformat() if whole_day else value.isoformat(" ", "minutes")
    if isinstance(value, date | time | timedelta):
        return str(value)
    percent = _PERCENT.fullmatch(str(getattr(cell, "number_format", "") or ""))
    if percent and isinstance(value, int | float):
        return f"{value:.{len(percent[1] or '')}%}"
    return f"{value:.15g}" if isinstance(value, float) else str(value)
