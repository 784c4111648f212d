"""HTML → the text of the page: without scripts, navigation and boilerplate, headings noted."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from assistant.errors import CorruptDocument
from assistant.loading.extracted import Extracted
from assistant.loading.html_tree import Survey
from assistant.loading.html_walk import collect
from assistant.loading.plain import decode

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_DECLARED_WITHIN = 4096
_CONTAINER = re.compile(
    r"<(/?)(?:div|section|article|ul|ol|dl|table|blockquote|fieldset|details|center|main)[\s/>]",
    re.IGNORECASE,
)
_DEEPEST = 10_000
_DRAWINGS = frozenset({"svg", "g", "symbol", "defs"})


def read_html(data: bytes) -> Extracted:
    """Read a page; its title is the ``<title>``, else the first main heading."""
    declared = _CHARSET.search(data, 0, _DECLARED_WITHIN)
    text = decode(data, declared[1].decode("ascii", "replace") if declared else "")
    return read_page(text)


def read_page(text: str) -> Extracted:
    """Read a page, or a piece of one, that is decoded already."""
    _check_depth(text)
    tree = LexborHTMLParser(text)
    title = _title(tree)
    if tree.body is None:
        return Extracted("", title)
    survey = Survey(tree.body)
    main = collect(tree.body, survey, survey.boilerplate()).extracted(title)
    if main.text:
        return main
    # A page that is all boilerplate by its tags is kept as it is rather than lost.
    return collect(tree.body, survey, frozenset()).extracted(title)


def _check_depth(text: str) -> None:
    """Refuse what the parser would spend minutes on: its time grows with depth squared."""
    depth = 0
    for tag in _CONTAINER.finditer(text):
        depth = max(0, depth - 1 if tag[1] else depth + 1)
        if depth > _DEEPEST:
            raise CorruptDocument(
                f"its elements are nested more than {_DEEPEST:,} deep, which no real page is. "
                "Save its text as .txt."
            )


def _title(tree: LexborHTMLParser) -> str:
    for node in tree.css("title"):
        drawn = node.parent is not None and node.parent.tag in _DRAWINGS
        if not drawn and node.text().strip():
            return node.text()
    for node in tree.css("meta[property='og:title']"):
        return node.attributes.get("content") or ""
    return ""
