"""The whole page in another language: by the browser's wish, or as the settings choose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.browsing import Open, ask
from tests.web.catalogs import read, sentences
from tests.web.server import running
from tests.web.test_access_in_browser import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
FACT = "The pears of Elm Street were picked by Ada Brown in 1931."
QUESTION = "Who picked the pears of Elm Street?"
SEEN = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) found.push(walk.currentNode.textContent.trim());
  for (const one of document.querySelectorAll('main *'))
    for (const name of ['aria-label', 'title', 'placeholder'])
      if (one.hasAttribute(name)) found.push(one.getAttribute(name).trim());
  return found;
}"""
"""Gathers all that is read on the page, or read aloud."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "pears.txt").write_text(f"{FACT} Nobody picked the quinces.", "utf-8")
    with running(folder / "server", folder / "pears.txt", "--fake", model=True) as address:
        yield address


def in_english(page: Page, language: str) -> set[str]:
    """Return what the page says in English though the catalog has it in its language."""
    english = {
        form
        for text, translated in sentences(read(language))
        for form, other in zip(text, translated, strict=False)
        if form not in translated and other
    }
    return english.intersection(page.evaluate(SEEN))


@pytest.mark.parametrize(
    ("language", "ask_again", "source"),
    [
        ("de-AT", "Nochmals fragen", "Quellen"),
        ("es", "Preguntar de nuevo", "Fuentes"),
        ("fr-FR", "Redemander", "Sources"),
    ],
)
def test_all_is_said_as_the_browser_prefers(
    visit: Open, address: str, language: str, ask_again: str, source: str
) -> None:
    page = visit(address, locale=language, reduced_motion="reduce")
    page.wait_for_selector("html.spoken")
    assert page.evaluate("document.documentElement.lang") == language[:2]
    page.locator("#question textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector('.exchange[aria-busy="false"]')
    assert page.inner_text('[data-do="retry"]') == ask_again
    assert source in page.inner_text("#tabs")
    page.locator("#talks-toggle").click()
    page.wait_for_selector("#talks-list li")
    for tab in page.get_by_role("tab").all():
        tab.click()
        page.wait_for_timeout(200)
        assert in_english(page, language[:2]) == set()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator(".shortcuts").click()
    assert "Keyboard" not in page.inner_text("#keys")


def test_the_language_that_is_chosen_is_every_browsers(visit: Open, tmp_path: Path) -> None:
    with running(tmp_path, None, "--fake") as address:
        page, other = visit(address, locale="fr"), visit(address, locale="es")
        page.get_by_role("tab", name="Réglages").click()
        page.get_by_role("combobox", name="Langue de la page").click()
        page.get_by_role("option", name="Deutsch").click()
        page.get_by_role("button", name="Enregistrer").click()
        page.wait_for_selector("html[lang=de]")
        page.wait_for_selector("text=Erst Dokumente hinzufügen, dann fragen")
        other.reload()
        other.wait_for_selector("text=Erst Dokumente hinzufügen, dann fragen")
        assert other.evaluate("document.documentElement.lang") == "de"


def test_others_are_answered_in_theirs_meanwhile(visit: Open, address: str) -> None:
    german, english = visit(address, locale="de"), visit(address, locale="en")
    ask_of = german.locator("#question textarea")
    ask_of.fill(QUESTION)
    german.keyboard.press("Enter")
    german.wait_for_selector('.exchange[aria-busy="true"] .answer')
    ask(english, QUESTION)
    german.wait_for_selector('.exchange[aria-busy="false"]')
    assert "geschrieben von" in german.inner_text(".foot")
    assert "written by" in english.inner_text(".foot")
