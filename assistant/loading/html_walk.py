"""The text of a page in blocks: text runs on until a block begins or ends."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from assistant.loading import tables
from assistant.loading.extracted import Blocks
from assistant.loading.html_table import HtmlTable
from assistant.loading.html_tree import HEADINGS, TEXT, Survey, steps

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset"
    " figcaption figure footer form header hr li main nav ol p section summary table tbody td"
    " tfoot th thead tr ul".split()
)
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
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
        self._bullet = ""
        self._table = HtmlTable()
        self._in_row = False
        self._preformatted = False

    def text(self, text: str) -> None:
        self._line.append(text.replace(_BREAK, " "))

    def enter(self, node: LexborNode, tag: str) -> None:
        if tag == "br":
            self._line.append("\n" if self._preformatted else _BREAK)
        elif self._in_row:
            if tag in _BLOCKS or tag in HEADINGS or tag == "pre":
                self._line.append(" ")
        elif not self._preformatted:
            self._open_block(node, tag)

    def leave(self, node: LexborNode, tag: str) -> None:
        if self._in_row:
            self._leave_in_row(node, tag)
        elif self._preformatted:
            self._leave_preformatted(tag)
        elif tag in HEADINGS:
            self.flush(HEADINGS[tag])
        elif tag in _BLOCKS:
            self.flush()
        if tag == "li" and not self._in_row:
            self._bullet = ""
        if tag == "table":
            self.end_table()

    def flush(self, level: int = 0) -> None:
        """End the block; two breaks in a row end one too, unless it is a heading."""
        line = "".join(self._line)
        self._line = []
        for part in [line] if level else _BREAKS.split(line):
            self._put(" ".join(part.replace(_BREAK, " ").split()), level)

    def _put(self, block: str, level: int = 0) -> None:
        """Put down a block, the first of a list's item behind a bullet."""
        if level or not block.strip():
            self.blocks.add(block, level=level)
        else:
            self.blocks.add(self._bullet + block)
            self._bullet = ""

    def _open_block(self, node: LexborNode, tag: str) -> None:
        if tag in _BLOCKS or tag in HEADINGS or tag == "pre":
            self.flush()
        if tag == "li":
            self._bullet = "- "
        elif tag == "tr" and node.mem_id not in self._layout:
            self._in_row = True
        elif tag == "tr":
            self.end_table()
        elif tag in _GROUPS:
            self._table.begin_group()
        self._preformatted = tag == "pre"

    def _leave_in_row(self, node: LexborNode, tag: str) -> None:
        if tag in {"td", "th"}:
            self._table.add_cell(node, self._flat())
        elif tag == "tr":
            self._table.end_row()
            self._in_row = False
            self._line = []
        elif tag in _BLOCKS or tag in HEADINGS:
            self._line.append(" ")

    def end_table(self) -> None:
        """Put down the rows, unless one is in hand."""
        if self._in_row:
            return
        for _, line in tables.lines(self._table.rows, guess=False):
            self._put(line)
        self._table = HtmlTable()

    def _leave_preformatted(self, tag: str) -> None:
        if tag == "pre":
            self._put("".join(self._line))
            self._line = []
            self._preformatted = False

    def _flat(self) -> str:
        line = "".join(self._line).replace(_BREAK, " ")
        self._line = []
        return " ".join(line.split())
