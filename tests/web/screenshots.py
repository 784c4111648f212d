"""Makes the pictures of the page that README shows: ``python -m tests.web.screenshots``.

The page answers from the sample documents, one mark clicked; docs/page.png is
light, docs/page-dark.png dark. With a folder as argument, it also puts the
other states of the page there, wide and narrow, to be looked at.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant import resources
from assistant.web.transcript import EXAMPLES
from tests.web.server import CHROMIUM, CHROMIUM_ARGUMENTS, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DOCS = Path(__file__).parents[2] / "docs"
LARGEST = 250_000
"""Bytes of one picture."""
WIDE, NARROW = (1440, 900), (390, 844)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def main(arguments: list[str]) -> None:
    """Make the pictures."""
    from playwright.sync_api import sync_playwright

    with (
        tempfile.TemporaryDirectory(prefix="page-") as folder,
        running(Path(folder), resources.samples_folder()) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        for scheme in SCHEMES:
            page = _opened(browser, address, scheme, WIDE)
            _ask(page, EXAMPLES[0])
            _open_mark(page)
            _save(page, DOCS / ("page.png" if scheme == "light" else "page-dark.png"))
        if arguments:
            _every_state(browser, address, Path(arguments[0]))
        browser.close()


def _every_state(browser: Browser, address: str, folder: Path) -> None:
    for scheme in SCHEMES:
        for width, size in (("wide", WIDE), ("narrow", NARROW)):
            page = _opened(browser, address, scheme, size)
            name = f"{scheme}-{width}"
            _save(page, folder / f"{name}-empty.png")
            for number, question in enumerate(EXAMPLES[:2], start=1):
                _ask(page, question)
                _save(page, folder / f"{name}-answer-{number}.png")
            _open_mark(page)
            _save(page, folder / f"{name}-source.png")
            _ask(page, "Which yeast makes the best sourdough pizza?")
            _save(page, folder / f"{name}-refusal.png")
            page.get_by_role("tab", name="Documents").click()
            page.wait_for_timeout(500)
            _save(page, folder / f"{name}-documents.png")
            page.context.close()


def _opened(browser: Browser, address: str, scheme: Scheme, size: tuple[int, int]) -> Page:
    page = browser.new_context(
        color_scheme=scheme,
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
    ).new_page()
    page.goto(address)
    page.wait_for_selector(".welcome")
    page.wait_for_timeout(500)
    return page


def _ask(page: Page, question: str) -> None:
    before = page.locator(".exchange").count()
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f'.exchange:nth-child({before + 1})[aria-busy="false"]')
    page.wait_for_timeout(500)


def _open_mark(page: Page) -> None:
    marks = page.locator(".exchange:last-child .mark")
    marks.nth(min(1, marks.count() - 1)).click()
    page.wait_for_timeout(500)
    page.mouse.move(2, 2)


def _save(page: Page, path: Path) -> None:
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot()))
    # Few colours are enough for text on plain ground, and keep the file small.
    picture.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path} has {path.stat().st_size} bytes; at most {LARGEST} are wanted.")


if __name__ == "__main__":
    main(sys.argv[1:])
