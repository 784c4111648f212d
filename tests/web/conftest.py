"""Fixtures of the tests with a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.web.browsing import Open
from tests.web.server import ends

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

CUT_OFF = ("ERR_INCOMPLETE_CHUNKED", "ERR_CONNECTION", "AbortError", "Connection errored out")
"""What a page says that is left while its server answers."""


def is_error(said: ConsoleMessage) -> bool:
    return said.type == "error" and not any(words in said.text for words in CUT_OFF)


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Open]:
    """Open pages in contexts of their own, and check afterwards that nothing left the machine."""
    # Pages are closed before the server that they come from ends.
    if "address" in request.fixturenames:
        request.getfixturevalue("address")
    strangers: list[str] = []
    faults: list[str] = []
    contexts = []

    def watch(route: Route) -> None:
        url = route.request.url
        if urlsplit(url).scheme in {"data", "blob"} or urlsplit(url).hostname == "127.0.0.1":
            route.continue_()
        else:
            strangers.append(url)
            route.abort()

    def visit(address: str, **options: Any) -> Page:
        context = browser.new_context(**options)
        context.route("**/*", watch)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        before = ends(address)

        def fault(said: str) -> None:
            # A page that is still open when its server ends says so in many ways.
            if ends(address) == before:
                faults.append(said)

        page.on("pageerror", lambda error: fault(str(error)))
        page.on("console", lambda said: fault(said.text) if is_error(said) else None)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(address)
        page.wait_for_selector(".welcome")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert strangers == []
    assert faults == []
