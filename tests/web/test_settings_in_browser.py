"""The settings' tab in a real browser: tested, kept, followed by all tabs, closed where it must."""

from __future__ import annotations

import base64
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.settings import SETTINGS_FILE
from tests.llm_server import Reply, llm_server
from tests.web.browsing import Open, ask, fill
from tests.web.server import running
from tests.web.test_access_in_browser import violations

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
FACT = "The pears of Elm Street were picked by Ada Brown in 1931."
QUESTION = "Who picked the pears of Elm Street?"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    (tmp_path / "pears.txt").write_text(f"{FACT} Nobody picked the quinces.", "utf-8")
    return tmp_path / "pears.txt"


def settings(page: Page) -> None:
    page.get_by_role("tab", name="Settings").click()
    page.wait_for_selector("#settings-save")


def field(page: Page, name: str) -> Locator:
    """Return a field by its name, which its hint follows."""
    return page.get_by_role("textbox", name=re.compile(f"^{name}"))


def choose(page: Page, model: str, address: str, key: str = "") -> None:
    page.get_by_text("written by a language model").click()
    fill(field(page, "Language model"), model)
    fill(field(page, "Address"), address)
    if key:
        fill(page.locator("#settings input[type=password]"), key)


def save(page: Page, said: str) -> None:
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector(f"#settings-news >> text={said}")


def kept(folder: Path) -> dict[str, object]:
    file = folder / SETTINGS_FILE
    return tomllib.loads(file.read_text("utf-8")) if file.exists() else {}


def test_a_model_is_tested_kept_and_answers_in_every_tab(
    visit: Open, tmp_path: Path, document: Path
) -> None:
    folder = tmp_path / "server"
    with llm_server(Reply("yes"), Reply(f"{FACT} [1]"), Reply(f"{FACT} [1]")) as server:
        with running(folder, document, "--fake") as address:
            other, page = visit(address), visit(address)
            settings(page)
            choose(page, "openai:pear", f"{server.url}/v1", "sk-secret")
            sentence = "Answers are written by openai:pear on this machine. Nothing leaves it."
            page.wait_for_selector(f"#settings-about >> text={sentence}")
            assert sentence not in page.inner_text("#head")
            save(page, "Saved in assistant.toml")
            page.wait_for_selector(f"#head >> text={sentence}")
            ask(other, QUESTION)
            assert "written by openai:pear" in other.inner_text(".foot")
            assert "sk-secret" not in page.content()
            page.wait_for_selector("text=A key is set. Leave this empty to keep it.")
            fill(field(page, "Address"), "https://llm.example/v1")
            page.wait_for_selector("#settings-about >> text=are sent to llm.example")
            page.wait_for_selector(f"text=is for {server.url}/v1, and is sent nowhere else")
        with running(folder, None, "--fake") as address:
            page = visit(address)
            ask(page, QUESTION)
            assert "written by openai:pear" in page.inner_text(".foot")
            settings(page)
            assert field(page, "Language model").input_value() == "openai:pear"
            assert "sk-secret" not in page.content()
    assert kept(folder)["api_key"] == "sk-secret"
    assert {said["authorization"] for said in server.headers} == {"Bearer sk-secret"}


def test_a_model_that_does_not_answer_changes_nothing(
    visit: Open, tmp_path: Path, document: Path
) -> None:
    folder = tmp_path / "server"
    with llm_server(Reply(status=401)) as server, running(folder, document, "--fake") as address:
        page = visit(address)
        settings(page)
        choose(page, "openai:pear", f"{server.url}/v1", "wrong")
        save(page, "it does not accept the key")
        assert field(page, "Language model").input_value() == "openai:pear"
        save(page, "no luck")
        choose(page, "openai:pear", "http://127.0.0.1:9/v1")
        save(page, "nothing listens at")
        ask(page, QUESTION)
        assert "quoted from 1 document" in page.inner_text(".foot")
    assert kept(folder) == {}


def test_what_is_set_elsewhere_is_shown_and_closed(visit: Open, tmp_path: Path) -> None:
    with running(tmp_path, None, "--fake", settings={"passages": "3"}) as address:
        page = visit(address)
        settings(page)
        passages = page.get_by_label("Passages an answer may draw on")
        assert passages.input_value() == "3"
        assert passages.is_disabled()
        assert page.is_visible("text=Set as ASSISTANT_PASSAGES in the environment.")
        fill(page.get_by_label("Wrong answers tolerated, in a hundred").first, "2")
        save(page, "Saved in assistant.toml")
    assert kept(tmp_path) == {"wrong_answers": 0.02}


def test_a_rate_finer_than_what_is_shown_does_not_get_in_the_way(
    visit: Open, tmp_path: Path
) -> None:
    fine = {"wrong_answers": "0.03333"}
    with running(tmp_path, None, "--fake", settings=fine) as address:
        page = visit(address)
        settings(page)
        fill(page.get_by_label("Passages an answer may draw on"), "5")
        save(page, "Saved in assistant.toml")
    assert kept(tmp_path) == {"passages": 5}


def test_where_users_log_in_nobody_says_where_questions_go(visit: Open, tmp_path: Path) -> None:
    from assistant import passwords

    users = tmp_path / "users.txt"
    users.write_text(f"{passwords.line('ada', 'a long password')}\n", "utf-8")
    with running(tmp_path, None, "--fake", settings={"users": str(users)}) as address:
        login = base64.b64encode(b"ada:a long password").decode()
        page = visit(address, extra_http_headers={"Authorization": f"Basic {login}"})
        settings(page)
        for radio in page.locator("#settings fieldset").first.locator("input").all():
            assert radio.is_disabled()
        assert page.is_visible("text=Only whoever runs the program sets it")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_tab(visit: Open, tmp_path: Path, scheme: str) -> None:
    with running(tmp_path, None, "--fake", settings={"passages": "3"}) as address:
        page = visit(address, color_scheme=scheme, reduced_motion="reduce")
        settings(page)
        page.wait_for_timeout(300)
        found = violations(page)
        choose(page, "openai:pear", "https://llm.example/v1")
        page.wait_for_selector("#settings-about >> text=are sent to llm.example")
        assert found + violations(page) == []
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
