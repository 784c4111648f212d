"""The real page in a real browser: a source is read in its document, with keys alone if need be."""

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
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.model]
QUESTION = "How many people were killed by the end of September 2011?"
"""Its first source is a PDF, the others are not."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("page"), resources.samples_folder()) as address:
        yield address


def read(page: Page, source: str = "#source-1-1") -> None:
    """Open the document of a source, and wait until the evidence is in view."""
    page.locator(f"{source} .read").click()
    page.wait_for_selector("#reader .current", state="visible")
    settled(page)


def settled(page: Page) -> None:
    """Wait until the evidence that is read is in view and the page at rest."""
    page.wait_for_function(
        """() => { const at = document.querySelector('#reader .current').getBoundingClientRect();
        const still = at.top === window.lastTop; window.lastTop = at.top;
        return still && at.top >= 0 && at.bottom <= innerHeight; }""",
        polling=150,
    )


def focused(page: Page, selector: str) -> None:
    page.wait_for_function(
        "selector => document.activeElement?.matches(selector)", arg=selector, timeout=5000
    )


def number(page: Page) -> str:
    return page.inner_text("#reader [role=status]")


def test_a_pdf_opens_at_its_page_and_evidence_follows_evidence(visit: Open, address: str) -> None:
    page = visit(address, reduced_motion="reduce")
    ask(page, QUESTION)
    why = page.inner_text("#source-1-1 .why")
    assert re.fullmatch(
        r"Words matched: “.+” · similarity 0\.\d\d · score 0\.\d\d, place \d of \d", why
    )
    assert "“September”" in why
    read(page)
    picture = page.locator("#reader img")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 800")
    # The boxes lie on the picture, one a line, from left to right.
    box = page.locator("#reader .box.current").first.bounding_box()
    frame = picture.bounding_box()
    assert box
    assert frame
    assert frame["x"] < box["x"] < box["x"] + box["width"] < frame["x"] + frame["width"]
    assert 5 < box["height"] < box["width"]
    assert number(page) == "Evidence 1 of 2"
    page.get_by_label("Next page").click()
    page.wait_for_selector("text=Page 2 of 4")
    assert page.locator("#reader .box").count() == 0
    page.get_by_label("Next evidence").click()
    page.wait_for_selector("text=Evidence 2 of 2")
    settled(page)
    assert "timeline" in page.inner_text("#reader .place").lower()
    assert page.locator("#reader mark").count() == 1
    # Its mark leads back to the answer.
    page.locator("#reader .passage .mark").first.click()
    focused(page, "#mark-1-2")
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_selector("#reader .reader", state="detached")


def test_the_text_of_a_pdf_has_the_same_sentence(visit: Open, address: str) -> None:
    page = visit(address, reduced_motion="reduce")
    ask(page, QUESTION)
    quote = " ".join((page.text_content("#source-1-1 mark") or "").split())
    read(page)
    page.get_by_role("button", name="Larger").click()
    wide = page.evaluate("document.querySelector('#reader .sheet').offsetWidth")
    assert wide > page.evaluate("document.querySelector('#reader .frame').clientWidth")
    page.get_by_role("button", name="Text", exact=True).click()
    page.wait_for_selector("#reader mark.current")
    assert " ".join(page.inner_text("#reader mark.current").split()) == quote


def test_the_whole_way_by_keys_alone(visit: Open, address: str) -> None:
    page = visit(address, reduced_motion="reduce")
    focused(page, "#question textarea")
    page.keyboard.type("Who j and k?/ ")
    assert page.input_value("#question textarea") == "Who j and k?/ "
    page.keyboard.press("Control+A")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector('.exchange[aria-busy="false"] .mark')
    page.locator("#question textarea").blur()
    for key, card in (("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        focused(page, f"#source-1-{card}")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    focused(page, "#source-1-1 .read")
    page.keyboard.press("Enter")
    page.wait_for_selector("#reader .current", state="visible")
    focused(page, "#reader h2")
    page.keyboard.press("j")
    page.wait_for_selector("text=Evidence 2 of 2")
    page.keyboard.press("k")
    page.wait_for_selector("text=Evidence 1 of 2")
    page.keyboard.press("Escape")
    focused(page, "#source-1-1 .read")
    page.keyboard.press("Escape")
    focused(page, "#mark-1-1")
    page.keyboard.press("/")
    focused(page, "#question textarea")
    assert page.input_value("#question textarea") == ""


def test_the_keys_are_listed_and_can_be_switched_off(visit: Open, address: str) -> None:
    page = visit(address)
    page.locator("#question textarea").blur()
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    assert "Next citation" in page.inner_text("#keys")
    page.get_by_label("Letters and signs work as shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.wait_for_selector("#keys[open]", state="detached")
    page.keyboard.press("/")
    page.keyboard.press("?")
    assert not page.evaluate("document.activeElement.matches('textarea')")
    assert page.locator("#keys[open]").count() == 0
    page.reload()
    page.wait_for_selector(".welcome")
    page.get_by_label("Keyboard shortcuts").click()
    page.wait_for_selector("#keys[open]")
    assert not page.get_by_label("Letters and signs work as shortcuts").is_checked()


def test_a_long_document_grows_without_losing_the_place(
    visit: Open, address: str, tmp_path: Path
) -> None:
    lines = [
        f"In year {n} the lighthouse of Cabo Frito was lit {n + 7} times." for n in range(3000)
    ]
    (tmp_path / "lighthouse.txt").write_text("\n\n".join(lines), encoding="utf-8")
    page = visit(address, reduced_motion="reduce")
    upload(page, tmp_path / "lighthouse.txt")
    ask(page, "How often was the lighthouse of Cabo Frito lit in year 1500?")
    assert "1507" in page.inner_text(".answer")
    read(page)
    assert page.evaluate("document.querySelector('#reader .passage').textContent.length") < 15_000
    first = page.evaluate("document.querySelector('#reader .current').getBoundingClientRect().top")
    page.evaluate("document.querySelector('#reader .earlier').focus({preventScroll: true})")
    page.evaluate("document.querySelector('#reader .earlier').click()")
    page.wait_for_function("document.querySelector('#reader .passage').textContent.length > 20_000")
    page.wait_for_timeout(500)
    now = page.evaluate("document.querySelector('#reader .current').getBoundingClientRect().top")
    assert abs(now - first) < 8


def test_a_hostile_document_can_be_read_and_does_nothing(visit: Open, tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    text = f"The zebra clock strikes eleven {HOSTILE.splitlines()[0]} and stops.\n\n{HOSTILE}"
    (documents / "<img src=x onerror=alert(9)>.txt").write_text(text, "utf-8")
    with running(tmp_path / "index", documents) as address:
        page = visit(address, reduced_motion="reduce")
        ask(page, "When does the zebra clock strike?")
        read(page)
        assert "<script>alert(1)</script>" in page.inner_text("#reader .passage")
        live = "img, script, iframe, svg, a, link, object, [onload], [onerror], [onmouseover]"
        assert page.locator("#reader").locator(live).count() == 0


@pytest.mark.parametrize("width", [360, 1440, 3840])
def test_the_reader_is_never_wider_than_the_screen(visit: Open, address: str, width: int) -> None:
    page = visit(address, viewport={"width": width, "height": 800}, reduced_motion="reduce")
    ask(page, QUESTION)
    read(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Larger").click()
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Text", exact=True).click()
    page.wait_for_selector("#reader mark.current")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
