"""E-books → the text of their chapters, read as the pages of HTML they are."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from assistant.errors import CorruptDocument, EncryptedDocument
from assistant.loading.extracted import Blocks, Extracted
from assistant.loading.html import read_html
from assistant.loading.safe_xml import parse_xml
from assistant.places import Receipt, Unit
from assistant.types import Heading

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CONTAINER = "META-INF/container.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_PAGES = frozenset({"application/xhtml+xml", "text/html"})


def read_epub(data: bytes) -> Extracted:
    """Read a book's chapters in their order; those without a heading go by their page's title."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if _CONTAINER not in names:
            raise CorruptDocument("it is no e-book. Check its ending.")
        package, folder = _package(archive)
        chapters = [name for name in _spine(package, folder) if name in names]
        if "META-INF/encryption.xml" in names:
            _check_locks(archive.read("META-INF/encryption.xml"), chapters)
        read = [read_html(archive.read(name)) for name in chapters]
    title = package.find(".//{http://purl.org/dc/elements/1.1/}title")
    name = "" if title is None else title.text or ""
    blocks = Blocks()
    for chapter in read:
        blocks.include(_headed(chapter, name))
    blank = tuple(number for number, one in enumerate(read, start=1) if not one.text.strip())
    return blocks.extracted(name, Receipt(Unit.CHAPTER, len(read), blank=blank))


def _package(archive: zipfile.ZipFile) -> tuple[Element, str]:
    """Return the book's list of contents, and the folder that its names start from."""
    roots = parse_xml(archive.read(_CONTAINER)).iter("{*}rootfile")
    path = next((root.get("full-path", "") for root in roots), "")
    try:
        return parse_xml(archive.read(path)), posixpath.dirname(path)
    except KeyError as error:
        raise CorruptDocument("its list of chapters is missing. Convert it anew.") from error


def _spine(package: Element, folder: str) -> list[str]:
    items = {
        item.get("id"): item.get("href", "")
        for item in package.iter(f"{_OPF}item")
        if item.get("media-type") in _PAGES
    }
    order = [items.get(item.get("idref"), "") for item in package.iter(f"{_OPF}itemref")]
    return [posixpath.normpath(posixpath.join(folder, unquote(name))) for name in order if name]


def _check_locks(encryption: bytes, chapters: list[str]) -> None:
    # Fonts are often scrambled; a book is locked where its chapters are.
    locked = {
        unquote(one.get("URI", "")) for one in parse_xml(encryption).iter("{*}CipherReference")
    }
    if locked & set(chapters):
        raise EncryptedDocument(
            "it is locked by its shop (DRM). Only an unlocked copy can be read."
        )


def _headed(chapter: Extracted, book: str) -> Extracted:
    """Return a chapter with a heading: its page's title, where it has none and that is its own."""
    title = " ".join(chapter.title.split())
    if chapter.headings or not chapter.text or not title or title == book:
        return chapter
    return replace(chapter, text=f"{title}\n\n{chapter.text}", headings=(Heading(title, 1, 0),))
