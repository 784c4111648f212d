"""Long work on documents in a browser: it is watched, found again after a reload, cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.browsing import Open
from tests.web.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
LONG = 6000
"""Paragraphs of a file: enough for it to take some seconds, even with the stand-in encoder."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "first.txt").write_text("The owls of Fern Wood hunt voles.")
    with running(tmp_path / "page", tmp_path / "first.txt", "--fake") as address:
        yield address


@pytest.fixture
def long(tmp_path: Path) -> list[Path]:
    files = [tmp_path / name for name in ("a.txt", "b.txt", "c.txt")]
    for file in files:
        paragraphs = (f"The carp number {n} of {file.stem} grew fat in {n}." for n in range(LONG))
        file.write_text("\n\n".join(paragraphs))
    return files


def begin(page: Page, files: list[Path]) -> None:
    page.get_by_role("tab", name="Documents").click()
    page.set_input_files("#drop input.files", files)
    page.wait_for_selector("#news .files .now:has-text('passages')")


def test_it_is_cancelled_and_what_is_done_stays(
    visit: Open, address: str, long: list[Path], tmp_path: Path
) -> None:
    page = visit(address)
    small = tmp_path / "0.txt"
    small.write_text("The wren sings.")
    begin(page, [small, *long])
    said = page.inner_text("#news")
    assert "Adding 4 files" in said
    assert "0.txt\nadded" in said
    assert "c.txt\nwaiting" in said
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_selector("#news >> text=c.txt: cancelled")
    assert "0.txt: added" in page.inner_text("#news")
    assert not page.get_by_role("button", name="Cancel").is_visible()
    page.wait_for_selector("#documents tr:has-text('0.txt')")
    assert page.locator("#documents tr", has_text="c.txt").count() == 0
    uploads = tmp_path / "page" / "default" / "uploads"
    assert "c.txt" not in [path.name for path in uploads.iterdir()]


def test_closing_the_page_loses_nothing_and_a_reload_shows_it_again(
    visit: Open, address: str, long: list[Path]
) -> None:
    page = visit(address)
    begin(page, long)
    page.close()
    again = visit(address)
    again.get_by_role("tab", name="Documents").click()
    again.wait_for_selector("#news >> text=Adding 3 files")
    again.get_by_role("button", name="Cancel").click()
    again.wait_for_selector("#news >> text=c.txt: cancelled")
