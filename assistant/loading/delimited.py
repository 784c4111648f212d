"""CSV and TSV → a line a row, each value behind the name of its column."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

from assistant.loading import tables
from assistant.loading.extracted import Blocks, Extracted
from assistant.loading.plain import decode
from assistant.places import Receipt, Unit

_SAMPLE = 20_000
_DELIMITERS = ",;\t|"


def read_delimited(data: bytes) -> Extracted:
    """Read values with commas, or what else a file parts them with, between them."""
    text = decode(data)
    return _read(text, _dialect(text[:_SAMPLE]))


def read_tabbed(data: bytes) -> Extracted:
    """Read values with tabs between them; commas are part of them."""
    return _read(decode(data), csv.excel_tab)


def _read(text: str, dialect: type[csv.Dialect]) -> Extracted:
    """Read a table of values; its rows have the numbers that a spreadsheet shows."""
    csv.field_size_limit(max(len(text), 1))
    reader = csv.reader(io.StringIO(text, newline=""), dialect)
    rows = [tables.Row(number, cells) for number, cells in enumerate(reader, start=1)]
    blocks = Blocks()
    blocks.add_numbered(tables.lines(tables.by_custom(rows)), Unit.ROW)
    return blocks.extracted("", Receipt(Unit.ROW, len(rows)))


def _dialect(sample: str) -> type[csv.Dialect]:
    # A cut line would mislead the sniffer.
    lines = sample.rpartition("\n")[0] or sample
    with suppress(csv.Error):
        return csv.Sniffer().sniff(lines, _DELIMITERS)
    return csv.excel_tab if "\t" in lines and "," not in lines else csv.excel
