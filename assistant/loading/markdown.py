"""Markdown → the text a reader sees: marks of format removed, headings noted."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from assistant.loading import tables
from assistant.loading.extracted import Blocks, Extracted
from assistant.loading.html import read_page
from assistant.loading.plain import decode
from assistant.places import Receipt

_DEEPEST = 100
# Only these are taken for HTML: `List<String>` is text that its author forgot to escape.
_HTML = re.compile(
    r"<!--.*?-->|</?(?:a|abbr|article|aside|b|blockquote|br|center|cite|code|dd|del|details|div|dl"
    r"|dt|em|figcaption|figure|font|footer|form|h[1-6]|header|hr|i|iframe|img|ins|kbd|li|link|main"
    r"|mark|nav|ol|p|picture|pre|q|s|script|section|small|source|span|strong|style|sub|summary|sup"
    r"|svg|table|tbody|td|tfoot|th|thead|tr|u|ul|video)(?=[\s/>])[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_FIELD = re.compile(r"[\w\"'][^:\n]*:(?:\s|$)|[ \t]|-\s|#|$")
_TITLE_FIELD = re.compile(r"^title:[ \t]*(\S.*)$", re.MULTILINE | re.IGNORECASE)
_TOO_DEEP = "it is nested too deeply to be read as Markdown, and was taken as plain text"


def read_markdown(data: bytes) -> Extracted:
    """Read Markdown; its title is the one in its metadata, else its first heading."""
    text = decode(data)
    body, title = _body(text)
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST})
    tokens = parser.enable(["table", "strikethrough"]).parse(body)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        # What is nested deeper, the parser leaves out without a word.
        return Extracted(text, title, receipt=Receipt(skipped=(_TOO_DEEP,)))
    blocks = Blocks()
    _add(SyntaxTreeNode(tokens), blocks, "")
    return blocks.extracted(title)


def _add(node: SyntaxTreeNode, blocks: Blocks, bullet: str) -> None:
    """Add the blocks below a node, the first of them after a bullet."""
    for number, child in enumerate(node.children):
        before = bullet if number == 0 else ""
        if child.type == "heading":
            blocks.add(_plain(child), level=int(child.tag[1]))
        elif child.type == "table":
            _add_table(child, blocks)
        elif child.type == "list_item":
            _add(child, blocks, f"{child.info}. " if child.info else "- ")
        elif child.type in {"fence", "code_block", "html_block"}:
            blocks.add(_verbatim(child))
        elif child.type in {"paragraph", "inline"}:
            blocks.add(before + _plain(child))
        else:
            _add(child, blocks, before)


def _add_table(table: SyntaxTreeNode, blocks: Blocks) -> None:
    parts = [(part.type == "thead", row) for part in table.children for row in part.children]
    rows = [
        tables.Row(number, [_plain(cell) for cell in row.children], head)
        for number, (head, row) in enumerate(parts, start=1)
    ]
    for _, text in tables.lines(rows, guess=False):
        blocks.add(text)


def _verbatim(node: SyntaxTreeNode) -> str:
    if node.type == "html_block" and _HTML.search(node.content):
        return read_page(node.content).text
    return node.content


def _plain(node: SyntaxTreeNode) -> str:
    if node.type in {"softbreak", "hardbreak"}:
        return " " if node.type == "softbreak" else "\n"
    if node.type == "html_inline" and _HTML.fullmatch(node.content):
        return "\n" if node.content[:3].lower() == "<br" else ""
    if not node.children:
        return node.content
    return "".join(_plain(child) for child in node.children)


def _body(text: str) -> tuple[str, str]:
    """Part a text from a block of metadata at its very top; return it with the title there.

    Lines of hyphens around anything but fields are rules, and what is between them is text.
    """
    if not text.startswith("---\n"):
        return text, ""
    head, found, body = f"{text[4:]}\n".partition("\n---\n")
    fields = head.split("\n")
    if not found or ":" not in fields[0] or not all(map(_FIELD.match, fields)):
        return text, ""
    title = _TITLE_FIELD.search(head)
    return body, title[1].strip().strip("\"'") if title else ""
