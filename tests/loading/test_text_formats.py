"""Text, Markdown and HTML as they are met: mixed encodings, odd markup, nothing lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from assistant.errors import LoadError
from assistant.loading import load
from assistant.types import Document
from tests.loading import files
from tests.strategies import nasty_text

JAPANESE = "日本語の文章です。これは試験です。\n"
RUSSIAN = "Мэр уехал"
STEPS = "\n".join("  " * depth + "- deep" for depth in range(90))


def read(tmp_path: Path, name: str, content: str | bytes) -> Document:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load(path)


@pytest.mark.parametrize(
    ("data", "end"),
    [
        ("La señora. ".encode() * 20 + b"\xff", "La señora. " * 20 + "\ufffd"),
        (b"plain\n" * 50_000 + "El año, según él.".encode("cp1252"), "El año, según él."),
        (("x" + JAPANESE * 12_000).encode("shift_jis"), "x" + JAPANESE * 12_000),
        ("\x1b[32mINFO\x1b[0m up\n" * 9, "\x1b[32mINFO\x1b[0m up\n" * 9),
    ],
    ids=["stray byte", "late accents", "long Japanese", "coloured log"],
)
def test_difficult_bytes(tmp_path: Path, data: bytes | str, end: str) -> None:
    assert read(tmp_path, "a.log", data).text.endswith(end)


@given(nasty_text)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_plain_text_is_exactly_the_files(tmp_path: Path, text: str) -> None:
    try:
        found = read(tmp_path, "a.txt", b"\xef\xbb\xbf" + text.encode())
    except LoadError:
        return
    assert found.text == text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


# -- Markdown ----------------------------------------------------------------------------------


def test_rules_are_not_taken_for_metadata(tmp_path: Path) -> None:
    document = read(tmp_path, "a.md", "---\nNote: a draft\n\nIt matters.\n\n---\n\n# One\n")
    assert document.text == "Note: a draft\n\nIt matters.\n\nOne"


def test_metadata_gives_the_title(tmp_path: Path) -> None:
    document = read(tmp_path, "a.md", '---\ntitle: "The march"\ntags:\n  - x\n---\n## Then\n')
    assert (document.title, document.text) == ("The march", "Then")


def test_html_in_markdown_goes_and_what_only_looks_like_it_stays(tmp_path: Path) -> None:
    text = "A <b>bold</b> List<String>.\n\n<!-- no -->\n\n<div align=x>In <i>it</i></div>\n"
    assert read(tmp_path, "a.md", text).text == "A bold List<String>.\n\nIn it"


@pytest.mark.parametrize("text", [">" * 300 + " deep", STEPS], ids=["quotes", "lists"])
def test_deep_markdown_loses_nothing(tmp_path: Path, text: str) -> None:
    document = read(tmp_path, "a.md", text)
    assert document.text.count("deep") == text.count("deep")
    assert "plain text" in document.notes[0]


LONG = "rain " * 60


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", f"# {LONG}\n\nIt fell.\n\n## Then\n\nIt stopped.\n"),
        ("a.html", f"<h1>{LONG}</h1><p>It fell.</p><h2>Then</h2><p>It stopped.</p>"),
        ("a.json", json.dumps({LONG: [{"it": "fell"}], "Then": [{"it": "stopped"}]})),
        ("a.xhtml", f"<title>{LONG}</title><h6>{LONG}</h6><p>It fell.</p><h1>Then</h1>"),
    ],
)
def test_what_is_too_long_for_a_heading_is_a_paragraph(
    tmp_path: Path, name: str, content: str | bytes
) -> None:
    document = read(tmp_path, name, content)
    assert LONG.strip() in document.text
    assert [heading.text for heading in document.headings] == ["Then"]


def test_headings_have_no_bottomless_levels(tmp_path: Path) -> None:
    levels = "".join(f'<text:h text:outline-level="{n}">Part {n}</text:h>' for n in range(1, 40))
    document = read(tmp_path, "a.odt", files.odt_bytes(levels))
    assert max(heading.level for heading in document.headings) == 10


# -- HTML --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<h1>M<em>é</em>rida</h1><table><tr><td><b>H</b>ey<td>5<td>5</table>",
         "Mérida\n\nHey | 5 | 5"),
        ("<table><tr><td><h1>Top</h1><p>A.</p></td><td><table><tr><td>in<td>ner</table></table>",
         "Top\n\nA.\n\nin | ner"),
        ("<table><tr><td><p>A.</p><p>B.</p></td></tr></table>", "A.\n\nB."),
        ("<table><tr><td>Capital<td>Lima<tr><td>Deaths<td>5</table>",
         "Capital | Lima\n\nDeaths | 5"),
        ("<table><tr><td>2009<td>5<tr><td><p>A.</p><p>B.</p></td></tr></table><p>C.",
         "2009 | 5\n\nA.\n\nB.\n\nC."),
        ("<table><tr><td><p>2009</p></td><td><p>5</p></td></tr></table>", "2009 | 5"),
        ("<a>Skip</a><form><p>All of the page is in a form.</p></form>",
         "Skip\n\nAll of the page is in a form."),
        ("<p>The text, long enough.</p><form>Your name <input></form>", "The text, long enough."),
        ("<aside><main>Kept.</main></aside><p>And this.", "Kept.\n\nAnd this."),
        ("<nav><form>x</form><nav>y</nav></nav><p>Main", "Main"),
        ("A.<br> <br>B.<br>C", "A.\n\nB. C"),
        ("<p>seen<p style='display: none'>not", "seen"),
        ("<p>seen<p hidden>not<p><span aria-hidden=true>x</span> too", "seen\n\ntoo"),
        ("<ul><li><p>First</p><p>More</p></li><li>Second</li></ul>", "- First\n\nMore\n\n- Second"),
        ("<ul><li></li><li><div> </div></li></ul><p>After", "After"),
        ("<ul><li><div><ul><li>Deep</ul></div></ul><p>After", "- Deep\n\nAfter"),
        ("<ul><li><h2>Head</h2><p>Text</p></ul>", "Head\n\n- Text"),
        ("<ul><li>One<ul><li>Two</ul>and<li>Three</ul>", "- One\n\n- Two\n\nand\n\n- Three"),
        ("<ul><li><pre>code</pre></ul>", "- code"),
        ("<ul><li><table><tr><td>a<td>b</table></ul><p>After", "- a | b\n\nAfter"),
        ("<pre>a\n  <b>b</b><br>c</pre>d", "a\n  b\nc\n\nd"),
    ],
)  # fmt: skip
def test_pages(tmp_path: Path, page: str, text: str) -> None:
    document = read(tmp_path, "a.html", f"<body>{page}")
    assert document.text == text
    for heading in document.headings:
        assert document.text[heading.start :].startswith(heading.text)


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title>Untitled Document</title><h2>Menu</h2><h1>Real one</h1>", "Real one"),
        ("<svg><title>Icon</title></svg><h1>Real one</h1>", "Real one"),
        ("<meta property='og:title' content='Shared\n as'><h1>Real one</h1>", "Shared as"),
        ("<title>A\x1b[2Jb" + "c" * 300 + "</title>x", "A [2Jb" + "c" * 194),
        ("<h1>日本</h1>", "日本"),
    ],
)
def test_titles_of_pages(tmp_path: Path, page: str, title: str) -> None:
    assert read(tmp_path, "a.html", page).title == title


@pytest.mark.parametrize("declared", ["no-such-thing", "unicode_escape", "idna"])
def test_a_declared_encoding_that_is_none_is_passed_over(tmp_path: Path, declared: str) -> None:
    page = f"<meta charset='{declared}'><p>{RUSSIAN}</p>".encode("cp1251")
    assert read(tmp_path, "a.html", page).text


def test_the_declared_encoding_is_used(tmp_path: Path) -> None:
    page = f"<meta charset='iso-8859-5'><p>{RUSSIAN}</p>".encode("iso-8859-5")
    assert read(tmp_path, "a.html", page).text == RUSSIAN


def test_a_page_in_a_deep_call_stack(tmp_path: Path) -> None:
    page = "<div>" * 3000 + "deep" + "</div>" * 3000

    def nested(depth: int) -> str:
        return nested(depth - 1) if depth else read(tmp_path, "a.html", page).text

    assert nested(500) == "deep"


def test_no_file_name_is_beyond_storing(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff report.txt"))
    try:
        path.write_text("Some text.", "utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    document = load(path)
    assert "".join((document.name, document.title, document.source)).encode()
