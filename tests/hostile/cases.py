"""The cases: a file's name, how it is made, and how it must end.

``python -m tests.hostile`` prints what becomes of each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.hostile.makers import (
    TEXT,
    bombed,
    circular,
    deep_tables,
    entities,
    flate_bomb,
    locked_zip,
    mail_in_mail,
    mail_with,
    noise,
    outside,
    sheet_at_the_edge,
    zip_of_another_method,
    zip_with_wrong_sum,
)
from tests.loading import files
from tests.loading.pdfs import pdf_bytes

CYRILLIC = "Мэр уехал из города. Дождь шёл девять дней, и река поднялась. " * 4
CHINESE = "雨下了九天。然后河水上涨。市长离开了这座城市。" * 6


class Case(NamedTuple):
    """A hostile file: ``says`` is in its message or, where it is ``read``, in its text."""

    name: str
    make: Callable[[], bytes]
    says: str
    read: bool = False


MANIFEST = {"META-INF/manifest.xml": "<m><encryption-data/></m>"}

PLAIN = [
    Case("empty.txt", lambda: b"", "is empty"),
    Case("blank.txt", lambda: b" \n\t\r\n" * 1000, "no text"),
    Case("newlines.log", lambda: b"\n" * 1_000_000, "no text"),
    Case("invisible.txt", lambda: "\u200b\u2060\ufeff".encode() * 500, "no text"),
    Case("binary.txt", noise, "no text, or in"),
    Case("machine-code.py", lambda: b"\x7fELF" + noise(), "no text, or in"),
    Case("zip.txt", lambda: files.zip_bytes({"a.txt": TEXT * 99}), "no text, or in"),
    Case("pdf.txt", lambda: pdf_bytes(["x"]), "Give it the ending .pdf"),
    Case("utf16le.txt", lambda: TEXT.encode("utf-16-le"), "river rose", True),
    Case("utf16be.txt", lambda: TEXT.encode("utf-16-be"), "river rose", True),
    Case("utf16-cyrillic.txt", lambda: CYRILLIC.encode("utf-16-le"), "девять дней", True),
    Case("utf16-chinese.txt", lambda: CHINESE.encode("utf-16-be"), "雨下了九天", True),
    Case("utf32.txt", lambda: TEXT.encode("utf-32"), "river rose", True),
    Case("surrogates.txt", lambda: b"It \xed\xa0\x80 rained \xed\xbf\xbf.", "rained", True),
    Case("zeros.txt", lambda: "\0".join(TEXT.split()).encode(), "binary"),
    Case("right-to-left.txt", "ירד גשם \u202eabc\u202c تسعة أيام.".encode, "גשם", True),
    Case("zero-width.txt", "It\u200b rained\u200d\ufeff.".encode, "It\u200b rained", True),
    Case("marks.txt", ("e" + "\u0301" * 5000 + " rained").encode, "rained", True),
    Case("one-line.txt", lambda: b"It rained again. " * 6_200_000, "It rained", True),
    Case("one-word.txt", lambda: b"x" * 300_000, "xxx", True),
]
TABLES = [
    Case("open-quote.csv", lambda: b'a,b\n1,"It rained\n' + b"x,y\n" * 999, "It rained", True),
    Case("binary.csv", noise, "no text, or in"),
    Case("wide.csv", lambda: b",".join([b"rained"] * 20_000), "rained | rained", True),
    Case("long-field.csv", lambda: b'a,b\n1,"' + b"rained " * 300_000 + b'"', "rained", True),
    Case("commas.csv", lambda: b",,,,\n" * 1000, "no text"),
    Case("deep.json", lambda: b"[" * 200_000, "damaged"),
    Case("deep-objects.json", lambda: b'{"a":' * 900 + b'"rained"' + b"}" * 900, "a.a.a", True),
    Case("cut.json", lambda: b'{"a": "It rai', "it is no JSON"),
    Case("digits.json", lambda: b'{"n": ' + b"9" * 200_000 + b"}", "n: 999", True),
    Case("half-pair.json", lambda: b'[{"a": "It rained \\ud83d"}]', "It rained \ufffd", True),
    Case("half-key.json", lambda: b'{"rain \\udc00": [{"a": 1}]}', "rain \ufffd", True),
    Case("half-pair.jsonl", lambda: b'{"a": "It \\ude00 rained"}\n', "It \ufffd rained", True),
    Case("nothing.json", lambda: b"null", "no text"),
    Case("broken.jsonl", lambda: b"{\n[\nx\n", "none of its lines is JSON"),
    Case("half.jsonl", lambda: b'{"a": "rained"}\n{"a": \n', "a: rained", True),
    Case("not.xlsx", lambda: b"It rained.", "no Office"),
    Case("entities.xlsx", lambda: bombed(files.xlsx_bytes(), "xl/workbook.xml", b"Q3"), "damaged"),
    Case("edge.xlsx", sheet_at_the_edge, "rained", True),
    Case("no-sheets.xlsx", lambda: files.zip_bytes({"xl/workbook.xml": "<x/>"}), "damaged"),
]
MARKUP = [
    Case("maze.html", lambda: b"<div>" * 60_000, "nested more than"),
    Case("scripts.html", lambda: b"<script>rained</script><nav>menu</nav>", "menu", True),
    Case("attributes.html", lambda: b"<p " + b"a=b " * 200_000 + b">rained</p>", "rained", True),
    Case("open-tags.html", lambda: b"<b><i><a><p>" * 5000 + b"rained", "rained", True),
    Case("entities.html", lambda: entities("html") + b"<p>rained &a9;</p>", "rained", True),
    Case("charset.html", lambda: b"<meta charset='\xff\xfe'><p>rained</p>", "rained", True),
    Case("quotes.md", lambda: b">" * 3000 + b" rained", "rained", True),
    Case("brackets.md", lambda: b"[" * 20_000 + b" rained " + b"](" * 20_000, "rained", True),
    Case("stars.md", lambda: b"*_" * 20_000 + b"rained", "rained", True),
    Case("not.rtf", lambda: b"It rained.", "no Rich Text"),
    Case("deep.rtf", lambda: rb"{\rtf1 " + b"{" * 100_000 + b"rained", "rained", True),
    Case("half-pair.rtf", lambda: rb"{\rtf1 It \u-10179? rained.}", "It \ufffd rained", True),
    Case("cut.rtf", lambda: rb"{\rtf1\ansi It rained.\par {\b", "rained", True),
]
PDFS = [
    Case("not.pdf", lambda: b"It rained.", "damaged, or no PDF"),
    Case("cut.pdf", lambda: pdf_bytes([TEXT])[:200], "damaged, or no PDF"),
    Case("cut-late.pdf", lambda: pdf_bytes([TEXT] * 3)[:-16], "rained", True),
    Case("head-only.pdf", lambda: b"%PDF-1.7\n%%EOF", "damaged, or no PDF"),
    Case("no-pages.pdf", lambda: pdf_bytes([]), "damaged"),
    Case("blank-pages.pdf", lambda: pdf_bytes(["", "", ""]), "none of its 3 pages holds text"),
    Case("locked.pdf", lambda: pdf_bytes([TEXT], locked=True), "password"),
    Case("circular.pdf", circular, "damaged"),
    Case("bomb.pdf", flate_bomb, "none of its 1 pages"),
    Case("noise-inside.pdf", lambda: b"%PDF-1.4\n" + noise(), "damaged, or no PDF"),
    Case("many-pages.pdf", lambda: pdf_bytes(["x"] * 60), "ASSISTANT_MAX_PAGES"),
]
OFFICE = [
    Case("not.docx", lambda: b"It rained.", "no Office"),
    Case("pdf.docx", lambda: pdf_bytes([TEXT]), "no Office"),
    Case("old.docx", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
    Case("cut.docx", lambda: files.docx_bytes()[:900], "no Office"),
    Case("hollow.docx", lambda: files.zip_bytes({"a.txt": TEXT}), "damaged"),
    Case("sheet.docx", files.xlsx_bytes, "damaged"),
    Case("bomb.docx", lambda: files.zip_bytes({"word/document.xml": b"0" * 60_000_000}), "unpack"),
    Case(
        "entities.docx",
        lambda: bombed(files.docx_bytes("PLACE"), "word/document.xml", b"PLACE"),
        "damaged",
    ),
    Case(
        "outside.docx",
        lambda: outside(files.docx_bytes("PL"), "word/document.xml", b"PL"),
        "no text",
    ),
    Case("deep-tables.docx", lambda: deep_tables(3000), "damaged"),
    Case("tables.docx", lambda: deep_tables(40), "rained", True),
    Case(
        "entities.pptx",
        lambda: bombed(files.pptx_bytes(), "ppt/slides/slide1.xml", b"The march"),
        "damaged",
    ),
    Case("empty-slides.pptx", lambda: files.pptx_bytes(["", ""]), "2 of 2 slides hold no text"),
    Case("bomb.pptx", lambda: files.zip_bytes({"ppt/a.xml": b"0" * 60_000_000}), "unpack"),
    Case(
        "entities.odt",
        lambda: files.odt_bytes("<text:p>&a9;</text:p>", entities("x").decode()),
        "XML is damaged",
    ),
    Case("locked.odt", lambda: files.with_members(files.odt_bytes(), MANIFEST), "password"),
    Case(
        "repeated.odt",
        lambda: files.odt_bytes(
            "<table:table><table:table-row>"
            '<table:table-cell table:number-columns-repeated="99999999">'
            "<text:p>rained</text:p></table:table-cell></table:table-row></table:table>"
        ),
        "rained",
        True,
    ),
    Case("not.epub", lambda: files.zip_bytes({"a.txt": TEXT}), "no e-book"),
    Case(
        "entities.epub",
        lambda: bombed(files.epub_bytes(), "OPS/book.opf", b"The road"),
        "XML is damaged",
    ),
    Case(
        "escaping.epub",
        lambda: files.epub_bytes({"../../../../etc/passwd": "<p>rained</p>"}),
        "no text",
    ),
]
MAILS = [
    Case("not.eml", lambda: b"It rained.", "no e-mail"),
    Case("nested.eml", lambda: mail_in_mail(400), "river", True),
    Case(
        "encoding.eml",
        lambda: b"From: a\nContent-Type: text/plain; charset=no-such\n\nrained",
        "rained",
        True,
    ),
    Case(
        "bomb.eml",
        lambda: mail_with("b.docx", files.zip_bytes({"a": b"0" * 60_000_000})),
        "river",
        True,
    ),
    Case("archive.eml", lambda: mail_with("b.zip", b"PK"), "river", True),
]
ARCHIVES = [
    Case("not.zip", lambda: b"It rained.", "no zip archive"),
    Case("cut.zip", lambda: files.zip_bytes({"a.txt": TEXT * 99})[:80], "no zip archive"),
    Case("empty.zip", lambda: files.zip_bytes({}), "archive of 0 files"),
    Case("bomb.zip", lambda: files.zip_bytes({"a.txt": b"0" * 60_000_000}), "unpack"),
    Case(
        "nested.zip",
        lambda: files.zip_bytes({"b.zip": files.zip_bytes({"a.txt": TEXT})}),
        "archive in an archive",
    ),
    Case(
        "tricks.zip",
        lambda: files.zip_bytes({"../../a.txt": TEXT, "/etc/b.txt": TEXT}),
        "river",
        True,
    ),
    Case("locked.zip", locked_zip, "password"),
    Case("method.zip", zip_of_another_method, "can't be unpacked"),
    Case("sum.zip", zip_with_wrong_sum, "can't be unpacked"),
]
CASES = [*PLAIN, *TABLES, *MARKUP, *PDFS, *OFFICE, *MAILS, *ARCHIVES]
