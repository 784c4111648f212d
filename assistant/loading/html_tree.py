"""What the parts of a page are for: content, boilerplate, or rows of a table.

A page is walked with a stack of its own and never changed: pages can be nested
thousands deep, and a part that was cut out must not be looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from selectolax.lexbor import LexborNode

NEVER = frozenset(
    "script style noscript template svg canvas iframe object embed head title select datalist"
    " button".split()
)
TEXT = "-text"
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ALWAYS = frozenset({"nav", "footer"})
_OFTEN = frozenset({"form", "aside", "dialog"})
_ROLES = frozenset({"navigation", "contentinfo", "search"})
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MAIN = frozenset({"main", "article"})
_IN_LAYOUT = frozenset({"table", *HEADINGS})
_PARAGRAPHS = frozenset({"p", "ul", "ol", "pre", "blockquote"})


class Step(NamedTuple):
    """A node on the way through the page, as it is entered or left."""

    node: LexborNode
    tag: str
    entering: bool


def steps(top: LexborNode, without: frozenset[int] = frozenset()) -> Iterator[Step]:
    """Walk a page in order, leaving out what is never text and the given nodes."""
    stack = [Step(top, top.tag or "", True)]
    while stack:
        step = stack.pop()
        if step.entering and (step.tag in NEVER or step.node.mem_id in without):
            continue
        yield step
        if step.entering and step.tag != TEXT:
            stack.append(step._replace(entering=False))
            children = [
                Step(child, child.tag or "", True) for child in step.node.iter(include_text=True)
            ]
            stack.extend(reversed(children))


@dataclass(slots=True)
class _Open:
    """An element that is not yet left: how much text, and what, it holds."""

    tag: str
    suspect: int = 0
    size: int = 0
    holds_main: bool = False
    paragraphs: int = 0
    layout: bool = False


_SURE, _LIKELY = 2, 1


class Survey:
    """Looks once through a page, so that it can be told what to leave out."""

    def __init__(self, body: LexborNode) -> None:
        """Measure every element of a page."""
        self.layout: set[int] = set()
        self._suspects: list[tuple[int, _Open]] = []
        self._open: list[_Open] = []
        self._rows: list[_Open] = []
        self._cells: list[_Open] = []
        self._size = 0
        for node, tag, entering in steps(body):
            if tag == TEXT:
                self._open[-1].size += len((node.text_content or "").split())
            elif entering:
                self._enter(node, tag)
            else:
                self._leave(node, tag)

    def boilerplate(self) -> frozenset[int]:
        """Return the elements that hold navigation and the like, not the page's own text.

        A form or an aside that holds most of the page is the page.
        """
        return frozenset(
            identity
            for identity, element in self._suspects
            if element.suspect == _SURE or (element.size * 2 <= self._size)
        )

    def _enter(self, node: LexborNode, tag: str) -> None:
        element = _Open(tag, self._suspicion(node, tag))
        if tag in _IN_LAYOUT and self._rows:
            self._rows[-1].layout = True
        if tag in _PARAGRAPHS and self._cells:
            self._cells[-1].paragraphs += 1
        if tag == "tr":
            self._rows.append(element)
        elif tag in {"td", "th"}:
            self._cells.append(element)
        self._open.append(element)

    def _leave(self, node: LexborNode, tag: str) -> None:
        element = self._open.pop()
        if tag == "tr":
            self._rows.pop()
            if element.layout:
                self.layout.add(node.mem_id)
        elif tag in {"td", "th"}:
            self._cells.pop()
            if element.paragraphs > 1 and self._rows:
                self._rows[-1].layout = True
        if element.suspect and not element.holds_main:
            self._suspects.append((node.mem_id, element))
        if self._open:
            self._open[-1].size += element.size
            self._open[-1].holds_main |= element.holds_main or tag in _MAIN
        else:
            self._size = element.size

    def _suspicion(self, node: LexborNode, tag: str) -> int:
        attributes = node.attributes
        role = attributes.get("role")
        if "hidden" in attributes or _HIDING.search(attributes.get("style") or ""):
            return _SURE
        if tag in _ALWAYS or role in _ROLES:
            return _SURE
        on_top = tag == "header" and len(self._open) == 1
        veiled = attributes.get("aria-hidden") == "true"
        return _LIKELY if tag in _OFTEN or on_top or veiled or role == "banner" else 0
