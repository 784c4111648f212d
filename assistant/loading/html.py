"""HTML → the text of the page: without scripts, navigation and boilerplate, headings noted."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.loading.extracted import Blocks, Extracted
from assistant.loading.plain import decode

_NEVER = "script, style, noscript, template, svg, canvas, iframe, object, embed, head"
_BOILERPLATE = (
    "nav, footer, aside, form, button, select, dialog, [hidden], [aria-hidden=true],"
    " [role=navigation], [role=banner], [role=contentinfo], [role=search], body > header"
)
_BLOCKS = frozenset(
    "address article blockquote body caption center dd details div dl dt fieldset figcaption figure"
    " footer header hr li main ol p pre section summary table tbody tfoot thead ul".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DEEPEST = 400


def read_html(data: bytes) -> Extracted:
    """Read a page; its title is the ``<title>``, else the first heading."""
    tree = LexborHTMLParser(decode(data))
    title = _title(tree)
    for node in tree.css(_NEVER):
        node.decompose()
    whole = _collect(tree.body, title)
    for node in tree.css(_BOILERPLATE):
        node.decompose()
    main = _collect(tree.body, title)
    # A page that is all boilerplate by its tags is kept as it is rather than lost.
    return main if main.text else whole


def _title(tree: LexborHTMLParser) -> str:
    for node in tree.css("title"):
        if node.text().strip():
            return node.text()
    for node in tree.css("meta[property='og:title']"):
        return node.attributes.get("content") or ""
    return ""


def _collect(body: LexborNode | None, title: str) -> Extracted:
    collector = _Collector()
    if body is not None:
        collector.walk(body, 0)
        collector.flush()
    return collector.blocks.extracted(title)


class _Collector:
    """Walks the tree in order; text runs on until a block begins or ends."""

    def __init__(self) -> None:
        self.blocks = Blocks()
        self._line: list[str] = []

    def flush(self, level: int = 0) -> None:
        self.blocks.add(" ".join("".join(self._line).split()), level=level)
        self._line = []

    def walk(self, node: LexborNode, depth: int) -> None:
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if tag == "-text":
                self._line.append(child.text_content or "")
            elif tag == "br":
                self._line.append(" ")
            elif tag == "pre":
                self.flush()
                self.blocks.add(child.text())
            elif tag in _HEADINGS:
                self.flush()
                self._line.append(child.text(separator=" "))
                self.flush(_HEADINGS[tag])
            elif tag == "tr":
                self.flush()
                cells = (" ".join(cell.text(separator=" ").split()) for cell in child.css("td, th"))
                self.blocks.add(" | ".join(cells))
            elif depth > _DEEPEST:
                self._line.append(child.text(separator=" "))
            else:
                self._enter(child, tag, depth)

    def _enter(self, child: LexborNode, tag: str, depth: int) -> None:
        block = tag in _BLOCKS
        if block:
            self.flush()
        if tag == "li":
            self._line.append("- ")
        self.walk(child, depth + 1)
        if block:
            self.flush()
