"""The tab of the documents in a real browser: what is added, watched, read, searched and chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.web.browsing import Open, ask, fill
from tests.web.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
OWLS = "The owls of Fern Wood hunt voles. They sleep by day."
ROOKS = "The rooks of Fern Wood hunt beetles. They sleep by night."
QUESTION = "Of Fern Wood hunt what?"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(8):
        (folder / f"carp-{number}.txt").write_text(f"The carp number {number} grew fat.")
    (folder / "owls.txt").write_text(OWLS)
    (folder / "rooks.txt").write_text(ROOKS)
    return folder


@pytest.fixture
def address(tmp_path: Path, files: Path) -> Iterator[str]:
    with running(tmp_path / "page", files, "--fake") as address:
        yield address


@pytest.fixture
def page(address: str, visit: Open) -> Page:
    return documents(visit(address))


def documents(page: Page) -> Page:
    page.get_by_role("tab", name="Documents").click()
    page.wait_for_selector("#documents tbody tr")
    return page


def row(page: Page, name: str) -> str:
    return " ".join(page.locator("#documents tr", has_text=name).inner_text().split())


def news(page: Page, text: str) -> str:
    page.wait_for_selector(f"#news >> text={text}")
    return page.inner_text("#news")


def axe(page: Page) -> list[str]:
    # What is halfway under the tabs, which stay in view, would be too small a target there.
    page.evaluate("document.querySelector('#panel').scrollTo(0, 0)")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found.response["violations"]]


def test_a_folder_keeps_its_shape(page: Page, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    for name in ("2009/may.txt", "2010/may.txt", "2010/photo.png", "2010/.hidden.txt"):
        path = reports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"It rained for {name}.")
    page.locator("#drop input.folder").set_input_files(reports)
    said = news(page, "2 added, 1 left out")
    assert "photo.png: left out" in said
    page.wait_for_selector("#documents tr:has-text('2010/may.txt')")
    assert page.locator("#documents tr", has_text="hidden").count() == 0
    ask(page, "It rained for what? folder:2009")
    assert "It rained for 2009/may.txt." in page.inner_text(".exchange")


def test_files_are_dropped(page: Page) -> None:
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(['The wren sings.'], 'wren (old) & new.txt'));
          const zone = document.querySelector('.drop');
          zone.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true}));
        }"""
    )
    news(page, "wren (old) & new.txt: added, 1 passage")


def test_a_text_is_pasted(page: Page) -> None:
    page.get_by_role("tab", name="Text", exact=True).click()
    fill(page.get_by_label("Title"), "Minutes of May")
    fill(page.locator("#paste-text textarea"), "# Minutes\n\nThe heron was elected.")
    page.get_by_role("button", name="Add text").click()
    news(page, "Minutes of May.md: added")
    page.wait_for_function("document.querySelector('#paste-text textarea').value === ''")
    assert page.get_by_label("Title").input_value() == ""
    page.wait_for_selector("#documents tr:has-text('Minutes of May.md')")
    ask(page, "Who was elected?")
    assert "The heron was elected." in page.inner_text(".answer")


def test_what_is_wrong_with_an_address_is_said(page: Page) -> None:
    page.get_by_role("tab", name="Web", exact=True).click()
    fill(page.get_by_label("Address"), "http://127.0.0.1:9/a.html")
    page.get_by_role("button", name="Add page").click()
    news(page, "http://127.0.0.1:9/a.html: failed")
    assert page.get_by_label("Address").input_value() == "http://127.0.0.1:9/a.html"


def test_a_folder_of_this_computer_is_followed(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "heron.txt").write_text("The heron fishes.")
    page.get_by_role("tab", name="This computer").click()
    fill(page.get_by_label("Path of the folder"), str(folder))
    page.get_by_role("button", name="Follow the folder").click()
    news(page, "heron.txt: added")
    page.wait_for_selector("#documents tr:has-text('heron.txt')")
    assert not list((tmp_path / "page" / "default").glob("uploads/*"))
    (folder / "heron.txt").unlink()
    (folder / "stork.txt").write_text("The stork sleeps.")
    again = page.get_by_role("button", name=f"Look again into {folder}")
    again.click()
    news(page, "heron.txt: removed")
    page.wait_for_selector("#documents tr:has-text('stork.txt')")
    assert page.locator("#documents tr", has_text="heron.txt").count() == 0
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name=f"Follow {folder} no more").click()
    again.wait_for(state="detached")
    assert page.locator("#documents tr", has_text="stork.txt").count() == 1


def test_a_question_is_asked_within_what_is_chosen(page: Page) -> None:
    page.get_by_label("Ask within rooks.txt").check()
    page.wait_for_selector("text=Asking within rooks.txt only")
    ask(page, QUESTION)
    assert "beetles" in page.inner_text(".answer")
    assert "voles" not in page.inner_text(".answer")
    assert "Asked within: rooks.txt" in page.inner_text(".exchange")
    page.reload()
    page.wait_for_selector("text=Asking within rooks.txt only")
    assert "Asked within: rooks.txt" in page.inner_text(".exchange")
    documents(page)
    assert page.get_by_label("Ask within rooks.txt").is_checked()
    page.get_by_label("Ask within owls.txt").check()
    page.wait_for_selector("text=Asking within 2 of 10 documents")
    page.get_by_role("button", name="Ask within all documents").click()
    page.wait_for_selector("#within .asking", state="hidden")
    assert not page.get_by_label("Ask within rooks.txt").is_checked()
    ask(page, QUESTION)
    last = page.locator(".exchange").last.inner_text()
    assert "Asked within" not in last
    page.get_by_role("tab", name="Documents").click()
    page.get_by_label("Ask within owls.txt").check()
    page.wait_for_selector("text=Asking within owls.txt only")
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_selector("#within .asking", state="hidden")


