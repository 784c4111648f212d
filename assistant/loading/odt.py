"""OpenDocument texts → paragraphs and tables in order, headings noted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.errors import CorruptDocument, EncryptedDocument
from assistant.loading import tables
from assistant.loading.extracted import Blocks, Extracted
from assistant.loading.safe_xml import parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _OFFICE = f"{_OASIS}text:1.0}}", f"{_OASIS}table:1.0}}", f"{_OASIS}office:1.0}}"
_GONE = frozenset({f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note-citation"})
_HEAD = f"{_TABLE}table-header-rows"
_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_MOST_REPEATED = 100


def read_odt(data: bytes) -> Extracted:
    """Read a text document; its title is the one in its properties, else the first heading."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "content.xml" not in names:
            raise CorruptDocument("it is no OpenDocument text. Check its ending.")
        if b"encryption-data" in _part(archive, "META-INF/manifest.xml", names):
            raise EncryptedDocument("it needs a password. Save a copy without one.")
        content = parse_xml(archive.read("content.xml"))
        meta = _part(archive, "meta.xml", names)
    blocks = Blocks()
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is not None:
        _add(body, blocks, "")
    return blocks.extracted(_title(meta))


def _part(archive: zipfile.ZipFile, name: str, names: set[str]) -> bytes:
    return archive.read(name) if name in names else b""


def _title(meta: bytes) -> str:
    if not meta:
        return ""
    found = parse_xml(meta).find(".//{http://purl.org/dc/elements/1.1/}title")
    return "" if found is None else found.text or ""


def _add(parent: Element, blocks: Blocks, bullet: str) -> None:
    for child in parent:
        if child.tag == f"{_TEXT}h":
            level = child.get(f"{_TEXT}outline-level", "1")
            blocks.add(_said(child), level=int(level) if level.isdigit() else 1)
        elif child.tag == f"{_TEXT}p":
            said = _said(child)
            blocks.add(bullet + said if said else "")
        elif child.tag == f"{_TABLE}table":
            _add_table(child, blocks)
        elif child.tag not in _GONE:
            _add(child, blocks, "- " if child.tag == f"{_TEXT}list-item" else bullet)


def _add_table(table: Element, blocks: Blocks) -> None:
    rows = [
        tables.Row(number, list(_cells(row)), row.getparent().tag == _HEAD)
        for number, row in enumerate(table.iter(f"{_TABLE}table-row"), start=1)
    ]
    for _, text in tables.lines(rows):
        blocks.add(text)


def _cells(row: Element) -> Iterator[str]:
    for cell in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        said = " ".join(_said(part) for part in cell.iter(f"{_TEXT}p", f"{_TEXT}h"))
        again = cell.get(f"{_TABLE}number-columns-repeated", "1")
        # An empty cell may be repeated to the edge of the sheet.
        times = min(int(again), _MOST_REPEATED) if said and again.isdigit() else 1
        yield from [said] * times


def _said(element: Element) -> str:
    return "".join(_pieces(element)).strip()


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == f"{_TEXT}s":
            yield " "
        elif child.tag == f"{_TEXT}note-body":
            yield f" ({_said(child)})"
        elif child.tag not in _GONE and isinstance(child.tag, str):
            yield from _pieces(child)
        yield child.tail or ""
