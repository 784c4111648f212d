"""Indexes in a real browser: each tab has its own, in its address; made, renamed and deleted."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.assistant import Assistant
from assistant.settings import Settings
from tests.fakes import FakeEncoder
from tests.indexes import write
from tests.web.browsing import Open, ask, upload
from tests.web.server import running
from tests.web.test_access_in_browser import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
HERON = "Where does the heron wait?"
RAIN = "Where did it rain?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with two indexes beside the one that is served, one of them torn."""
    settings = Settings.load(indexes=tmp_path)
    with Assistant.open("Herons & co", settings=settings, encoder=FakeEncoder()) as assistant:
        assistant.add([write(tmp_path / "heron.txt", "The heron waits by the weir at dawn.")])
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "catalog.sqlite3").write_bytes(b"no database" * 999)
    gc.collect()
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    rain = write(folder / "files" / "rain.txt", "It rained on the mill in the morning.")
    with running(folder, rain.parent, "--fake") as address:
        yield address


def menu(page: Page) -> None:
    page.locator(".indexes summary").click()


def choose(page: Page, name: str) -> None:
    menu(page)
    page.locator(".indexes a", has_text=name).click()
    page.wait_for_selector(f'.indexes summary[aria-label="Index: {name}"]')


def prompted(page: Page, button: str, typed: str) -> None:
    menu(page)
    page.locator(".indexes").get_by_role("button", name=button).click()
    page.locator("dialog.prompt input").fill(typed)
    page.keyboard.press("Enter")


def cited(page: Page) -> str:
    return page.inner_text("#sources")


def test_each_tab_asks_the_index_of_its_address(visit: Open, address: str) -> None:
    page = visit(address)
    assert page.inner_text(".indexes summary").startswith("default")
    other = page.context.new_page()
    other.goto(f"{address}?index=Herons%20%26%20co")
    other.wait_for_selector('.indexes summary[aria-label="Index: Herons & co"]')
    assert (page.title(), other.title()) == ("Assistant", "Herons & co – Assistant")
    ask(other, HERON)
    ask(page, RAIN)
    assert "heron.txt" in cited(other)
    assert "rain.txt" in cited(page)
    assert "heron.txt" not in cited(page)
    # Reading on works in the same index, and so does what was asked before.
    other.locator(".source .read").first.click()
    other.wait_for_selector("#reader .current", state="visible")
    other.reload()
    other.wait_for_selector(f'.question:has-text("{HERON}")')
    for tab, mine, theirs in ((page, RAIN, HERON), (other, HERON, RAIN)):
        tab.get_by_role("button", name="Conversations").click()
        tab.wait_for_selector(f'.talk:has-text("{mine}")')
        assert theirs not in tab.inner_text("#talks")
        tab.get_by_role("tab", name="Documents").click()
    page.wait_for_selector('#documents:has-text("rain.txt")')
    other.wait_for_selector('#documents:has-text("heron.txt")')
    assert "heron.txt" not in page.inner_text("#documents")


def test_another_is_chosen_and_each_keeps_its_conversation(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, RAIN)
    choose(page, "Herons & co")
    assert page.url == f"{address}?index=Herons%20%26%20co"
    page.wait_for_selector(".welcome")
    assert page.locator(".exchange").count() == 0
    ask(page, HERON)
    choose(page, "default")
    assert page.url == address
    page.wait_for_selector(f'.question:has-text("{RAIN}")')
    page.go_back()
    page.wait_for_selector(f'.question:has-text("{HERON}")')


def test_one_is_made_filled_renamed_and_deleted(
    visit: Open, address: str, folder: Path, tmp_path: Path
) -> None:
    page = visit(address)
    prompted(page, "New index", "Mills")
    page.wait_for_selector('.indexes summary[aria-label="Index: Mills"]')
    page.wait_for_selector("text=Add documents, then ask")
    page.get_by_role("button", name="Add documents").click()
    page.wait_for_selector("#drop", state="visible")
    upload(page, write(tmp_path / "new" / "mill.txt", "The mill was built by Anna Lobo."))
    page.wait_for_selector('.indexes summary:has-text("1 document")')
    assert (folder / "Mills" / "uploads" / "mill.txt").is_file()
    ask(page, "Who built the mill?")
    assert "mill.txt" in cited(page)
    prompted(page, "Rename", "Old mills")
    page.wait_for_selector('.indexes summary[aria-label="Index: Old mills"]')
    assert page.url == f"{address}?index=Old%20mills"
    page.wait_for_selector('.question:has-text("Who built the mill?")')
    prompted(page, "Delete", "old mills")
    page.wait_for_selector("text=Nothing was deleted")
    prompted(page, "Delete", "Old mills")
    page.wait_for_selector('.indexes summary[aria-label="Index: default"]')
    assert page.url == address
    menu(page)
    assert "Old mills" not in page.inner_text(".indexes")
    assert not list(folder.glob("*ills"))


def test_what_is_wrong_with_an_index_is_said_and_the_others_go_on(
    visit: Open, address: str
) -> None:
    page = visit(address)
    choose(page, "torn")
    page.wait_for_selector('.welcome .problem:has-text("is damaged")')
    page.goto(f"{address}?index=%2e%2e%2fgone")
    page.wait_for_selector('.welcome .problem:has-text("There is no index")')
    page.get_by_label("Your question").fill(RAIN)
    page.keyboard.press("Enter")
    page.wait_for_selector('.toast-body:has-text("There is no index")')
    choose(page, "Herons & co")
    ask(page, HERON)
    assert "heron.txt" in cited(page)


def test_a_name_that_will_not_do_is_said_in_words(visit: Open, address: str) -> None:
    page = visit(address)
    prompted(page, "New index", "../up")
    page.wait_for_selector('.toast-body:has-text("is no name for an index")')
    assert page.url == address


def test_the_menu_is_reached_and_left_by_keys(visit: Open, address: str) -> None:
    page = visit(address)
    page.locator(".indexes summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.indexes a') !== null")
    page.keyboard.press("Escape")
    assert page.locator(".indexes[open]").count() == 0
    assert page.evaluate("document.activeElement.matches('.indexes summary')")
    page.keyboard.press("Enter")
    page.mouse.click(700, 500)
    assert page.locator(".indexes[open]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_menu(visit: Open, address: str, scheme: str) -> None:
    page = visit(address, color_scheme=scheme)
    menu(page)
    assert violations(page) == []
    page.locator(".indexes").get_by_role("button", name="New index").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    choose(page, "torn")
    page.wait_for_selector(".welcome .problem")
    assert violations(page) == []


def test_the_menu_stays_within_a_phones_width(visit: Open, address: str) -> None:
    page = visit(address, viewport={"width": 360, "height": 740})
    menu(page)
    box = page.locator(".indexes > div").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
