"""Conversations in a real browser: reload, restart, strangers, the list, what answers allow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import docx
import pytest

from assistant import resources
from assistant.exporting import FORMATS
from assistant.passwords import line
from assistant.saved import read_citations
from tests.web.browsing import Open, ask, upload
from tests.web.server import running
from tests.web.test_page_in_browser import HARBOUR, QUESTION

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.model]
SECOND = "How long did General Galván expect the army to stay in the streets?"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("page"), resources.samples_folder()) as address:
        yield address


def open_list(page: Page) -> None:
    page.get_by_role("button", name="Conversations").click()
    page.wait_for_selector("#talks-list .talks, #talks-list .note")


def choose(page: Page, title: str, action: str) -> None:
    page.locator(".talks li", has_text=title).locator("summary").click()
    page.locator(".menu[open]").get_by_role("button", name=action).click()


def titles(page: Page) -> list[str]:
    return [title.strip() for title in page.locator(".talk .title").all_inner_texts()]


def test_it_is_there_after_a_reload_and_after_a_restart(visit: Open, tmp_path: Path) -> None:
    with running(tmp_path, resources.samples_folder()) as address:
        page = visit(address)
        ask(page, QUESTION)
        ask(page, SECOND)
        said = page.locator(".answer").all_inner_texts()
        page.reload()
        page.wait_for_selector(".exchange:nth-child(2)")
        assert page.locator(".answer").all_inner_texts() == said
        page.locator(".exchange:nth-child(1) .mark").first.click()
        page.wait_for_selector("#source-1-1.emphasised mark", state="visible")
    with running(tmp_path, settings={"port": str(urlsplit(address).port)}):
        # The page was left open: the new server knows nothing of it but what was kept.
        ask(page, "Who criticized the Mérida Initiative?")
        page.reload()
        page.wait_for_selector(".exchange:nth-child(3)")
        assert page.locator(".answer").all_inner_texts()[:2] == said
        open_list(page)
        assert titles(page) == [QUESTION]
        assert "3 questions" in page.inner_text(".talk .note")


def test_other_tabs_and_other_browsers_are_shown_nothing_of_it(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, QUESTION)
    tab = page.context.new_page()
    tab.goto(address)
    tab.wait_for_selector(".welcome")
    stranger = visit(address)
    for other in (tab, stranger):
        other.wait_for_timeout(500)
        assert other.locator(".exchange").count() == 0
        assert QUESTION not in (other.text_content("body") or "")
    # Who asks for the list in the same browser gets their own; a stranger has none.
    open_list(tab)
    assert titles(tab) == [QUESTION]
    open_list(stranger)
    assert "No conversations yet." in stranger.inner_text("#talks")


def test_conversations_are_searched_opened_renamed_and_deleted(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, QUESTION)
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_selector(".welcome")
    ask(page, SECOND)
    open_list(page)
    assert titles(page) == [SECOND, QUESTION]
    search = page.get_by_label("Search conversations")
    search.fill("SHARPEST merida")
    page.wait_for_selector(f'.talks:not(:has-text("{SECOND}"))')
    assert titles(page) == [QUESTION]
    page.locator(".talk").click()
    page.wait_for_selector(f'.question:has-text("{QUESTION}")')
    page.wait_for_selector('.talk[aria-current="true"]')
    choose(page, QUESTION, "Rename")
    page.get_by_label("Title of the conversation").fill("The critics")
    page.keyboard.press("Enter")
    page.wait_for_selector('.talk:has-text("The critics")')
    search.fill("")
    page.wait_for_selector(f'.talk:has-text("{SECOND}")')
    choose(page, "The critics", "Delete")
    page.wait_for_selector('.talks:not(:has-text("The critics"))')
    # The one that was shown is gone from the page as well, and stays so.
    page.wait_for_selector(".welcome")
    page.reload()
    page.wait_for_selector(".welcome")
    open_list(page)
    assert titles(page) == [SECOND]


def test_it_is_saved_as_a_file_of_each_kind(visit: Open, address: str, tmp_path: Path) -> None:
    page = visit(address)
    ask(page, QUESTION)
    open_list(page)
    files = {}
    for kind, name in FORMATS.items():
        with page.expect_download() as download:
            choose(page, QUESTION, f"Save as {name}")
        files[kind] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[kind])
        assert files[kind].suffix == f".{kind}"
    answer = page.inner_text(".answer").split("\u00a0")[0]
    assert answer in files["md"].read_text("utf-8")
    assert [citation.mark for citation in read_citations(files["json"])] == [1]
    assert files["pdf"].read_bytes().startswith(b"%PDF-")
    said = [paragraph.text for paragraph in docx.Document(str(files["docx"])).paragraphs]
    assert said[0] == QUESTION
    assert any(text.startswith(answer) for text in said)


def test_thumbs_and_reasons_are_kept(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, QUESTION)
    good = page.get_by_role("button", name="Good answer")
    good.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-do="thumb"][aria-pressed="true"]')
    assert page.evaluate("document.activeElement.dataset.thumb") == "up"
    # Before the server has said anything, the reason is for the thumb that was just given.
    page.evaluate(
        """() => { for (const one of ['[data-thumb="down"]', '[data-do="reason"]'])
        document.querySelector(`.actions ${one}`).click(); }"""
    )
    page.get_by_label("Why?").fill("It names <b>nobody</b>.")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector(".reason")
    page.reload()
    page.wait_for_selector(".reason")
    assert page.inner_text(".reason") == "Bad answer: It names <b>nobody</b>."
    assert good.get_attribute("aria-pressed") == "false"
    page.get_by_role("button", name="Bad answer").click()
    page.wait_for_selector('.actions:not(:has([aria-pressed="true"]))')
    assert page.locator(".reason").count() == 0


def test_the_last_question_is_asked_again_or_changed_and_its_answer_copied(
    visit: Open, address: str
) -> None:
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    ask(page, SECOND)
    ask(page, "Which yeast makes the best sourdough pizza?")
    assert page.get_by_role("button", name="Ask again").count() == 1
    page.evaluate("document.querySelector('.refusal').dataset.old = 'yes'")
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_selector('.exchange:nth-child(2)[aria-busy="false"] .refusal:not([data-old])')
    page.get_by_role("button", name="Edit question").click()
    page.get_by_label("Your question", exact=True).last.fill(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector('.exchange:nth-child(2)[aria-busy="false"] .answer')
    assert page.locator(".exchange").count() == 2
    page.get_by_role("button", name="Copy").last.click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(page.locator(".answer").last.inner_text().split("\u00a0")[0])
    assert "Sources\n\n[1] What the cables say about Mexico" in copied
    page.reload()
    page.wait_for_selector(".exchange:nth-child(2)")
    assert page.locator(".question").all_inner_texts() == [SECOND, QUESTION]


def test_an_answer_that_was_stopped_or_left_is_kept_as_far_as_it_came(
    visit: Open, tmp_path: Path
) -> None:
    with running(tmp_path, resources.samples_folder(), model=True) as address:
        page = visit(address)
        page.get_by_label("Your question").fill(QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector('.exchange[aria-busy="true"] .answer .mark')
        page.get_by_role("button", name="Stop").click()
        page.wait_for_selector("text=Stopped.")
        said = page.inner_text(".answer")
        page.reload()
        page.wait_for_selector(".exchange >> text=Stopped.")
        assert page.inner_text(".answer") == said
        # A page that is left while an answer grows can ask again.
        page.get_by_role("button", name="Ask again").click()
        page.wait_for_selector('.exchange[aria-busy="true"] .answer')
        page.reload()
        page.wait_for_selector(".exchange >> text=Stopped.")
        page.get_by_role("button", name="Ask again").click()
        page.wait_for_selector('.exchange[aria-busy="false"] .foot')
        assert page.locator(".exchange").count() == 1


def test_what_changed_since_is_told(visit: Open, address: str, tmp_path: Path) -> None:
    page = visit(address)
    harbour = tmp_path / "harbour.md"
    harbour.write_text(HARBOUR, "utf-8")
    upload(page, harbour)
    page.wait_for_selector("text=/Ask .* documents/")
    ask(page, "Who opened the harbour of Puerto Verde?")
    harbour.write_text(HARBOUR.replace("Josefina Lobo", "Ana Torres"), "utf-8")
    upload(page, harbour)
    page.wait_for_selector(".reports >> text=harbour.md: updated")
    page.reload()
    page.wait_for_selector(".exchange .since")
    assert "Since this was answered: 1 source changed." in page.inner_text(".since >> nth=0")
    assert "Josefina Lobo" in page.inner_text("#source-1-1 mark")
    assert "It says now: “" in page.inner_text("#source-1-1 .since")
    assert "Ana Torres" in page.inner_text("#source-1-1 .since")
    page.get_by_role("tab", name="Documents").click()
    page.get_by_label("Remove harbour.md").click()
    page.wait_for_selector("#news >> text=harbour.md: removed")
    page.reload()
    page.wait_for_selector(".exchange .since")
    assert "1 source gone" in page.inner_text(".since >> nth=0")


@pytest.mark.parametrize("width", [360, 1440])
def test_the_list_is_a_drawer_on_a_narrow_page(visit: Open, address: str, width: int) -> None:
    page = visit(address, viewport={"width": width, "height": 800})
    ask(page, QUESTION)
    toggle = page.get_by_role("button", name="Conversations")
    assert toggle.get_attribute("aria-expanded") == "false"
    toggle.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".talk")
    assert toggle.get_attribute("aria-expanded") == "true"
    page.wait_for_function("document.activeElement.closest('#talks-find') !== null")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    position = page.evaluate("getComputedStyle(document.getElementById('talks')).position")
    assert (position == "fixed") == (width == 360)
    page.locator("#talks .menu summary").click()
    page.keyboard.press("Escape")
    assert page.locator(".menu[open]").count() == 0
    page.keyboard.press("Escape")
    assert not page.is_visible("#talks")
    assert page.evaluate("document.activeElement.id") == "talks-toggle"
    toggle.click()
    page.locator(".talk").click()
    page.wait_for_function(
        "width => (getComputedStyle(document.getElementById('talks')).display === 'none')"
        " === (width === 360)",
        arg=width,
    )


def test_users_of_one_browser_are_shown_their_own(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "harbour.md").write_text(HARBOUR, "utf-8")
    (tmp_path / "users.txt").write_text(
        f"{line('ada', 'the word of Ada')}\n{line('ben', 'the word of Ben')}\n"
    )
    settings = {"users": str(tmp_path / "users.txt")}
    question = "Who opened the harbour of Puerto Verde?"
    with running(tmp_path, tmp_path / "harbour.md", "--fake", settings=settings) as address:
        page = browser.new_context().new_page()

        def log_in(name: str, password: str) -> None:
            page.goto(address)
            page.get_by_label("Name").fill(name)
            page.get_by_label("Password").fill(password)
            page.get_by_role("button", name="Log in").click()

        log_in("ada", "the word of Ada")
        page.wait_for_selector(".welcome")
        ask(page, question)
        page.get_by_role("link", name="Log out").click()
        log_in("ben", "the word of Ben")
        page.wait_for_selector(".welcome")
        page.wait_for_timeout(500)
        open_list(page)
        assert "No conversations yet." in page.inner_text("#talks")
        assert page.locator(".exchange").count() == 0
        page.get_by_role("link", name="Log out").click()
        log_in("ada", "the word of Ada")
        page.wait_for_selector("#bar")
        open_list(page)
        assert titles(page) == [question]
        page.context.close()
