"""The tab in a real browser: a set is run and followed, its report read, two runs compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from assistant import resources
from tests.web.browsing import Open, ask, fill
from tests.web.server import running
from tests.web.test_page_in_browser import QUESTION

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.model]
PAUSE = 120_000
"""Milliseconds that a run may take; the models are loaded anew for each."""
OTHER = "Who paid for <b>it</b>?"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("page"), resources.samples_folder()) as address:
        yield address


def open_tab(page: Page) -> None:
    page.get_by_role("tab", name="Evaluate").click()
    page.wait_for_selector("#evaluate-runs :is(.note, .runs)")


def choose(page: Page, name: str) -> None:
    page.get_by_label("Question set").click()
    page.get_by_role("option", name=name).click()


def run(page: Page, most: int = 0) -> None:
    fill(page.get_by_label("Questions at most"), str(most))
    page.get_by_label("this index, as it is").check()
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_selector("#evaluate-status progress")


def until_done(page: Page) -> None:
    page.wait_for_selector("#evaluate-status:has-text('is done')", timeout=PAUSE)


def mine(page: Page, name: str) -> list[str]:
    """Return the runs listed of a set."""
    return page.locator(f".run:has(.title:text-is('{name}'))").all_inner_texts()


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Return a set that has one question nobody can answer rightly."""
    rows = [
        {"id": "a", "question": QUESTION, "answerable": True, "answers": ["Gutiérrez"]},
        {"id": "b", "question": OTHER, "answerable": True, "answers": ["Zorro"]},
    ]
    file = tmp_path / "two.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return file


def test_a_set_is_uploaded_run_read_and_compared(
    visit: Open, address: str, questions: Path
) -> None:
    page = visit(address, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    open_tab(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload a question set").click()
    chooser.value.set_files(str(questions))
    page.wait_for_function(
        "document.querySelector('#evaluate-set input').value.startsWith('two.jsonl')"
    )
    for most in (0, 1):
        run(page, most)
        until_done(page)
    assert len(mine(page, "two")) == 2
    page.locator(".run", has_text="2 questions").click()
    page.wait_for_function("document.activeElement.tagName === 'H3'")
    pictures = page.locator("#evaluate-report img").all()
    assert pictures
    for picture in pictures:
        assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    wrong = page.locator("details.wrong", has_text=OTHER)
    wrong.locator("summary").click()
    assert "Zorro" in wrong.inner_text()
    page.locator("details.measures summary").first.click()
    assert Axe().run(page).violations_count == 0
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the whole report").click()
    assert download.value.suggested_filename.endswith("-two.html")
    assert "Zorro" in Path(download.value.path()).read_text("utf-8")
    page.get_by_label("Compare with").click()
    page.get_by_role("option").first.click()
    page.wait_for_selector("#evaluate-comparison >> text=Two runs compared", timeout=PAUSE)
    assert Axe().run(page).violations_count == 0
    wrong.get_by_role("button", name="Ask it here").click()
    page.wait_for_function("document.querySelector('#question textarea').value !== ''")
    assert page.get_by_label("Your question").input_value() == OTHER
    page.wait_for_function("document.activeElement.matches('#question textarea')")
    open_tab(page)
    for left in (1, 0):
        page.locator("li:has(.title:text-is('two')) .remove").first.click()
        page.wait_for_function(
            "left => [...document.querySelectorAll('.run .title')]"
            ".filter((title) => title.textContent === 'two').length === left",
            arg=left,
        )
    assert page.inner_text("#evaluate-report") == ""


def test_a_run_goes_on_while_the_page_is_away_and_can_be_stopped(visit: Open, address: str) -> None:
    page = visit(address)
    open_tab(page)
    choose(page, "merida")
    run(page)
    page.wait_for_selector("#evaluate-status:has-text('Asking')", timeout=PAUSE)
    page.reload()
    page.wait_for_selector(".welcome")
    open_tab(page)
    page.wait_for_selector("#evaluate-status progress")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Stop", exact=True).click()
    page.wait_for_selector("#evaluate-status:has-text('Run it again to go on')")
    page.wait_for_selector(".run:has-text('Not finished')")
    assert page.locator("button.run", has_text="Not finished").count() == 0


def test_a_bad_answer_becomes_a_question_of_a_set_of_ones_own(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, QUESTION)
    page.get_by_role("button", name="Bad answer").click()
    page.get_by_role("button", name="Make it a question").click()
    page.get_by_label("The right answer").fill("the mules")
    page.keyboard.press("Enter")
    page.wait_for_selector(".reason:has-text('The right answer: the mules')")
    page.reload()
    page.wait_for_selector(".reason:has-text('The right answer: the mules')")
    open_tab(page)
    choose(page, "Answers you judged (1 question)")
    run(page)
    until_done(page)
    page.locator(".run", has_text="judged-answers").click()
    page.wait_for_selector("details.wrong")
    page.locator("details.wrong summary").click()
    assert "the mules" in page.inner_text("details.wrong")
    other = visit(address)
    open_tab(other)
    assert mine(other, "judged-answers") == []
    other.get_by_label("Question set").click()
    options = other.get_by_role("option").all_inner_texts()
    assert options
    assert not any("judged" in option for option in options)


def test_what_can_not_be_run_is_said(visit: Open, address: str) -> None:
    page = visit(address)
    open_tab(page)
    choose(page, "A file or folder on this machine")
    fill(page.get_by_label("Path of a question set"), "/nowhere/at/all")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_selector("#evaluate-status .problem", timeout=PAUSE)
    assert "There is no question set '/nowhere/at/all'" in page.inner_text("#evaluate-status")
    page.wait_for_selector("#evaluate-run", state="visible")


def test_it_fits_a_phone(visit: Open, address: str) -> None:
    page = visit(address, viewport={"width": 360, "height": 740}, color_scheme="dark")
    open_tab(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).violations_count == 0
