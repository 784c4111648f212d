"""Files → documents: the text a reader sees, its pages and headings, and clear refusals."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import docx
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings

from assistant.errors import (
    CorruptDocument,
    EmptyDocument,
    EncryptedDocument,
    LoadError,
    UnsupportedFormat,
)
from assistant.loading import Limits, find_files, load
from assistant.loading.pdf_words import tidy
from assistant.types import Document
from tests.loading.pdfs import pdf_bytes
from tests.strategies import nasty_text

SPANISH = (
    "La señora criticó la Iniciativa Mérida desde el primer año: según ella, la ayuda llegó tarde, "
    "costó demasiado y no cambió nada en el norte, donde los niños crecían sin escuela."
)

POLISH = (
    "Zażalenie złożył wczoraj poseł ze Śląska; według niego śledztwo ciągnęło się zbyt długo, "
    "a świadków przesłuchano dopiero wtedy, gdy sprawą zajęły się gazety."
)
HTML = """<!doctype html><html><head><title>The  raid</title><style>p{}</style></head><body>
<header><a href="/">Home</a></header><nav>Menu</nav>
<main><h1>The raid</h1><p>It began <b>at dawn</b>.<br>It was cold.</p>
<script>alert(1)</script><h2>After</h2><ul><li>One</li><li>Two</li></ul>
<table><tr><th>Year</th><th>Dead</th></tr><tr><td>2009</td><td>5</td></tr></table>
<pre>a  b
c</pre></main><footer>Imprint</footer></body></html>"""

MARKDOWN = """---
author: nobody
---
# The *plan*

