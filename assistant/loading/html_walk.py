"""The text of a page in blocks: text runs on until a block begins or ends."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from assistant.loading import tables
from assistant.loading.extracted import Blocks
from assistant.loading.html_tree import HEADINGS, TEXT, Survey, steps

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset"
    " figcaption figure footer form header hr li main nav ol p section summary table tbody td"
    " tfoot th thead tr ul".split()
)
_BREAKS = re.compile("\x1e\\s*\x1e")
_BREAK = "\x1e"


def collect(body: LexborNode, survey: Survey, without: frozenset[int]) -> Blocks:
    """Return the blocks of a page, but for the elements left out."""
    walk = _Walk(survey.layout)
    for node, tag, entering in steps(body, without):
        if tag == TEXT:
            walk.text(node.text_content or "")
        elif entering:
            walk.enter(node, tag)
        else:
            walk.leave(node, tag)
    walk.flush()
    walk.end_table()
    return walk.blocks


class _Walk:
    """Where in the page we are: in a row, in preformatted text, or in running text."""

    def __init__(self, layout: set[int]) -> None:
        self.blocks = Blocks()
        self._layout = layout
        self._line: list[str] = []
        self._cells: list[str] | None = None
        self._rows: list[tables.Row] = []
        self._heads = 0
        self._preformatted = False

    def text(self, text: str) -> None:
        self._line.append(text.replace(_BREAK, " "))

    def enter(self, node: LexborNode, tag: str) -> None:
        if tag == "br":
            self._line.append("\n" if self._preformatted else _BREAK)
        elif self._cells is not None:
            if tag in _BLOCKS or tag in HEADINGS or tag == "pre":
                self._line.append(" ")
        elif not self._preformatted:
            self._open_block(node, tag)

    def leave(self, node: LexborNode, tag: str) -> None:
        if self._cells is not None:
            self._leave_in_row(tag)
        elif self._preformatted:
            self._leave_preformatted(tag)
        elif tag in HEADINGS:
            self.flush(HEADINGS[tag])
        elif tag in _BLOCKS:
            self.flush()
        if tag == "table":
            self.end_table()

    def flush(self, level: int = 0) -> None:
        """End the block; two breaks in a row end one too, unless it is a heading."""
        line = "".join(self._line)
        self._line = []
        for part in [line] if level else _BREAKS.split(line):
            self.blocks.add(" ".join(part.replace(_BREAK, " ").split()), level=level)

    def _open_block(self, node: LexborNode, tag: str) -> None:
        if tag in _BLOCKS or tag in HEADINGS or tag == "pre":
            self.flush()
        if tag == "li":
            self._line.append("- ")
        elif tag == "tr" and node.mem_id not in self._layout:
            self._cells = []
        elif tag == "tr":
            self.end_table()
        self._preformatted = tag == "pre"

    def _leave_in_row(self, tag: str) -> None:
        if self._cells is None:
            return
        if tag in {"td", "th"}:
            self._cells.append(self._flat())
            self._heads += tag == "th" and not self._rows
        elif tag == "tr":
            self._rows.append(tables.Row(len(self._rows) + 1, self._cells))
            self._cells = None
            self._line = []
        elif tag in _BLOCKS or tag in HEADINGS:
            self._line.append(" ")

    def end_table(self) -> None:
        """Put down the rows; a table whose first row is all of head cells has a head."""
        if self._cells is not None:
            return
        first = self._rows[0].cells if self._rows else ()
        for _, line in tables.lines(self._rows, headed=bool(first) and self._heads == len(first)):
            self.blocks.add(line)
        self._rows = []
        self._heads = 0

    def _leave_preformatted(self, tag: str) -> None:
        if tag == "pre":
            self.blocks.add("".join(self._line))
            self._line = []
            self._preformatted = False

    def _flat(self) -> str:
        line = "".join(self._line).replace(_BREAK, " ")
        self._line = []
        return " ".join(line.split())
