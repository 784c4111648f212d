"""Makes small files of many kinds, the way their own programs write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date

import docx
import openpyxl
import pptx
from pptx.util import Inches

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
)


def zip_bytes(members: Mapping[str, bytes | str], *, packed: bool = True) -> bytes:
    """Return an archive of these members."""
    data = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def with_members(data: bytes, members: Mapping[str, bytes | str]) -> bytes:
    """Return an archive with members added, or put in the place of those of the same name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        kept: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    return zip_bytes({**kept, **members})


def member(data: bytes, name: str) -> bytes:
    """Return one member of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def docx_bytes(text: str = "They walked.") -> bytes:
    data = io.BytesIO()
    file = docx.Document()
    file.add_paragraph(text)
    file.save(data)
    return data.getvalue()


def xlsx_bytes(sheets: Mapping[str, Sequence[Sequence[object]]] | None = None) -> bytes:
    """Return a workbook; by default one of sales, with a title above the table."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    default: dict[str, list[list[object]]] = {
        "Q3": [
            ["Sales of the third quarter"],
            [],
            ["Region", "Day", "Share", "Sales"],
            ["North", date(2009, 7, 1), 0.125, 1200],
            ["South", date(2009, 8, 2), 0.5, 3400.5],
        ],
        "Empty": [],
    }
    for name, rows in (default if sheets is None else sheets).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if sheets is None:
        for row in ("4", "5"):
            book["Q3"][f"C{row}"].number_format = "0.0%"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def pptx_bytes(texts: Sequence[str] = ("The march", "", "The return")) -> bytes:
    """Return slides, each with a title, a text and notes; an empty text makes an empty slide."""
    show = pptx.Presentation()
    for text in texts:
        slide = show.slides.add_slide(show.slide_layouts[5 if text else 6])
        if text:
            slide.shapes.title.text = text
            box = slide.shapes.add_textbox(Inches(1), Inches(2), Inches(5), Inches(1))
            box.text_frame.text = f"What is said of {text.lower()}."
            slide.notes_slide.notes_text_frame.text = "Speak slowly."
    data = io.BytesIO()
    show.save(data)
    return data.getvalue()


def epub_bytes(chapters: Mapping[str, str] | None = None) -> bytes:
    """Return a book of chapters, each a page of HTML."""
    pages = chapters or {
        "cover.xhtml": "<title>The road</title><body><img src='c.png'/></body>",
        "one.xhtml": "<title>x</title><body><h1>The start</h1><p>It rained.</p></body>",
        "two.xhtml": "<title>The end</title><body><p>The sun came out.</p></body>",
    }
    items = "".join(
        f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in pages
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in pages)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The road</dc:title>'
        f"</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    return zip_bytes(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OPS/book.opf": package,
            **{f"OPS/{name}": f"<html>{page}</html>" for name, page in pages.items()},
        }
    )


def odt_bytes(body: str | None = None, head: str = "") -> bytes:
    """Return an OpenDocument text of this XML."""
    default = (
        '<text:h text:outline-level="1">The march</text:h>'
        "<text:p>They<text:s/>walked<text:tab/>far.</text:p>"
        "<text:list><text:list-item><text:p>a point</text:p></text:list-item></text:list>"
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
        "<table:table>"
        + "".join(
            "<table:table-row>"
            + "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in row)
            + "</table:table-row>"
            for row in (("Year", "Dead"), ("2009", "5"), ("2010", "7"))
        )
        + "</table:table>"
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table")
    )
    content = (
        f'<?xml version="1.0"?>{head}<office:document-content{spaces}><office:body><office:text>'
        f"{default if body is None else body}"
        "</office:text></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    return zip_bytes({"mimetype": kind, "content.xml": content})


MAIL = b"""From: Ana <ana@example.org>
To: Ben <ben@example.org>
Date: Mon, 4 May 2009 10:00:00 +0200
Subject: =?utf-8?q?The_a=C3=B1o_report?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/html; charset="utf-8"

<p>Dear Ben,</p><p>see below.</p>
--b
Content-Type: text/csv
Content-Disposition: attachment; filename="figures.csv"

Year,Dead
2009,5
--b
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="tool.exe"

MZ
--b--
"""
RTF = rb"{\rtf1\ansi{\fonttbl\f0 Arial;}\f0 The a\'f1o of \b rain\b0 .\par It ended.\par}"
