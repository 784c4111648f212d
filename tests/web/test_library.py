"""The documents side: the table, progress and reports, in words and without live markup."""

from __future__ import annotations

from pathlib import Path

from assistant.holdings import DocumentInfo, FileReport, Outcome, Progress
from assistant.places import Receipt, Unit
from assistant.web import library
from tests.web.samples import HOSTILE, assert_inert, visible


def info(name: str = "notes.md", pages: int = 0, notes: tuple[str, ...] = ()) -> DocumentInfo:
    receipt = Receipt(Unit.PAGE, pages) if pages else Receipt()
    return DocumentInfo(
        name, f"Title of {name}", "/x", "0", 10, pages, 1200, notes, "2026", receipt=receipt
    )


def test_the_table_shows_pages_passages_and_notes() -> None:
    html = library.table([info("a.pdf", 12, ("Page 3 holds no text.",)), info("b.md")])
    assert "Title of a.pdf" in visible(html)
    assert "Page 3 holds no text." in html
    assert '<td class="number">12 pages</td><td class="number">1,200</td>' in html
    assert '<td class="number">10 characters</td>' in html
    assert 'data-remove="b.md" aria-label="Remove b.md"' in html


def test_a_long_table_is_cut_and_says_so() -> None:
    html = library.table([info(f"{n}.md") for n in range(library.MOST_ROWS + 2)])
    assert html.count("<tr>") == library.MOST_ROWS + 1
    assert "and 2 more documents" in html


def test_progress_counts_files_and_passages() -> None:
    html = library.progress(Progress(Path("/x/a.pdf"), 1, 4, 30, 60))
    assert "a.pdf: 30 of 60 passages" in html
    assert "File 2 of 4" in html
    assert 'value="0.375"' in html
    assert "a.pdf: reading" in library.progress(Progress(Path("/x/a.pdf"), 0, 1, 0, 0))


def test_each_file_is_reported_in_words() -> None:
    html = library.reports(
        [
            FileReport(Path("a.pdf"), Outcome.ADDED, "a.pdf", 1),
            FileReport(Path("b.pdf"), Outcome.FAILED, "b.pdf", 0, "b.pdf needs a password."),
        ]
    )
    assert "a.pdf: added, 1 passage" in visible(html)
    assert "b.pdf: not added" in visible(html)
    assert "b.pdf needs a password." in html
    assert html.count('class="failed"') == 1


def test_hostile_names_are_shown_and_not_run() -> None:
    path = Path(HOSTILE.replace("/", "-"))
    for html in (
        library.table([info(HOSTILE, notes=(HOSTILE,))]),
        library.reports([FileReport(path, Outcome.FAILED, HOSTILE, 0, HOSTILE)]),
        library.progress(Progress(path, 0, 1, 1, 2)),
        library.problem(HOSTILE),
    ):
        assert_inert(html)
        assert "alert(1)" in visible(html)
