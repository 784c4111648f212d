"""What the tests with a browser do again and again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]
"""Opens an address in a browser of its own; the options are Playwright's for a context."""


def ask(page: Page, question: str) -> None:
    before = page.locator(".exchange").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.exchange:nth-child({before + 1})[aria-busy="false"]')


def upload(page: Page, *files: Path) -> None:
    page.get_by_role("tab", name="Documents").click()
    page.set_input_files("#drop input[type=file]", [str(file) for file in files])
    page.wait_for_selector(".reports, #news .problem")
