"""The real page in a real browser: ask, read, click the mark, upload, refuse, leak nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import resources
from tests.web.browsing import Open, ask, upload
from tests.web.samples import HOSTILE
from tests.web.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.model]
QUESTION = "Who was the sharpest critic of the Mérida Initiative in the cables?"
HARBOUR = (
    "# The harbour of Puerto Verde\n\nThe harbour of Puerto Verde was opened on 4 May 1987 by"
    " Josefina Lobo. Building it had cost twelve million pesos.\n\n"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("page"), resources.samples_folder()) as address:
        yield address


def in_view(page: Page, selector: str) -> bool:
    return bool(
        page.evaluate(
            """selector => { const at = document.querySelector(selector).getBoundingClientRect();
            return at.top >= 0 && at.bottom <= innerHeight; }""",
            selector,
        )
    )


def test_ask_see_the_citation_and_open_it(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, QUESTION)
    assert "Gutiérrez" in page.inner_text(".answer")
    mark = page.locator(".answer .mark").last
    number = int(re.sub(r"\D", "", mark.inner_text()))
    mark.hover()
    page.wait_for_selector("#tip:visible")
    quote = page.inner_text("#tip .quote")
    mark.click()
    card = f"#source-1-{number}"
    page.wait_for_selector(f"{card}.emphasised")
    page.wait_for_timeout(600)
    assert page.evaluate("document.activeElement.id") == card[1:]
    assert in_view(page, f"{card} mark")
    evidence = page.inner_text(f"{card} mark")
    assert " ".join(evidence.split()) == " ".join(quote.split())
    assert len(page.inner_text(f"{card} .passage")) > len(evidence)
    page.locator(f"{card} .mark").click()
    assert page.evaluate("document.activeElement.id") == f"mark-1-{number}"


def test_everything_can_be_done_by_keyboard(visit: Open, address: str) -> None:
    page = visit(address, reduced_motion="reduce")
    page.locator(".example").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('.exchange[aria-busy="false"] .mark')
    page.locator("#mark-1-1").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.is_visible("#tip")
    assert page.get_attribute("#mark-1-1", "aria-describedby") == "tip"
    page.keyboard.press("Escape")
    assert not page.is_visible("#tip")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'source-1-1'")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'mark-1-1'")


def test_marks_of_an_earlier_answer_show_its_sources(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, QUESTION)
    ask(page, "How long did General Galván expect the army to stay in the streets?")
    assert page.is_visible("#source-2-1")
    assert not page.is_visible("#source-1-1")
    page.get_by_role("tab", name="Documents").click()
    page.locator("#mark-1-1").click()
    page.wait_for_selector("#source-1-1", state="visible")
    assert not page.is_visible("#source-2-1")


def test_what_is_not_in_the_documents_is_refused(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, "Which yeast makes the best sourdough pizza?")
    assert "do not answer this" in page.inner_text(".refusal")
    assert page.locator(".answer").count() == 0
    assert "They are not an answer." in page.inner_text("#sources")
    assert page.locator("#sources mark").count() == 0


def test_upload_a_file_ask_about_it_and_remove_it(
    visit: Open, address: str, tmp_path: Path
) -> None:
    page = visit(address)
    (tmp_path / "harbour.md").write_text(HARBOUR, encoding="utf-8")
    (tmp_path / "empty.txt").write_text("")
    held = int(re.findall(r"\d+", page.inner_text(".welcome h2"))[0])
    upload(page, tmp_path / "harbour.md", tmp_path / "empty.txt")
    page.wait_for_selector(f"text=Ask {held + 1} documents")
    news = page.inner_text(".reports")
    assert "harbour.md: added, 1 passage" in news
    assert "empty.txt: failed" in news
    assert page.locator("#documents tr", has_text="harbour.md").count() == 1
    ask(page, "Who opened the harbour of Puerto Verde?")
    assert "Josefina Lobo" in page.inner_text(".answer")
    assert "harbour.md" in page.inner_text("#source-1-1 .place")
    page.get_by_role("tab", name="Documents").click()
    page.get_by_label("Remove harbour.md").click()
    page.wait_for_selector("#news >> text=harbour.md: removed")
    page.wait_for_selector("#documents tr:has-text('harbour.md')", state="detached")
    # The conversation keeps what was cited.
    assert "Josefina Lobo" in (page.text_content("#source-1-1 mark") or "")


def test_a_file_over_the_limit_is_refused_in_words(
    visit: Open, address: str, tmp_path: Path
) -> None:
    page = visit(address)
    (tmp_path / "large.txt").write_text("word " * 300_000)
    page.get_by_role("tab", name="Documents").click()
    page.set_input_files("#drop input[type=file]", str(tmp_path / "large.txt"))
    page.wait_for_selector("text=/maximum allowed size|too large|exceeds/i")
    assert page.locator("#documents tr", has_text="large.txt").count() == 0


def test_another_session_sees_nothing_of_this_one(visit: Open, address: str) -> None:
    first, second = visit(address), visit(address)
    ask(first, QUESTION)
    assert second.locator(".exchange").count() == 0
    ask(second, "Who led the army?")
    assert second.locator(".exchange").count() == 1
    assert QUESTION not in second.inner_text("body")
    first.get_by_role("button", name="New conversation").click()
    first.wait_for_selector(".welcome")
    assert second.locator(".exchange").count() == 1


def test_a_hostile_document_shows_and_does_nothing(
    visit: Open, browser: Browser, tmp_path: Path
) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    text = f"The zebra clock strikes eleven {HOSTILE.splitlines()[0]} and stops."
    (documents / "<img src=x onerror=alert(9)>.txt").write_text(f"{text}\n\n{HOSTILE}", "utf-8")
    with running(tmp_path / "index", documents) as address:
        page = visit(address)
        ask(page, f"When does the zebra clock strike? {HOSTILE}")
        assert "<script>alert(1)</script>" in page.inner_text("#transcript")
        assert "${alert(4)}" in page.inner_text("#transcript")
        page.locator(".mark").first.click()
        page.locator(".answer .mark, .refusal").first.hover()
        page.get_by_role("tab", name="Documents").click()
        assert "onerror=alert(9)" in page.inner_text("#documents")
        live = "img, script, iframe, svg, a:not(.indexes a), link, object"
        live += ", [onload], [onerror], [onmouseover]"
        for part in ("#transcript", "#sources", "#documents", "#head"):
            found = page.evaluate(
                "([part, live]) => document.querySelector(part + ' .html-container')"
                ".querySelectorAll(live).length",
                [part, live],
            )
            assert found == 0, part


def test_a_model_streams_is_checked_and_can_be_stopped(visit: Open, tmp_path: Path) -> None:
    with running(tmp_path, resources.samples_folder(), model=True) as address:
        page = visit(address)
        page.get_by_label("Your question").fill(QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector('.exchange[aria-busy="true"] .answer .mark')
        page.wait_for_selector('.exchange[aria-busy="false"]')
        assert page.inner_text(".answer strong") == "Gerónimo Gutiérrez"
        assert page.locator(".answer img, .answer script").count() == 0
        unsupported = page.locator(".verdict.unsupported, .verdict.partly")
        assert unsupported.count() >= 1
        unsupported.first.hover()
        assert "cited passage" in page.inner_text("#tip")
        page.mouse.move(2, 2)
        page.wait_for_selector("#tip", state="hidden")
        page.locator(".claim.unsupported, .claim.partly").first.hover()
        assert "cited passage" in page.inner_text("#tip")
        assert re.search(r"\d of \d statements supported", page.inner_text(".foot"))
        page.get_by_label("Your question").fill(QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector(".exchange:nth-child(2) .answer")
        page.get_by_role("button", name="Stop").click()
        page.wait_for_selector("text=Stopped.")
        text = page.inner_text(".exchange:nth-child(2)")
        page.wait_for_timeout(2000)
        assert page.inner_text(".exchange:nth-child(2)") == text
        ask(page, QUESTION)
        assert page.locator(".exchange").count() == 3


@pytest.mark.parametrize("width", [360, 820, 1440])
def test_the_page_is_never_wider_than_the_screen(visit: Open, address: str, width: int) -> None:
    page = visit(address, viewport={"width": width, "height": 800})
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("tab", name="Documents").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
