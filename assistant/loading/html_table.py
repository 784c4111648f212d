"""The rows of a table of HTML, each cell in the columns and the rows that it spans."""

from __future__ import annotations

from typing import NamedTuple

from selectolax.lexbor import LexborNode

from assistant.loading import tables

_LOWEST = 65_534
"""Most rows that a cell may reach, as browsers have it."""


class _Cell(NamedTuple):
    text: str
    head: bool
    columns: int
    rows: int


class _Reaching(NamedTuple):
    """What a cell above says in a column, and in how many further rows."""

    text: str
    rows: int


class HtmlTable:
    """Collects the cells of a table, row by row."""

    def __init__(self) -> None:
        """Start empty."""
        self.rows: list[tables.Row] = []
        self._cells: list[_Cell] = []
        self._above: dict[int, _Reaching] = {}

    def begin_group(self) -> None:
        """Begin a group of rows, which no cell from above reaches into."""
        self._above = {}

    def add_cell(self, node: LexborNode, text: str) -> None:
        """Add a cell to the row in hand."""
        columns = _count(node, "colspan", tables.WIDEST) or 1
        rows = _count(node, "rowspan", _LOWEST)
        self._cells.append(_Cell(text, node.tag == "th", columns, rows or _LOWEST))

    def end_row(self) -> None:
        """End the row in hand; it is a head where nothing but head cells have a text."""
        own = [cell for cell in self._cells if cell.text]
        head = bool(own) and all(cell.head for cell in own)
        texts = {column: cell.text for column, cell in self._above.items()}
        self._above = {
            column: cell._replace(rows=cell.rows - 1)
            for column, cell in self._above.items()
            if cell.rows > 1
        }
        column = 0
        for cell in self._cells:
            while column in texts:
                column += 1
            for text in tables.spread(cell.text, cell.columns, head=head and len(own) > 1):
                self._put(texts, column, cell._replace(text=text))
                column += 1
        self._cells = []
        if own:
            cells = [texts.get(column, "") for column in range(max(texts) + 1)]
            self.rows.append(tables.Row(len(self.rows) + 1, cells, head))

    def _put(self, texts: dict[int, str], column: int, cell: _Cell) -> None:
        texts[column] = cell.text
        # What reaches down is looked at in each row, so that there must not be much of it.
        if cell.rows > 1 and column < tables.WIDEST:
            self._above[column] = _Reaching(tables.said_again(cell.text), cell.rows - 1)


def _count(node: LexborNode, name: str, most: int) -> int:
    """Return how many columns or rows an attribute says; 1 where that is no number."""
    said = node.attributes.get(name) or ""
    number = said.strip()[:9]
    return min(int(number), most) if number.isascii() and number.isdigit() else 1
