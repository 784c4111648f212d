"""Makes the pictures of the page that README shows: ``python -m tests.web.screenshots``.

The page answers from the sample documents, one mark clicked; docs/page.png is
light, docs/page-dark.png dark; docs/reader.png has a source opened in its PDF.
With a folder as argument, it puts pictures of every state of the page there
instead, light and dark, from a phone's width to 4K, to be looked at.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant import resources
from assistant.web.transcript import EXAMPLES
from tests.web.server import CHROMIUM, CHROMIUM_ARGUMENTS, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DOCS = Path(__file__).parents[2] / "docs"
LARGEST = 250_000
"""Bytes of one picture in docs/."""
WIDE = (1440, 900)
SIZES = {"wide": WIDE, "narrow": (390, 844), "narrowest": (360, 740), "4k": (3840, 2160)}
IN_A_PDF = "How many people were killed by the end of September 2011?"
REFUSED = "Which yeast makes the best sourdough pizza?"
DISPUTED = "When was the harbour of Puerto Verde opened?"
TWO_ACCOUNTS = {
    "harbour-ledger.md": "The harbour of Puerto Verde was opened on 4 May 1987.",
    "pilots-notebook.md": "The harbour of Puerto Verde was opened on 9 June 1988, in the rain.",
}
"""Documents that differ in what they say."""
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def main(arguments: list[str]) -> None:
    """Make the pictures."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="page-") as folder, sync_playwright() as playwright:
        samples = resources.samples_folder()
        documents = _documents(Path(folder) / "documents") if arguments else samples
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        with running(Path(folder) / "index", documents) as address:
            if arguments:
                _every_state(browser, address, Path(arguments[0]))
            else:
                _for_readme(browser, address)
        browser.close()


def _for_readme(browser: Browser, address: str) -> None:
    for scheme in SCHEMES:
        page = _opened(browser, address, scheme, WIDE)
        _ask(page, EXAMPLES[0])
        _open_mark(page)
        _save(page, DOCS / ("page.png" if scheme == "light" else "page-dark.png"))
    page = _opened(browser, address, "light", WIDE)
    _ask(page, IN_A_PDF)
    _read(page)
    _save(page, DOCS / "reader.png")


def _documents(folder: Path) -> Path:
    """Make a folder of the samples, and of two accounts that differ."""
    shutil.copytree(resources.samples_folder(), folder)
    for name, text in TWO_ACCOUNTS.items():
        (folder / name).write_text(f"{text}\n", encoding="utf-8")
    return folder


def _every_state(browser: Browser, address: str, folder: Path) -> None:
    for scheme in SCHEMES:
        for width, size in SIZES.items():
            page = _opened(browser, address, scheme, size)
            for state in _states(page):
                _save(page, folder / f"{scheme}-{width}-{state}.png")
            page.context.close()


def _states(page: Page) -> Iterator[str]:
    """Bring the page into one state after another; yields the name of each."""
    yield "empty"
    page.locator(".indexes summary").click()
    page.wait_for_timeout(300)
    yield "indexes"
    page.keyboard.press("Escape")
    for number, question in enumerate(EXAMPLES[:2], start=1):
        _ask(page, question)
        yield f"answer-{number}"
    _open_mark(page)
    yield "source"
    _ask(page, IN_A_PDF)
    _read(page)
    yield "pdf"
    page.get_by_role("button", name="Text", exact=True).click()
    page.wait_for_timeout(700)
    yield "text"
    _ask(page, REFUSED)
    yield "refusal"
    _ask(page, DISPUTED)
    yield "disagreement"
    page.get_by_role("tab", name="Documents").click()
    page.wait_for_timeout(500)
    yield "documents"
    page.get_by_role("tab", name="Evaluate").click()
    page.wait_for_selector("#evaluate-runs :is(.note, .runs)")
    page.wait_for_timeout(500)
    yield "evaluate"
    page.get_by_label("Keyboard shortcuts").click()
    page.wait_for_timeout(300)
    yield "keys"


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


def _read(page: Page) -> None:
    page.locator(".source", has_text=".pdf").last.locator(".read").click()
    page.wait_for_selector("#reader .current", state="visible")
    page.wait_for_timeout(700)
    page.mouse.move(2, 2)


def _save(page: Page, path: Path) -> None:
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(page.screenshot()))
    # Few colours are enough for text on plain ground, and keep the file small.
    picture.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.parent == DOCS and path.stat().st_size > LARGEST:
        raise ValueError(f"{path} has {path.stat().st_size} bytes; at most {LARGEST} are wanted.")


if __name__ == "__main__":
    main(sys.argv[1:])
