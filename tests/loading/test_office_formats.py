"""Word and PDF files as they are met: tracked changes, merged cells, cut words, bad pages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from assistant.errors import CorruptDocument
from assistant.loading import load, pdf
from assistant.loading.pdf_lines import Line
from assistant.loading.pdf_words import Vocabulary, tidy
from assistant.loading.receipts import remarks
from assistant.types import Document
from tests.loading import files
from tests.loading.pdfs import pdf_bytes

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RUN = "<w:r><w:t>PLACE</w:t></w:r>"


def word(tmp_path: Path, change: Callable[[str], str]) -> Document:
    """Load a Word file of the one word PLACE, its XML changed."""
    plain = io.BytesIO()
    file = docx.Document()
    file.add_paragraph("PLACE")
    file.save(plain)
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                assert RUN in content.decode()
                content = change(content.decode()).encode()
            new.writestr(name, content)
    return load(path)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:ins><w:r><w:t>new</w:t></w:r></w:ins>", "new"),
        ("<w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:t>x</w:t></w:r>", "x"),
        ("<w:moveFrom><w:r><w:t>old</w:t></w:r></w:moveFrom><w:r><w:t>x</w:t></w:r>", "x"),
        ("<w:sdt><w:sdtContent><w:r><w:t>chosen</w:t></w:r></w:sdtContent></w:sdt>", "chosen"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", "a\tb\nc"),
        ("<w:r><w:t>x</w:t><w:pict><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p>"
         "</w:txbxContent></w:pict></w:r>", "x\n\nboxed"),
    ],
)  # fmt: skip
def test_what_a_reader_of_word_sees(tmp_path: Path, xml: str, text: str) -> None:
    assert word(tmp_path, lambda whole: whole.replace(RUN, xml)).text == text


def test_content_controls_around_paragraphs(tmp_path: Path) -> None:
    control = "<w:sdt><w:sdtContent><w:p><w:r><w:t>Cover</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document = word(tmp_path, lambda whole: whole.replace("<w:body>", f"<w:body>{control}"))
    assert document.text == "Cover\n\nPLACE"


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )

    def change(whole: str) -> str:
        head, rest = whole.split("?>", 1)
        return f"{head}?><!DOCTYPE w [{entities}]>{rest.replace('PLACE', 'x&a11;y')}"

    with pytest.raises(CorruptDocument):
        word(tmp_path, change)


def test_a_table_with_a_head_names_its_columns(tmp_path: Path) -> None:
    file = docx.Document()
    table = file.add_table(rows=3, cols=3)
    rows = (("Region", "Year", "Dead"), ("North", "2009", "5"), ("South", "2010", "7"))
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    file.save(str(tmp_path / "t.docx"))
    lines = load(tmp_path / "t.docx").text.split("\n\n")
    assert lines[1:] == [
        "Region: North | Year: 2009 | Dead: 5",
        "Region: South | Year: 2010 | Dead: 7",
    ]


def test_tables_keep_every_cell(tmp_path: Path) -> None:
    file = docx.Document()
    table = file.add_table(rows=3, cols=3)
    rows = (("a", "5", "5"), ("b", "", "6"), ("", "7", "8"))
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(0, 1).add_table(rows=1, cols=1).cell(0, 0).text = "inner"
    file.save(str(tmp_path / "t.docx"))
    assert load(tmp_path / "t.docx").text == "a | 5 inner | 5\n\nb |  | 6\n\nb | 7 | 8"


def test_a_style_based_on_a_heading_is_one(tmp_path: Path) -> None:
    file = docx.Document()
    style = file.styles.add_style("House", 1)
    style.base_style = file.styles["Heading 2"]
    file.add_paragraph("Costs", style="House")
    file.save(str(tmp_path / "s.docx"))
    assert [(h.text, h.level) for h in load(tmp_path / "s.docx").headings] == [("Costs", 2)]


BOX = (
    "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></w:pict>"
    "</w:r>"
)


def test_a_box_in_a_table_is_read(tmp_path: Path) -> None:
    table = f"<w:tbl><w:tr><w:tc><w:p>{RUN}{BOX}</w:p></w:tc></w:tr></w:tbl>"
    document = word(tmp_path, lambda whole: whole.replace("<w:body>", f"<w:body>{table}"))
    assert document.text == "PLACE\n\nboxed\n\nPLACE"


def noted(tmp_path: Path, body: str, **parts: str) -> Document:
    """Load a Word file of this body, with footnotes or endnotes of these."""
    plain = io.BytesIO()
    file = docx.Document()
    file.add_paragraph("PLACE")
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    for kind, notes in parts.items():
        name = PackURI(f"/word/{kind}.xml")
        xml = f'<w:{kind} xmlns:w="{space}">{notes}</w:{kind}>'.encode()
        part = Part(name, f"application/vnd.ms-word.{kind}+xml", xml, file.part.package)
        file.part.relate_to(part, f"{RELATIONS}/{kind}")
    file.save(plain)
    path = tmp_path / "a.docx"
    whole = files.member(plain.getvalue(), "word/document.xml").decode().replace(RUN, body)
    path.write_bytes(files.with_members(plain.getvalue(), {"word/document.xml": whole}))
    return load(path)


def note(kind: str, number: int, text: str) -> str:
    runs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.split("/"))
    return f'<w:{kind} w:id="{number}">{runs}</w:{kind}>'


def reference(kind: str, number: int) -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def test_notes_stand_where_they_are_referred_to(tmp_path: Path) -> None:
    body = (
        f"<w:r><w:t>It rained</w:t></w:r>{reference('footnote', 2)}<w:r><w:t>.</w:t></w:r>"
        f"{reference('endnote', 2)}{reference('footnote', 9)}"
    )
    footnotes = note("footnote", 0, "") + note("footnote", 2, "For nine days./Or ten.")
    document = noted(tmp_path, body, footnotes=footnotes, endnotes=note("endnote", 2, "In May."))
    assert document.text == "It rained (For nine days. Or ten.). (In May.)"
    assert document.notes == ()


def test_notes_in_tables_are_read(tmp_path: Path) -> None:
    table = (
        "</w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>5</w:t></w:r>"
        f"{reference('footnote', 1)}</w:p></w:tc></w:tr></w:tbl><w:p>"
    )
    document = noted(tmp_path, table, footnotes=note("footnote", 1, "As of May."))
    assert document.text == "5 (As of May.)"


def test_a_note_to_a_heading_is_no_part_of_it(tmp_path: Path) -> None:
    style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
    body = f"{style}{RUN}{reference('footnote', 1)}"
    document = noted(tmp_path, body, footnotes=note("footnote", 1, "As of May."))
    assert document.text == "PLACE\n\n(As of May.)"
    assert [heading.text for heading in document.headings] == ["PLACE"]


def test_a_note_is_said_once_however_often_it_is_referred_to(tmp_path: Path) -> None:
    body = RUN + reference("footnote", 1) * 2000
    document = noted(tmp_path, body, footnotes=note("footnote", 1, "rain " * 2000))
    assert document.text.count("rain") == 2000


def test_entities_in_notes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CorruptDocument):
        noted(tmp_path, reference("footnote", 1), footnotes=note("footnote", 1, "&a9;"))


# -- PDF ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cut", "text"),
    [
        ("the govern\x02ment of it", "the government of it"),
        ("the govern-\nment of it", "the government of it"),
        ("a third\x02party claim", "a third-party claim"),
        ("a long-\nterm claim", "a long-term claim"),
        ("the Sarbanes\x02Oxley act", "the Sarbanes-Oxley act"),
        ("the co\x02operation of it", "the cooperation of it"),
        ("soft\u00ad\nware", "software"),
    ],
)
def test_words_cut_at_the_end_of_a_line(cut: str, text: str) -> None:
    pages = ["Third-party or long of term.", "Their cooperation, with co of operation.", cut]
    assert tidy(cut, Vocabulary.of(pages)) == text


def test_a_page_that_cannot_be_read_does_not_take_the_others_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read_lines, calls = pdf._page_lines, []

    def failing(page: object) -> list[Line]:
        calls.append(page)
        if len(calls) == 2:
            raise pypdfium2.PdfiumError("Failed to load page.")
        return read_lines(page)

    monkeypatch.setattr(pdf, "_page_lines", failing)
    found = pdf.read_pdf(pdf_bytes(["First page.", "Second.", "Third."]))
    assert [found.text[a:b] for a, b in found.pages] == ["First page.", "", "Third."]
    assert remarks(found.receipt) == ("1 of 3 pages are damaged: 2",)
