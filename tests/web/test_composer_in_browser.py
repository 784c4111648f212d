"""The composer and the measure: what follows Stop is asked, type grows with the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant import resources
from tests.web.browsing import Open, ask
from tests.web.server import running

pytestmark = [pytest.mark.browser, pytest.mark.model]
QUESTION = "Who was the sharpest critic of the Mérida Initiative in the cables?"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("page")
    with running(folder, resources.samples_folder(), model=True) as address:
        yield address


def test_a_question_right_after_stop_is_asked(visit: Open, address: str) -> None:
    page = visit(address)
    for number in (1, 3):
        page.get_by_label("Your question").fill(QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector(f'.exchange:nth-child({number})[aria-busy="true"] .answer')
        page.get_by_role("button", name="Stop").click()
        page.wait_for_selector(f".exchange:nth-child({number}) >> text=Stopped.")
        # The model is still at its sentence.
        ask(page, "What did the cables say about the Mexican army?")
    assert page.locator(".exchange").count() == 4
    assert page.locator("text=Stopped.").count() == 2
    assert page.get_by_label("Your question").input_value() == ""


def test_type_grows_on_a_large_screen_and_lines_stay_as_long(visit: Open, address: str) -> None:
    measured = {}
    for width, height in ((1440, 900), (3840, 2160)):
        page = visit(address, viewport={"width": width, "height": height})
        ask(page, QUESTION)
        measured[width] = page.evaluate(
            """() => {
              const answer = document.querySelector('.answer');
              const size = parseFloat(getComputedStyle(answer).fontSize);
              const tab = document.querySelector('[role="tab"]');
              return [size, answer.offsetWidth / size, parseFloat(getComputedStyle(tab).fontSize)];
            }"""
        )
    (small, line, tab), (large, same, larger) = measured[1440], measured[3840]
    assert 1.4 <= large / small <= 2
    assert 1.4 <= larger / tab <= 2
    assert same == pytest.approx(line, rel=0.05)