A [link](https://example.org/x) and ![a picture](x.png) and `code`.
Wrapped.

- one
- two

| a | b |
|---|---|
| 1 | 2 |

Below
-----

<script>alert(1)</script>
"""


def write(tmp_path: Path, name: str, data: bytes | str) -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def check(document: Document) -> Document:
    for heading in document.headings:
        place = slice(heading.start, heading.start + len(heading.text))
        assert document.text[place] == heading.text
    for before, after in zip(document.pages, document.pages[1:], strict=False):
        assert before.start <= before.end <= after.start
    return document


# -- formats -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Caf\xc3\xa9\r\nnoir\r", "Café\nnoir\n"),
        (b"\xef\xbb\xbfwith a mark", "with a mark"),
        ("naïve".encode("utf-16"), "naïve"),
        ("a longer text without a mark".encode("utf-16-le"), "a longer text without a mark"),
        (SPANISH.encode("latin-1"), SPANISH),
        (POLISH.encode("cp1250"), POLISH),
        ("  kept as it is \u200b\u202e\n\n", "  kept as it is \u200b\u202e\n\n"),
    ],
)
def test_text_encodings(tmp_path: Path, data: bytes | str, text: str) -> None:
    assert load(write(tmp_path, "a.txt", data)).text == text


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("gao-report_2010.txt", "It begins at once, with a sentence.", "Gao report 2010"),
        ("x.txt", "In defence of it\n\nBy a columnist.", "In defence of it"),
        ("x.txt", "A sentence, not a title.\n\nMore.", "X"),
        ("alone.txt", "Only a line", "Alone"),
    ],
)
def test_titles_of_plain_text(tmp_path: Path, name: str, text: str, title: str) -> None:
    assert load(write(tmp_path, name, text)).title == title


def test_markdown(tmp_path: Path) -> None:
    document = check(load(write(tmp_path, "plan.md", MARKDOWN)))
    assert document.title == "The plan"
    assert [(h.text, h.level) for h in document.headings] == [("The plan", 1), ("Below", 2)]
    assert document.text == (
        "The plan\n\nA link and a picture and code. Wrapped.\n\n- one\n\n- two\n\na | b"
        "\n\na: 1 | b: 2\n\nBelow"
    )


def test_html(tmp_path: Path) -> None:
    document = check(load(write(tmp_path, "raid.html", HTML)))
    assert document.title == "The raid"
    assert document.text == (
        "The raid\n\nIt began at dawn. It was cold.\n\nAfter\n\n- One\n\n- Two\n\nYear | Dead"
        "\n\nYear: 2009 | Dead: 5\n\na  b\nc"
    )
    assert [h.level for h in document.headings] == [1, 2]


def test_html_that_is_all_boilerplate_is_kept(tmp_path: Path) -> None:
    page = "<body><form><p>All of it is in a form.</p></form></body>"
    assert load(write(tmp_path, "a.htm", page)).text == "All of it is in a form."


def test_html_of_many_levels(tmp_path: Path) -> None:
    page = "<div>" * 5000 + "deep" + "</div>" * 5000
    assert "deep" in load(write(tmp_path, "deep.html", page)).text


def test_word(tmp_path: Path) -> None:
    file = docx.Document()
    file.core_properties.title = "Untitled"
    file.add_heading("The march", level=1)
    file.add_paragraph("They walked.")
    file.add_paragraph("a point", style="List Bullet")
    table = file.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Year", "2011"
    file.add_heading("After", level=2)
    file.save(str(tmp_path / "m.docx"))
    document = check(load(tmp_path / "m.docx"))
    assert document.title == "The march"
    assert document.text == "The march\n\nThey walked.\n\n- a point\n\nYear | 2011\n\nAfter"
    assert [h.level for h in document.headings] == [1, 2]


def test_pdf_pages(tmp_path: Path) -> None:
    data = pdf_bytes(["First page here.", "", "Third page here."], title="A study")
    document = check(load(write(tmp_path, "study.pdf", data)))
    assert document.title == "A study"
    assert [document.text[a:b] for a, b in document.pages] == [
        "First page here.",
        "",
        "Third page here.",
    ]
    assert document.notes == ("1 of 3 pages hold no text and may be scans: 2",)


def test_pdf_lines() -> None:
    wide = "This line is as long as the lines of the page are, mostly,"
    raw = (
        f"A heading\r\n{wide}\r\nand goes on with a hyphen\ufffe\r\nated word.\r\nTotal 3\r\nRest 4"
    )
    assert tidy(raw).split("\n\n")[0] == "A heading"
    assert "Anglo-\nAmerican" in tidy(f"{wide} Anglo-\nAmerican {wide}")
    assert "government" in tidy("the govern-\nment was here and there and everywhere")


@given(nasty_text)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_text_in_any_text_format_loads_or_is_refused(tmp_path: Path, text: str) -> None:
    for name in ("a.txt", "a.md", "a.html"):
        path = tmp_path / name
        path.write_text(text, "utf-8", newline="")
        try:
            document = check(load(path))
        except LoadError:
            continue
        assert document.text.strip()


# -- what can't be used ------------------------------------------------------------------------


def bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 60_000_000)
    return data.getvalue()


def entities() -> bytes:
    data = io.BytesIO()
    file = docx.Document()
    file.add_paragraph("PLACE")
    file.save(data)
    out = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                head = '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
                body = content.decode().split("?>", 1)
                content = f"{body[0]}?>{head}{body[1].replace('PLACE', 'x&e;y')}".encode()
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "error", "says"),
    [
        ("empty.txt", b"", EmptyDocument, "empty"),
        ("blank.txt", b" \n\t\n", EmptyDocument, "no text"),
        ("binary.txt", bytes(range(256)) * 40, CorruptDocument, "binary"),
        ("tool.exe", b"MZ", UnsupportedFormat, ".docx"),
        ("not.pdf", b"this is no pdf", CorruptDocument, "damaged"),
        ("cut.pdf", pdf_bytes(["Some text."])[:200], CorruptDocument, "damaged"),
        ("scan.pdf", pdf_bytes(["", ""]), EmptyDocument, "none of its 2 pages"),
        ("not.docx", b"this is no archive", CorruptDocument, "no Office"),
        ("pdf.txt", pdf_bytes(["x"]), CorruptDocument, ".pdf"),
        ("maze.html", b"<div>" * 50_000, CorruptDocument, "deep"),
        ("cut\0.txt", None, LoadError, "null"),
        ("pdf.docx", pdf_bytes(["x"]), CorruptDocument, "no Office"),
        ("old.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, EncryptedDocument, "password"),
        ("bomb.docx", bomb(), CorruptDocument, "unpack"),
    ],
)
def test_what_cannot_be_used_is_named_with_the_reason(
    tmp_path: Path, name: str, data: bytes | None, error: type[LoadError], says: str
) -> None:
    path = tmp_path / name if data is None else write(tmp_path, name, data)
    with pytest.raises(error) as caught:
        load(path)
    assert str(caught.value).startswith(name)
    assert says in str(caught.value)


def test_entities_of_a_word_file_are_not_followed(tmp_path: Path) -> None:
    hostname = Path("/etc/hostname")
    secret = hostname.read_text("utf-8").strip() if hostname.is_file() else "no such file"
    try:
        text = load(write(tmp_path, "e.docx", entities())).text
    except LoadError:
        return
    assert secret not in text


def test_a_pdf_with_a_password_is_named(tmp_path: Path) -> None:
    data = pdf_bytes(["Secret."], locked=True)
    with pytest.raises(EncryptedDocument, match="password"):
        load(write(tmp_path, "locked.pdf", data))


def test_a_file_beyond_the_limit(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="ASSISTANT_MAX_FILE_MB"):
        load(write(tmp_path, "a.txt", "x" * 2000), limits=Limits(file_bytes=1000))


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for path, says in (
        (tmp_path / "gone.txt", "does not exist"),
        (tmp_path / "pipe.txt", "not a regular file"),
        (tmp_path, "is a folder"),
    ):
        with pytest.raises(LoadError, match=says):
            load(path)


# -- folders -----------------------------------------------------------------------------------


def test_folders_are_walked_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/B.PDF", ".hidden.txt", ".git/x.txt", "tool.exe"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    found = find_files([tmp_path, tmp_path / "b.txt", tmp_path / "tool.exe"])
    assert sorted(name for _, name in found.files) == ["a/B.PDF", "a/z.md", "b.txt"]
    assert found.skipped == [tmp_path / "tool.exe"]


def test_a_folder_that_cannot_be_listed_is_not_silently_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    barred = tmp_path / "barred"
    barred.mkdir()
    write(tmp_path, "a.txt", "x")
    scan, access = os.scandir, os.access

    def scandir(path: str) -> object:
        if Path(path) == barred:
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os, "access", lambda path, mode: path != barred and access(path, mode))
    found = [path for path, _ in find_files([tmp_path]).files]
    assert found == [tmp_path / "a.txt", barred]
    with pytest.raises(LoadError, match="barred is a folder that can't be opened"):
        load(barred)


def test_a_path_too_long_is_one_fault_among_good_files(tmp_path: Path) -> None:
    good = write(tmp_path, "a.txt", "x")
    found = find_files([tmp_path / ("x" * 400), good])
    assert [path for path, _ in found.files][1:] == [good]
    with pytest.raises(LoadError, match="can't be read"):
        load(found.files[0][0])


def test_a_file_given_directly_is_kept_whatever_it_is(tmp_path: Path) -> None:
    found = find_files([tmp_path / "tool.exe", str(tmp_path / "gone.txt")])
    assert [name for _, name in found.files] == ["tool.exe", "gone.txt"]


def test_pdfium_is_let_go(tmp_path: Path) -> None:
    path = write(tmp_path, "a.pdf", pdf_bytes(["Some text."]))
    for _ in range(50):
        load(path)
    assert pypdfium2.PdfDocument(path) is not None
