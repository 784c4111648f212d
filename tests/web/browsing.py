"""What the tests with a browser do again and again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Open = Callable[..., "Page"]
"""Opens an address in a browser of its own; the options are Playwright's for a context."""


def ask(page: Page, question: str) -> None:
    before = page.locator(".exchange").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.exchange:nth-child({before + 1})[aria-busy="false"]')


def fill(field: Locator, text: str) -> None:
    """Type into a field; one that has just been shown may be emptied once more by the page."""
    for _ in range(5):
        field.fill(text)
        field.page.wait_for_timeout(150)
        if field.input_value() == text:
            return
    raise AssertionError(f"The field did not keep {text!r}.")


def upload(page: Page, *files: Path) -> None:
    page.get_by_role("tab", name="Documents").click()
    page.set_input_files("#drop input[type=file]", [str(file) for file in files])
    page.wait_for_selector(".reports, #news .problem")
