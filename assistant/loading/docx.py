"""Word documents → paragraphs and tables in order, headings noted."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from assistant.loading import tables
from assistant.loading.extracted import Blocks, Extracted
from assistant.loading.safe_xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordFile
    from lxml.etree import _Element as Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", f"{_W}rPr", f"{_W}pPr"})
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_REFERENCES = (f"{_W}footnoteReference", f"{_W}endnoteReference")
_MOST_STYLES = 10
_HEADING = re.compile(r"^heading (\d)$", re.IGNORECASE)


def read_docx(data: bytes) -> Extracted:
    """Read a Word document; its title is the one in its properties, else the first heading."""
    import docx

    document = docx.Document(io.BytesIO(data))
    _put_notes_in(document)
    blocks = Blocks()
    for block in _blocks(document.element.body):
        if block.tag == f"{_W}tbl":
            for row in _rows(block):
                blocks.add(row)
        else:
            _add_paragraph(block, blocks, document)
        _add_boxes(block, blocks)
    return blocks.extracted(document.core_properties.title or "")


def _put_notes_in(document: WordFile) -> None:
    """Move each footnote and endnote, which are kept apart, to where it is first referred to."""
    notes = {}
    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")) and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                notes[f"{note.tag}Reference", note.get(f"{_W}id")] = note
    for reference in list(document.element.body.iter(*_REFERENCES)):
        note = notes.pop((reference.tag, reference.get(f"{_W}id")), None)
        if note is not None:
            reference.append(note)


def _blocks(parent: Element) -> Iterator[Element]:
    """Yield paragraphs and tables in order, also those in content controls and insertions."""
    for child in parent:
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        elif child.tag not in _GONE and child.tag != _FALLBACK:
            yield from _blocks(child)


def _add_paragraph(paragraph: Element, blocks: Blocks, document: WordFile) -> None:
    names = _style_names(paragraph, document)
    bullet = "- " if names and names[0].startswith("List") else ""
    level = _level(names)
    notes = _taken_out(paragraph) if level else []
    text = _text(paragraph)
    if text:
        blocks.add(bullet + text, level=level)
    for note in notes:
        blocks.add(f"({note})" if note else "")


def _taken_out(heading: Element) -> list[str]:
    """Take the notes out of a heading, and return their texts."""
    references = list(heading.iter(*_REFERENCES))
    notes = [_text(reference) for reference in references]
    for reference in references:
        reference.clear()
    return notes


def _add_boxes(block: Element, blocks: Blocks) -> None:
    for box in block.iter(f"{_W}txbxContent"):
        if not any(above.tag == _FALLBACK for above in box.iterancestors()):
            for inner in _blocks(box):
                blocks.add(_text(inner))


def _text(element: Element) -> str:
    """Return the text as it stands with all tracked changes accepted."""
    return "".join(_pieces(element)).strip()


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag in _REFERENCES:
            note = _text(child)
            yield f" ({note})" if note else ""
        elif child.tag not in _GONE and child.tag != _FALLBACK:
            yield from _pieces(child)
            if child.tag == f"{_W}p":
                yield " "


def _rows(table: Element) -> Iterator[str]:
    """Yield the rows as lines, each value behind the name of its column where there is a head."""
    for _, line in tables.lines(_table(table)):
        yield line


def _table(table: Element) -> Iterator[tables.Row]:
    """Yield the rows of a table; a cell merged downwards is said again in each row it reaches."""
    above: dict[int, str] = {}
    for number, row in enumerate(_own(table, "tr", "tbl"), start=1):
        cells: list[str] = []
        own = list(_own(row, "tc", "tr"))
        head = row.find(f"{_W}trPr/{_W}tblHeader") is not None
        for cell in own:
            column = len(cells)
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merged is None or merged.get(f"{_W}val") == "restart":
                text = " ".join("".join(_pieces(cell)).split())
                above[column] = tables.said_again(text)
            else:
                text = above.get(column, "")
            cells += tables.spread(text, _width(cell), head=head and len(own) > 1)
        yield tables.Row(number, cells, head)


def _width(cell: Element) -> int:
    """Return how many columns a cell spans."""
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    width = "" if span is None else span.get(f"{_W}val", "")
    return int(width) if width.isascii() and width.isdigit() else 1


def _own(element: Element, tag: str, within: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, but not those of a table inside it."""
    for inner in element.iter(f"{_W}{tag}"):
        if next(inner.iterancestors(f"{_W}{within}")) is element:
            yield inner


def _style_names(paragraph: Element, document: WordFile) -> list[str]:
    """Return the names of a paragraph's style and of those that it is based on."""
    from docx.enum.style import WD_STYLE_TYPE

    found = paragraph.find(f"{_W}pPr/{_W}pStyle")
    if found is None:
        return []
    style = document.styles.get_by_id(found.get(f"{_W}val"), WD_STYLE_TYPE.PARAGRAPH)
    names: list[str] = []
    while style is not None and len(names) < _MOST_STYLES:
        names.append(str(style.name or ""))
        style = getattr(style, "base_style", None)
    return names


def _level(names: list[str]) -> int:
    for name in names:
        match = _HEADING.match(name)
        if match or name == "Title":
            return int(match[1]) if match else 1
    return 0
