"""Tables, slides, books, mails and archives: what is read of them, and how a place is named."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterable
from email.message import EmailMessage
from importlib import import_module
from pathlib import Path
from zipfile import ZipFile

import pytest

from assistant import chunking
from assistant.errors import CorruptDocument, EncryptedDocument, LoadError
from assistant.loading import Limits, archives, find_files, formats, load
from assistant.places import Receipt, Unit
from assistant.types import Document
from tests.fakes import FakeEncoder
from tests.loading import files
from tests.loading.pdfs import pdf_bytes, smiling_pdf


def read(tmp_path: Path, name: str, content: bytes | str) -> Document:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    document = load(path)
    for heading in document.headings:
        assert document.text[heading.start :].startswith(heading.text)
    return document


def place(document: Document, words: str) -> str:
    """Return the place of some words as a citation of them would name it."""
    start = document.text.index(words)
    for passage in chunking.split(document, FakeEncoder(window=256)):
        if passage.start <= start < passage.end:
            return chunking.place_of(passage, start, start + len(words))
    raise AssertionError(words)


def test_every_reader_that_is_named_is_there() -> None:
    for reader in set(formats.READERS.values()):
        module, name = reader.split(".")
        assert callable(getattr(import_module(f"assistant.loading.{module}"), name))


# -- tables ------------------------------------------------------------------------------------


def test_csv_rows_read_alone_and_have_numbers(tmp_path: Path) -> None:
    text = 'Region;Note;Dead\nNorth;"two\nlines";5\n\nSouth;;7\nWest;x;9\n'
    document = read(tmp_path, "a.csv", text)
    assert document.text.split("\n\n") == [
        "Region | Note | Dead",
        "Region: North | Note: two lines | Dead: 5",
        "Region: South | Dead: 7",
        "Region: West | Note: x | Dead: 9",
    ]
    assert place(document, "Region: South") == "row 4"
    assert place(document, document.text) == "rows 1–5"
    assert document.receipt == Receipt(Unit.ROW, 5, len(document.text))


def test_csv_without_a_head_keeps_its_rows(tmp_path: Path) -> None:
    assert read(tmp_path, "a.tsv", "2009\t5\n2010\t7\n").text == "2009 | 5\n\n2010 | 7"


def test_sheets_have_cells_for_places(tmp_path: Path) -> None:
    document = read(tmp_path, "sales.xlsx", files.xlsx_bytes())
    assert document.title == "Sales"
    assert document.text.split("\n\n") == [
        "Q3",
        "Sales of the third quarter",
        "Region | Day | Share | Sales",
        "Region: North | Day: 2009-07-01 | Share: 12.5% | Sales: 1200",
        "Region: South | Day: 2009-08-02 | Share: 50.0% | Sales: 3400.5",
    ]
    assert place(document, "Sales of the third") == "Q3!A1"
    assert place(document, "Region: South") == "Q3!A5:D5"
    start = document.text.index("Region | Day")
    assert place(document, document.text[start:]) == "Q3!A3:D5"
    assert document.receipt.blank == (2,)
    assert document.notes == ("1 of 2 sheets hold no text: 2",)


def test_a_sheet_of_another_name_is_quoted(tmp_path: Path) -> None:
    data = files.xlsx_bytes({"It's 2009": [["", "x"], ["", "y"]]})
    assert place(read(tmp_path, "a.xlsx", data), "x\n\ny") == "'It''s 2009'!B1:B2"


def test_formulas_that_nobody_computed_are_owned_up_to(tmp_path: Path) -> None:
    data = files.xlsx_bytes({"A": [["Dead"], [5], ["=SUM(A2:A2)"]]})
    document = read(tmp_path, "a.xlsx", data)
    assert document.notes[0].startswith("1 formulas have no stored value")


@pytest.mark.parametrize(
    ("cell", "uncomputed"),
    [
        ('<c r="A2" t="str"><f>IF(1,"","")</f><v></v></c>', 0),
        ('<c r="A2" t="str"><f>IF(1,"","")</f></c>', 0),
        ('<c r="A2" s="1"><f>SUM(A1)</f><v></v></c>', 1),
        ('<c r="A2"><f t="shared" si="0"/></c>', 1),
        ('<c r="A2"><f>SUM(A1)</f><v>5</v></c>', 0),
        ('<c r="A2"/><c r="B2" t="str"><f>A1</f><v/></c>', 0),
    ],
)
def test_a_formula_whose_value_is_an_empty_text_is_computed(
    tmp_path: Path, cell: str, uncomputed: int
) -> None:
    book, name = files.xlsx_bytes({"A": [["rain"]]}), "xl/worksheets/sheet1.xml"
    row = f'<row r="2">{cell}</row></sheetData>'.encode()
    xml = files.member(book, name).replace(b"</sheetData>", row)
    notes = read(tmp_path, "a.xlsx", files.with_members(book, {name: xml})).notes
    assert [note.partition(" ")[0] for note in notes] == ["1"] * uncomputed


def test_json_records(tmp_path: Path) -> None:
    ana = {"name": "Ana", "at": {"city": "Lima"}, "tags": ["a", "b"], "n": 1.5}
    records = [ana, {"name": "Ben"}]
    document = read(tmp_path, "a.json", json.dumps(records))
    assert document.text == "name: Ana | at.city: Lima | tags: a, b | n: 1.5\n\nname: Ben"
    assert place(document, "name: Ben") == "record 2"
    lines = "\n".join([json.dumps(records[0]), "{broken", "", json.dumps(records[1])])
    document = read(tmp_path, "a.jsonl", lines)
    assert place(document, "name: Ben") == "record 4"
    assert document.receipt.unread == (2,)


def test_a_line_nested_too_deep_takes_no_other_along(tmp_path: Path) -> None:
    lines = ['{"it": "rained"}', "[" * 100_000, '{"it":' * 900 + "1" + "}" * 900, '{"it": "fell"}']
    document = read(tmp_path, "a.jsonl", "\n".join(lines))
    assert document.text.startswith("it: rained")
    assert document.text.endswith("it: fell")
    assert 2 in document.receipt.unread


def test_a_long_key_is_said_once(tmp_path: Path) -> None:
    key = "rain " * 200
    content = json.dumps({key: {str(number): "fell" for number in range(500)}})
    document = read(tmp_path, "a.json", content)
    assert document.text.count(key.strip()) == 1
    assert document.text.endswith(".499: fell")
    assert len(document.text) < 20 * len(content)
    document = read(tmp_path, "b.json", json.dumps([{key: {"a": 1, "b": 2}}]))
    assert document.text.count(key.strip()) == 1


def test_json_of_one_object(tmp_path: Path) -> None:
    document = read(tmp_path, "a.json", '{"title": "Raids", "raids": [{"dead": 5}, {"dead": 7}]}')
    assert document.text == "title: Raids\n\nraids\n\ndead: 5\n\ndead: 7"
    assert [heading.text for heading in document.headings] == ["raids"]
    assert place(document, "dead: 7") == "record 2"


# -- slides, books, texts ----------------------------------------------------------------------


def test_slides(tmp_path: Path) -> None:
    document = read(tmp_path, "talk.pptx", files.pptx_bytes())
    assert document.title == "The march"
    assert [document.text[a:b] for a, b in document.pages] == [
        "The march\n\nWhat is said of the march.\n\nNotes: Speak slowly.",
        "",
        "The return\n\nWhat is said of the return.\n\nNotes: Speak slowly.",
    ]
    assert place(document, "What is said of the return.") == "slide 3"
    assert document.notes == ("1 of 3 slides hold no text: 2",)


def test_chapters_of_a_book(tmp_path: Path) -> None:
    document = read(tmp_path, "road.epub", files.epub_bytes())
    assert document.title == "The road"
    assert document.text == "The start\n\nIt rained.\n\nThe end\n\nThe sun came out."
    assert place(document, "The sun came out.") == "The end"
    assert document.receipt.blank == (1,)


def test_a_locked_book_is_named(tmp_path: Path) -> None:
    locks = '<encryption><CipherReference URI="OPS/one.xhtml"/></encryption>'
    data = files.with_members(files.epub_bytes(), {"META-INF/encryption.xml": locks})
    with pytest.raises(EncryptedDocument, match="DRM"):
        read(tmp_path, "road.epub", data)


def test_open_document(tmp_path: Path) -> None:
    document = read(tmp_path, "m.odt", files.odt_bytes())
    assert document.title == "The march"
    assert document.text == (
        "The march\n\nThey walked\tfar.\n\n- a point\n\nYear | Dead\n\nYear: 2009 | Dead: 5\n\n"
        "Year: 2010 | Dead: 7"
    )
    assert [heading.text for heading in document.headings] == ["The march"]


def test_rich_text(tmp_path: Path) -> None:
    assert read(tmp_path, "a.rtf", files.RTF).text == "The año of rain.\n\nIt ended."


def test_a_sign_of_two_halves_is_one_character(tmp_path: Path) -> None:
    assert read(tmp_path, "a.rtf", rb"{\rtf1 Rain \u-10179?\u-8704? fell.}").text == "Rain 😀 fell."
    document = read(tmp_path, "a.pdf", smiling_pdf())
    assert [document.text[a:b] for a, b in document.pages] == ["😀 rained", "It 😀"]


def test_a_mail_with_attachments(tmp_path: Path) -> None:
    document = read(tmp_path, "a.eml", files.MAIL)
    assert document.title == "The año report"
    assert document.text.endswith(
        "Dear Ben,\n\nsee below.\n\nfigures.csv\n\nYear | Dead\n\nYear: 2009 | Dead: 5"
    )
    assert "From: Ana <ana@example.org>\n" in document.text
    assert place(document, "Year: 2009") == "row 2"
    assert document.notes[0].startswith("the attachment tool.exe was not read: save it")


def test_a_mail_with_too_many_attachments_says_so_once(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"] = "a@example.org"
    message.set_content("It rained.")
    for number in range(105):
        message.add_attachment(f"Note {number}.", filename=f"{number}.txt")
    document = read(tmp_path, "a.eml", bytes(message))
    assert document.text.rstrip().endswith("Note 99.")
    assert document.notes == ("5 attachments after the first 100 were not read",)


def test_source_code_has_lines(tmp_path: Path) -> None:
    document = read(tmp_path, "tool.py", "import os\n\n\ndef go() -> None:\n    os.sync()\n")
    assert place(document, "def go()") == "line 4"
    assert place(document, "def go() -> None:\n    os.sync()") == "lines 4–5"
    assert document.receipt == Receipt(Unit.LINE, 5, len(document.text))


def test_a_pdf_has_pages(tmp_path: Path) -> None:
    document = read(tmp_path, "a.pdf", pdf_bytes(["First page here.", "Second page here."]))
    assert place(document, "Second page") == "p. 2"
    assert document.receipt.units == 2


# -- archives ----------------------------------------------------------------------------------


def test_what_is_in_an_archive_is_read_by_its_name_there(tmp_path: Path) -> None:
    members: dict[str, bytes | str] = {
        "2009/may.pdf": pdf_bytes(["It rained."]),
        "../../etc/notes.txt": "Kept inside.",
        "C:\\temp\\a.csv": "Year,Dead\n2009,5\n",
        ".hidden.txt": "no",
        "__MACOSX/x.txt": "no",
        "tool.exe": "MZ",
        "inner.zip": files.zip_bytes({"a.txt": "x"}),
    }
    (tmp_path / "all.zip").write_bytes(files.zip_bytes(members))
    found = find_files([tmp_path])
    names = ["2009/may.pdf", "etc/notes.txt", "temp/a.csv", "inner.zip"]
    assert [name for _, name in found.files] == [f"all.zip/{name}" for name in names]
    assert found.skipped == [tmp_path / "all.zip" / "tool.exe"]
    documents = [load(path, name) for path, name in found.files[:3]]
    assert [one.text for one in documents][:2] == ["It rained.", "Kept inside."]
    assert documents[0].source == str(tmp_path / "all.zip" / "2009" / "may.pdf")
    assert documents[0].modified == load(tmp_path / "all.zip" / "temp" / "a.csv").modified
    with pytest.raises(LoadError, match="archive in an archive"):
        load(found.files[3][0])


def test_an_archive_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "cut.zip").write_bytes(files.zip_bytes({"a.txt": "x" * 1000})[:60])
    ((path, _),) = find_files([tmp_path]).files
    with pytest.raises(LoadError, match=r"cut\.zip: it is no zip archive, or is damaged"):
        load(path)


def zip_of(members: Iterable[tuple[str, str]]) -> bytes:
    """Return an archive of members that may have one name."""
    data = io.BytesIO()
    with ZipFile(data, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


def test_a_member_that_was_written_again_replaces_its_older_self(tmp_path: Path) -> None:
    data = zip_of([("a.txt", "It rained."), ("b.txt", "It snowed."), ("a.txt", "It hailed.")])
    (tmp_path / "all.zip").write_bytes(data)
    texts = [(name, load(path).text) for path, name in find_files([tmp_path]).files]
    assert texts == [("all.zip/a.txt", "It hailed."), ("all.zip/b.txt", "It snowed.")]


def test_members_that_would_get_one_name_are_all_read(tmp_path: Path) -> None:
    names = ["a.txt", "../a.txt", "/a.txt", "a (2).txt", "x/a.txt", "C:a.txt"]
    (tmp_path / "all.zip").write_bytes(zip_of((name, f"From {name}") for name in names))
    texts = {name: load(path).text for path, name in find_files([tmp_path]).files}
    assert texts == {
        "all.zip/a.txt": "From a.txt",
        "all.zip/a (2).txt": "From a (2).txt",
        "all.zip/a (3).txt": "From ../a.txt",
        "all.zip/a (4).txt": "From /a.txt",
        "all.zip/x/a.txt": "From x/a.txt",
        "all.zip/a (5).txt": "From C:a.txt",
    }


def test_an_archive_is_opened_once_for_all_its_members(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def opening(path: Path) -> ZipFile:
        opened.append(path)
        return ZipFile(path)

    monkeypatch.setattr(archives, "ZipFile", opening)
    path = tmp_path / "all.zip"
    path.write_bytes(zip_of((f"{n}.txt", f"Note {n}.") for n in range(9)))
    texts = [archives.member(path, name, Limits()) for name in archives.members(path, Limits())]
    assert texts[8] == b"Note 8."
    assert len(opened) == 1
    path.write_bytes(zip_of([("8.txt", "Another note.")]))
    assert archives.member(path, "8.txt", Limits()) == b"Another note."
    with pytest.raises(LoadError, match="no longer in the archive"):
        archives.member(path, "7.txt", Limits())


def test_a_member_that_says_it_has_no_size_packed(tmp_path: Path) -> None:
    data = bytearray(files.zip_bytes({"a.txt": b"0" * 2_000_000}))
    at = data.index(b"PK\x01\x02") + 20
    data[at : at + 4] = bytes(4)
    (tmp_path / "all.zip").write_bytes(bytes(data))
    limits = Limits(expansion=100_000)
    with pytest.raises(CorruptDocument, match="2,000,000 times its size"):
        archives.member(tmp_path / "all.zip", "a.txt", limits)