def test_what_another_browser_chose_is_its_own(visit: Open, address: str, page: Page) -> None:
    page.get_by_label("Ask within rooks.txt").check()
    page.wait_for_selector("text=Asking within rooks.txt only")
    other = documents(visit(address))
    assert not other.get_by_label("Ask within rooks.txt").is_checked()
    assert not other.locator("#within .asking").is_visible()


def test_documents_are_found_ordered_and_stay_chosen(page: Page) -> None:
    page.get_by_label("Ask within rooks.txt").check()
    page.wait_for_selector("text=Asking within rooks.txt only")
    page.get_by_label("Find documents").fill("carp 3")
    page.wait_for_function("document.querySelectorAll('#documents tbody tr').length === 2")
    assert "carp-3.txt" in page.inner_text("#documents")
    assert page.get_by_label("Ask within rooks.txt").is_checked()
    page.get_by_label("Find documents").fill("penguin")
    page.get_by_label("Ask within rooks.txt").uncheck()
    page.wait_for_selector("#within .asking", state="hidden")
    page.get_by_label("Find documents").fill("penguins")
    page.wait_for_selector("text=No document has this in its name or title.")
    page.get_by_label("Find documents").fill("")
    page.wait_for_function("document.querySelectorAll('#documents tbody tr').length === 10")


def test_several_are_read_again_and_removed_at_once(page: Page, files: Path) -> None:
    for name in ("owls.txt", "rooks.txt"):
        page.get_by_label(f"Ask within {name}").check()
    page.wait_for_selector("text=2 of 10 documents chosen")
    (files / "rooks.txt").unlink()
    page.locator("#chosen").get_by_role("button", name="Read again").click()
    said = news(page, "1 updated, 1 failed")
    assert "rooks.txt does not exist" in said
    page.locator("#chosen").get_by_role("button", name="Remove").click()
    news(page, "2 removed")
    page.wait_for_function("document.querySelectorAll('#documents tbody tr').length === 8")
    page.wait_for_selector("#within .asking", state="hidden")


def test_a_receipt_says_what_was_read(page: Page, files: Path) -> None:
    page.locator("tr", has_text="owls.txt").locator("summary").click()
    said = row(page, "owls.txt")
    assert f"{len(OWLS)} characters" in said
    assert re.search(r"Added \d+ \w+ \d{4}", said)
    assert f"Size {len(OWLS) / 1000:.1f} kB" in said
    page.locator("tr", has_text="owls.txt").get_by_role("button", name="Read it again").click()
    news(page, "owls.txt: updated")


def test_a_document_is_opened_searched_and_left(page: Page) -> None:
    page.locator("tr", has_text="owls.txt").locator(".open").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#reader .whole")
    assert "sleep by day" in page.inner_text("#reader .whole")
    assert page.locator("#reader mark").count() == 0
    page.get_by_label("Search in this document").fill("Who sleeps by day?")
    page.get_by_label("Search in this document").press("Enter")
    page.wait_for_selector(".results")
    assert "They sleep by day." in page.inner_text(".result >> nth=0")
    page.locator(".result").first.click()
    page.wait_for_selector("#reader mark.current:has-text('They sleep by day.')")
    page.get_by_role("button", name="Back to the documents").click()
    page.wait_for_selector("#documents tbody tr", state="visible")
    page.wait_for_function("document.activeElement.matches('.open')")


def test_every_state_is_accessible(page: Page) -> None:
    page.get_by_label("Ask within rooks.txt").check()
    page.wait_for_selector("text=Asking within rooks.txt only")
    page.locator("tr", has_text="owls.txt").locator("summary").click()
    assert axe(page) == []
    for way in ("Text", "Web", "This computer"):
        page.get_by_role("tab", name=way, exact=True).click()
        page.wait_for_timeout(300)
        assert axe(page) == []
    page.locator("tr", has_text="owls.txt").locator(".open").click()
    page.get_by_label("Search in this document").fill("Fern")
    page.get_by_label("Search in this document").press("Enter")
    page.wait_for_selector(".results")
    page.wait_for_timeout(300)
    assert axe(page) == []


@pytest.mark.parametrize("width", [360, 1440])
def test_the_tab_is_never_wider_than_the_screen(visit: Open, address: str, width: int) -> None:
    page = documents(visit(address, viewport={"width": width, "height": 800}))
    page.get_by_label("Ask within rooks.txt").check()
    page.wait_for_selector("text=Asking within rooks.txt only")
    page.locator("tr", has_text="owls.txt").locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("tr", has_text="owls.txt").locator(".open").click()
    page.wait_for_selector("#reader .whole")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
