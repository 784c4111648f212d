"""How far work has come, and what became of each file, in words and without live markup."""

from __future__ import annotations

import pytest

from assistant.holdings import FileReport, Outcome
from assistant.web import progress
from assistant.web.work import File, Stage
from tests.web.samples import HOSTILE, assert_inert, visible

ADDED = FileReport("/x/a.pdf", Outcome.ADDED, "a.pdf", 4)
FAILED = FileReport("/x/b.pdf", Outcome.FAILED, "b.pdf", 0, "b.pdf needs a password.")


def shown(**stage: object) -> str:
    html = progress.working([Stage("Adding 3 files", **stage)])  # type: ignore[arg-type]
    assert_inert(html)
    return visible(html)


def test_each_file_has_its_state() -> None:
    files = (
        File("a.pdf", begun=True, report=ADDED),
        File("b.pdf", begun=True, report=FAILED),
        File("c.pdf", begun=True, done=120, total=480),
        File("d.pdf", begun=True),
        File("e.pdf"),
    )
    said = shown(waiting=False, files=files, share=0.375)
    assert "Adding 3 files · 2 of 5 done" in said
    assert "a.pdfadded" in said
    assert "b.pdffailed" in said
    assert "c.pdf120 of 480 passages" in said
    assert "d.pdfreading" in said
    assert "e.pdfwaiting" in said
    assert 'value="0.375"' in progress.working(
        [Stage("x", files=files, waiting=False, share=0.375)]
    )


def test_of_many_files_those_around_the_one_in_hand_are_listed() -> None:
    done = tuple(File(f"{n}.md", begun=True, report=ADDED) for n in range(50))
    left = tuple(File(f"{n}.md") for n in range(51, 100))
    said = shown(waiting=False, files=(*done, File("50.md", begun=True), *left))
    assert "44 before these" in said
    assert "44.mdadded" in said
    assert "50.mdreading" in said
    assert "56.mdwaiting" in said
    assert "57.md" not in said
    assert "and 43 more" in said


def test_what_is_to_come_before_and_after_is_told() -> None:
    assert "Adding 3 files · waiting for its turn" in shown()
    assert "cancelling…" in shown(waiting=False, cancelled=True, seconds_left=90.0)
    assert "left" not in shown(waiting=False, cancelled=True, seconds_left=90.0)
    one = (File("a.pdf", begun=True, report=ADDED),)
    assert "finishing…" in shown(waiting=False, files=one)
    assert "about 2 minutes left" in shown(waiting=False, seconds_left=119.0)
    assert "left" not in shown(waiting=False)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "less than a minute left"),
        (61, "about 1 minute left"),
        (600, "about 10 minutes left"),
        (7100, "about 2 hours left"),
    ],
)
def test_the_time_left_is_told_no_more_exactly_than_it_is_known(seconds: int, words: str) -> None:
    assert progress.time_left(seconds) == words


def test_each_file_is_reported_in_words() -> None:
    html = progress.reports([ADDED, FAILED])
    assert "1 added, 1 failed" in visible(html)
    assert "a.pdf: added, 4 passages" in visible(html)
    assert "b.pdf: failed" in visible(html)
    assert "b.pdf needs a password." in html
    assert html.count('class="failed"') == 1


def test_of_many_reports_those_that_failed_come_first() -> None:
    html = progress.reports([*[ADDED] * 50, FAILED])
    assert visible(html).index("b.pdf") < visible(html).index("a.pdf: added")
    assert "and 21 more files" in visible(html)


def test_the_address_of_a_page_is_shown_as_it_was_given() -> None:
    page = FileReport("http://example.org/a", Outcome.FAILED, "", 0, "No.")
    assert "http://example.org/a: failed" in visible(progress.reports([page]))


def test_hostile_names_are_shown_and_not_run() -> None:
    report = FileReport(HOSTILE, Outcome.FAILED, HOSTILE, 0, HOSTILE)
    files = (File(HOSTILE, begun=True, done=1, total=2), File(HOSTILE, report=report))
    for html in (
        progress.reports([report]),
        progress.problem(HOSTILE),
        progress.working([Stage(HOSTILE, files=files, waiting=False)]),
        progress.working([Stage(HOSTILE, over=True, problem=HOSTILE)]),
    ):
        assert_inert(html)
        assert "alert(1)" in visible(html)
