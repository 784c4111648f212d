"""The pages of runs and comparisons: complete, inert, and usable in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.types import Hit, Passage, Span
from eval import pages
from eval.comparing import compare
from eval.outcomes import Judgement, Quote
from eval.questions import Gold
from eval.reports import Report, make
from eval.scoring import score
from tests.eval.samples import answer, citation, outcome, question, stretch
from tests.eval.test_scoring import IDENTITY, SETTING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = '<script>alert(1)</script><img src="http://evil.example/a.png">"\'&\u202egnp.exe'


def _report(right: int) -> Report:
    """Six questions, of which so many are right; one is hostile, one is not in the documents."""
    gold = (Gold("a.txt", (Span(10, 20),)),)
    scored = []
    for number in range(4):
        text = "It is red." if number < right else "It is blue."
        given = answer(text, citations=[citation()], confidence=0.9 - 0.1 * number)
        found = [stretch(90, 99)] * number + [stretch(0, 30)]
        asked = question(f"question {number}", kind="what" if number % 2 else "who")
        scored.append(score(asked, outcome(asked.id, given, retrieved=found)))
    passage = Passage("p", HOSTILE, HOSTILE, HOSTILE, 0, 9, 3, "", ())
    hostile = replace(
        answer(HOSTILE, citations=[replace(citation(), quote=HOSTILE, document=HOSTILE)]),
        hits=(Hit(passage, 0.5, ()),),
        standalone=HOSTILE,
    )
    came = replace(
        outcome("hostile", hostile),
        evidence=(Quote(HOSTILE, 2, HOSTILE),),
        judgement=Judgement(1.0, None, HOSTILE),
    )
    asked = question("hostile", answers=(HOSTILE,), gold=gold, kind=HOSTILE)
    scored.append(score(replace(asked, text=HOSTILE), came))
    absent = question("absent", answerable=False, kind="absent")
    scored.append(score(absent, outcome("absent", answer(refused=True, confidence=0.1))))
    unread = replace(SETTING.indexing, unread=(HOSTILE,))
    return make(IDENTITY, replace(SETTING, indexing=unread), tuple(scored))


@pytest.fixture
def report_page(tmp_path: Path) -> Path:
    return pages.write_report(_report(2), tmp_path)


@pytest.fixture
def comparison_page(tmp_path: Path) -> Path:
    return pages.write_comparison(
        compare(_report(3), _report(1)), tmp_path / "new" / "compare.html"
    )


@pytest.mark.parametrize("which", ["report_page", "comparison_page"])
def test_a_page_is_one_file_that_needs_no_other(which: str, request: pytest.FixtureRequest) -> None:
    html = request.getfixturevalue(which).read_text("utf-8")
    assert "default-src 'none'" in html
    assert not re.search(r"<(link|img|iframe|script)[^>]*(src|href)=", html)
    assert "<script>alert" not in html
    assert "\u202e" not in html
    assert html.count("<svg") >= 1


def test_the_page_says_what_went_wrong(report_page: Path) -> None:
    html = report_page.read_text("utf-8")
    assert "Cites gold evidence, but does not hold an accepted answer." in html
    assert "gold evidence in the first passage" in html
    assert html.count('<tbody id="q-') == 6


def test_means_by_kind_say_how_sure_they_are(report_page: Path) -> None:
    html = report_page.read_text("utf-8")
    (row,) = re.findall(r"<tr><th>who</th>(.*?)</tr>", html, re.DOTALL)
    assert '1.000 <small class="quiet">1–1, of 2</small>' in row
    assert '0.500 <small class="quiet">0–1, of 2</small>' in row


@pytest.fixture
def look(browser: Browser) -> Iterator[Page]:
    """Return a page that must ask for nothing but its own file, and must not complain."""
    page = browser.new_page()
    strangers: list[str] = []
    page.on("request", lambda request: strangers.append(request.url))
    page.on("console", lambda message: strangers.append(message.text))
    page.on("pageerror", lambda error: strangers.append(str(error)))
    page.on("dialog", lambda dialog: strangers.append(dialog.message))
    yield page
    assert all(url.startswith("file://") for url in strangers), strangers
    page.close()


@pytest.mark.browser
def test_the_table_is_sorted_filtered_and_opened(look: Page, report_page: Path) -> None:
    look.goto(report_page.as_uri())
    shown = look.locator("#questions tbody:visible")
    assert shown.count() == 6
    look.locator("#became").select_option("wrong")
    assert shown.count() == 3
    look.locator("#words").fill("Question 3?")
    assert shown.count() == 1
    assert look.locator("#shown").inner_text() == "1 of 6 questions"
    opener = shown.locator(".open")
    assert opener.get_attribute("aria-expanded") == "false"
    opener.press("Enter")
    assert opener.get_attribute("aria-expanded") == "true"
    assert "It is blue." in shown.locator(".detail").inner_text()
    look.locator("#words").fill("")
    look.locator("#became").select_option("")
    header = look.locator("#questions th", has_text="gold at rank")
    ranks = "#questions tbody tr:first-child td:nth-child(4)"
    header.locator("button").click()
    assert header.get_attribute("aria-sort") == "ascending"
    assert [cell for cell in look.locator(ranks).all_inner_texts() if cell] == ["1", "2", "3", "4"]
    header.locator("button").click()
    assert [cell for cell in look.locator(ranks).all_inner_texts() if cell] == ["4", "3", "2", "1"]


@pytest.mark.browser
@pytest.mark.parametrize("which", ["report_page", "comparison_page"])
def test_a_page_fits_a_narrow_screen(
    look: Page, which: str, request: pytest.FixtureRequest
) -> None:
    look.set_viewport_size({"width": 360, "height": 740})
    look.goto(request.getfixturevalue(which).as_uri())
    assert look.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.browser
def test_the_comparison_lists_who_changed_side(look: Page, comparison_page: Path) -> None:
    look.goto(comparison_page.as_uri())
    lost = look.locator("section", has_text="Became wrong").last
    assert lost.locator("summary").count() == 2
    lost.locator("summary").first.click()
    text = lost.inner_text()
    assert "It is red." in text
    assert "It is blue." in text
