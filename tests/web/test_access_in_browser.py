"""The page is for everybody: axe finds nothing, keys reach everything, nothing jumps or moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from assistant import resources
from tests.web.browsing import Open, ask
from tests.web.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.model]
QUESTION = "Who was the sharpest critic of the Mérida Initiative in the cables?"
REFUSED = "Which yeast makes the best sourdough pizza?"
"""One of the passages nearest to it is in a PDF."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NOT_OURS = {"region"}
"""A card that floats belongs to no region, which is no criterion of WCAG."""
STEADY = 0.05
"""Layout shift (Chromium's measure) up to which nobody sees the page jump; 0.1 is called good."""
WATCH = """
window.shifts = [];
window.moved = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    window.shifts.push(entry.value);
    window.moved.push(...entry.sources.map(({node}) => `${node?.id} ${node?.className}`));
  }
}).observe({type: 'layout-shift', buffered: true});
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve answers of which some sentences are supported, and others are not."""
    folder = tmp_path_factory.mktemp("page")
    with running(folder, resources.samples_folder(), model=True) as address:
        yield address


def violations(page: Page) -> list[str]:
    """Return what axe-core finds, in its words."""
    from axe_playwright_python.sync_playwright import Axe

    only = {"runOnly": {"type": "tag", "values": RULES}}
    found: list[dict[str, Any]] = Axe().run(page, options=only).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
        if one["id"] not in NOT_OURS
    ]


def walk(page: Page) -> Iterator[str]:
    """Bring the page into one state after another; yields the name of each."""
    yield "empty"
    page.get_by_label("Keyboard shortcuts").click()
    page.wait_for_selector("#keys[open]")
    yield "keys"
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Documents").click()
    page.wait_for_selector("#documents table")
    yield "documents"
    ask(page, QUESTION)
    yield "answer"
    page.locator(".verdict").first.hover()
    page.wait_for_selector("#tip", state="visible")
    yield "explanation"
    page.mouse.move(2, 2)
    ask(page, REFUSED)
    page.wait_for_selector(".refusal")
    yield "refusal"
    read(page)
    yield "page of a PDF"
    page.get_by_role("button", name="Text", exact=True).click()
    page.wait_for_selector("#reader mark.current")
    yield "text"
    page.get_by_role("button", name="Conversations").click()
    page.locator("#talks .menu summary").first.click()
    yield "conversations"
    page.locator(".menu[open]").get_by_role("button", name="Rename").click()
    page.wait_for_selector("dialog.prompt")
    yield "title"


def read(page: Page) -> None:
    page.locator(".sources:last-child .source", has_text=".pdf").locator(".read").click()
    page.wait_for_selector("#reader .box", state="visible")
    # From here on the page scrolls no more by itself.
    page.wait_for_function("document.activeElement.matches('#reader h2')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Open, address: str, scheme: str) -> None:
    page = visit(address, color_scheme=scheme, reduced_motion="reduce")
    found = {}
    for state in walk(page):
        # What is scrolled halfway under a bar is no smaller a target.
        page.evaluate(
            "for (const one of document.querySelectorAll('#panel, html')) one.scrollTo(0, 0)"
        )
        page.wait_for_timeout(300)
        found[state] = violations(page)
    assert len(found) == 10
    assert {state: said for state, said in found.items() if said} == {}


def test_axe_would_find_something(visit: Open, address: str) -> None:
    page = visit(address)
    page.evaluate("document.querySelector('.welcome').style.color = '#dddddd'")
    page.evaluate("document.querySelector('#question textarea').removeAttribute('aria-label')")
    assert any("color-contrast" in one for one in violations(page))


def test_whatever_has_the_focus_shows_it(visit: Open, address: str) -> None:
    page = visit(address, reduced_motion="reduce")
    ask(page, QUESTION)
    ask(page, REFUSED)
    read(page)
    seen: list[dict[str, Any]] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => { const at = document.activeElement;
            if (at === document.body) return null;
            const style = getComputedStyle(at);
            return {place: [...document.querySelectorAll('*')].indexOf(at),
              name: at.className + ' ' + (at.ariaLabel ?? at.innerText ?? at.id),
              width: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
              shadow: style.boxShadow !== 'none'}; }"""
        )
        # After the last stop the browser's own come, then the first again.
        if stop in seen:
            break
        if stop is not None:
            seen.append(stop)
    assert len(seen) > 20
    assert [stop["name"] for stop in seen if stop["width"] < 2 and not stop["shadow"]] == []


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_nothing_jumps_while_an_answer_grows(
    visit: Open, address: str, size: tuple[int, int]
) -> None:
    page = visit(address, viewport={"width": size[0], "height": size[1]})
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector(".welcome")
    page.wait_for_timeout(1000)
    before = sum(page.evaluate("window.shifts"))
    assert before < 2 * STEADY, page.evaluate("window.moved")
    ask(page, QUESTION)
    page.wait_for_timeout(500)
    assert page.evaluate("window.shifts")
    assert sum(page.evaluate("window.shifts")) - before < STEADY


def test_nothing_moves_for_those_who_want_no_motion(visit: Open, address: str) -> None:
    page = visit(address, reduced_motion="reduce")
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector('.exchange[aria-busy="true"] .answer')
    assert page.evaluate("document.getAnimations().length") == 0
    page.wait_for_selector('.exchange[aria-busy="false"]')
    page.get_by_role("tab", name="Documents").click()
    page.locator(".answer .mark").first.click()
    page.wait_for_timeout(100)
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
def test_whatever_the_screen_the_sources_can_be_scrolled_to(
    visit: Open, address: str, size: tuple[int, int]
) -> None:
    page = visit(address, viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    ask(page, QUESTION)
    narrow = size[0] <= 860
    page.mouse.move(size[0] * (0.5 if narrow else 0.9), size[1] / 2)
    for _ in range(60):
        page.mouse.wheel(0, 400)
    page.wait_for_function(
        """() => { const all = document.querySelectorAll('.source');
        const at = all[all.length - 1].getBoundingClientRect();
        return at.bottom > 0 && at.bottom <= innerHeight; }"""
    )
