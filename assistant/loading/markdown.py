"""Markdown → the text a reader sees: marks of format removed, headings noted."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from assistant.loading.extracted import Blocks, Extracted
from assistant.loading.plain import decode

_DEEPEST = 50


def read_markdown(data: bytes) -> Extracted:
    """Read Markdown; its first heading is its title."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST})
    tokens = parser.enable(["table", "strikethrough"]).parse(_body(decode(data)))
    blocks = Blocks()
    _add(SyntaxTreeNode(tokens), blocks, "")
    return blocks.extracted("")


def _add(node: SyntaxTreeNode, blocks: Blocks, bullet: str) -> None:
    """Add the blocks below a node, the first of them after a bullet."""
    for number, child in enumerate(node.children):
        before = bullet if number == 0 else ""
        if child.type == "heading":
            blocks.add(_plain(child), level=int(child.tag[1]))
        elif child.type == "tr":
            blocks.add(" | ".join(_plain(cell) for cell in child.children))
        elif child.type == "list_item":
            _add(child, blocks, f"{child.info}. " if child.info else "- ")
        elif child.type in {"fence", "code_block"}:
            blocks.add(child.content)
        elif child.type in {"paragraph", "inline"}:
            blocks.add(before + _plain(child))
        else:
            _add(child, blocks, before)


def _plain(node: SyntaxTreeNode) -> str:
    if node.type in {"softbreak", "hardbreak"}:
        return " " if node.type == "softbreak" else "\n"
    if not node.children:
        return node.content
    return "".join(_plain(child) for child in node.children)


def _body(text: str) -> str:
    """Leave out a block of metadata between two lines of hyphens at the very top."""
    if not text.startswith("---\n"):
        return text
    head, found, body = text[4:].partition("\n---\n")
    return body if found and ":" in head else text
