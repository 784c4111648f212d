"""Logging in, over real HTTP, at a server that others could reach."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import anyio
import httpx
import httpx2
import pytest
from gradio_client import Client
from mcp import Client as McpClient
from mcp.client.streamable_http import streamable_http_client

from assistant.passwords import line
from assistant.web.attempts import MOST
from tests.web.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# gradio_client leaves loops and sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
ADA, BEN = ("ada", "the password of Ada"), ("ben", "and that of Ben, é")
QUESTION = "Who opened the harbour of Puerto Verde?"
HARBOUR = "The harbour of Puerto Verde was opened on 4 May 1987 by Josefina Lobo."
EVERYTHING = (
    "GET /", "GET /config", "GET /theme.css", "GET /gradio_api/info", "GET /gradio_api/app_id",
    "GET /gradio_api/heartbeat/x", "GET /gradio_api/queue/data?session_hash=x",
    "GET /gradio_api/queue/status", "GET /monitoring", "GET /manifest.json", "GET /logout/x",
    "GET /gradio_api/startup-events/", "GET /login", "POST /gradio_api/call/ask",
    "POST /gradio_api/call/v2/ask", "POST /gradio_api/queue/join", "POST /gradio_api/run/ask",
    "POST /gradio_api/upload", "POST /gradio_api/cancel", "POST /gradio_api/reset", "POST /mcp",
    "GET /mcp", "DELETE /mcp", "HEAD /", "GET /gradio_api/runs", "POST /gradio_api/vibe-edit",
)  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("gate")
    (folder / "harbour.md").write_text(HARBOUR)
    (folder / "users.txt").write_text(f"{line(*ADA)}\n{line(*BEN)}\n")
    settings = {"host": "0.0.0.0", "users": str(folder / "users.txt")}  # noqa: S104
    options = "--fake", "--mcp"
    with running(folder, folder / "harbour.md", *options, settings=settings) as address:
        port = address.rstrip("/").rpartition(":")[2]
        yield f"http://127.0.0.1:{port}"


@contextmanager
def logged_in(address: str, who: tuple[str, str]) -> Iterator[httpx.Client]:
    form = {"username": who[0], "password": who[1]}
    with httpx.Client(base_url=address) as client:
        assert client.post("/login", data=form).json() == {"success": True}
        yield client


@pytest.mark.parametrize("what", EVERYTHING)
def test_nothing_is_answered_before(address: str, what: str) -> None:
    method, path = what.split()
    response = httpx.request(method, address + path, json={} if method == "POST" else None)
    assert response.status_code == 401, response.text
    assert "Basic" in response.headers["www-authenticate"]
    assert "harbour" not in response.text
    assert "gradio" not in response.text


def test_a_browser_gets_the_page_to_log_in_with(address: str) -> None:
    browser = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"}
    response = httpx.get(address, headers=browser)
    assert response.status_code == 401
    assert "www-authenticate" not in response.headers
    assert '<form method="post" action="login">' in response.text
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"
    wrong = httpx.post(f"{address}/login", data={"username": "<b>"}, headers=browser)
    assert "Name or password is wrong." in wrong.text
    assert "<b>" not in wrong.text


def test_a_cookie_is_as_safe_as_can_be(address: str) -> None:
    form = {"username": ADA[0], "password": ADA[1]}
    response = httpx.post(f"{address}/login", data=form, headers={"Accept": "text/html"})
    assert (response.status_code, response.headers["location"]) == (303, "./")
    cookie = response.headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    behind_tls = {"X-Forwarded-Proto": "https"}
    response = httpx.post(f"{address}/login", data=form, headers=behind_tls)
    assert "Secure" in response.headers["set-cookie"]


def test_who_logs_in_comes_to_the_index_that_was_asked_for(address: str) -> None:
    browser = {"Accept": "text/html"}
    asked = {"index": 'a b"><script>&//evil.example'}
    page = httpx.get(address, params=asked, headers=browser).text
    assert "<script>" not in page
    [action] = re.findall(r'action="(login[^"]*)"', page)
    form = {"username": ADA[0], "password": ADA[1]}
    response = httpx.post(f"{address}/{action}", data=form, headers=browser)
    onwards = urlsplit(response.headers["location"])
    assert (onwards.netloc, onwards.path) == ("", "./")
    assert parse_qs(onwards.query) == {"index": [asked["index"]]}


def test_who_logs_out_is_out(address: str) -> None:
    with logged_in(address, ADA) as client:
        assert client.get("/gradio_api/info").status_code == 200
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        elsewhere = {"Sec-Fetch-Site": "cross-site", "Cookie": cookie}
        httpx.get(f"{address}/logout", headers=elsewhere)
        assert client.get("/gradio_api/info").status_code == 200
        assert client.get("/logout").status_code == 303
        kept = httpx.get(f"{address}/gradio_api/info", headers={"Cookie": cookie})
        assert kept.status_code == 401


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (httpx.BasicAuth(*ADA), 200),
        (httpx.BasicAuth(*BEN), 200),
        (httpx.BasicAuth(ADA[0], BEN[1]), 401),
        (httpx.BasicAuth("nobody", ADA[1]), 401),
    ],
)
def test_a_program_sends_name_and_password(
    address: str, header: httpx.BasicAuth, status: int
) -> None:
    assert httpx.get(f"{address}/gradio_api/info", auth=header).status_code == status


@pytest.mark.parametrize(
    "header", ["Basic", "Basic ???", "Basic AAAA", "Bearer x", "", "Basic /w=="]
)
def test_a_header_that_says_nothing(address: str, header: str) -> None:
    response = httpx.get(f"{address}/gradio_api/info", headers={"Authorization": header})
    assert response.status_code == 401


def test_gradio_client_logs_in(address: str) -> None:
    client = Client(address, auth=ADA, verbose=False, analytics_enabled=False)
    try:
        assert "Josefina Lobo" in client.predict(QUESTION, api_name="/ask")["text"]
    finally:
        client.close()
        del client
        gc.collect()
    with pytest.raises(Exception, match="credentials"):
        Client(address, auth=(ADA[0], "wrong"), verbose=False, analytics_enabled=False)
    gc.collect()


def test_mcp_demands_it_too(address: str) -> None:
    async def tools() -> list[str]:
        async with (
            httpx2.AsyncClient(auth=httpx2.BasicAuth(*ADA)) as http,
            McpClient(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
        ):
            return [tool.name for tool in (await client.list_tools()).tools]

    assert anyio.run(tools) == ["ask", "retrieve", "list_documents"]


def test_strangers_are_turned_away_before(address: str) -> None:
    form = {"username": ADA[0], "password": ADA[1]}
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        response = httpx.post(f"{address}/login", data=form, headers=headers)
        assert response.status_code == 403
        assert "set-cookie" not in response.headers


def test_guessing_has_an_end(address: str) -> None:
    stranger = {"X-Forwarded-For": "10.9.8.7", "Accept": "text/html"}

    def guess(password: str) -> httpx.Response:
        form = {"username": ADA[0], "password": password}
        return httpx.post(f"{address}/login", data=form, headers=stranger)

    assert [guess(f"guess {n}").status_code for n in range(MOST + 2)] == [401] * MOST + [429] * 2
    late = guess(ADA[1])
    assert late.status_code == 429
    assert "Try again in 5 minutes" in late.text
    assert 0 < int(late.headers["retry-after"]) <= 300
    with logged_in(address, ADA) as client:  # from where nobody guessed
        assert client.get("/gradio_api/info").status_code == 200


def test_a_form_without_end_is_not_read(address: str) -> None:
    response = httpx.post(f"{address}/login", data={"password": "x" * 100_000})
    assert response.status_code == 413


@pytest.mark.browser
def test_two_users_in_a_browser(browser: Browser, address: str) -> None:
    contexts = [browser.new_context() for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    try:
        for page, (name, password) in zip(pages, (ADA, BEN), strict=True):
            page.goto(address)
            page.get_by_label("Name").fill(name)
            page.get_by_label("Password").fill("wrong")
            page.get_by_role("button", name="Log in").click()
            page.wait_for_selector("text=Name or password is wrong.")
            page.get_by_label("Name").fill(name)
            page.get_by_label("Password").fill(password)
            page.keyboard.press("Enter")
            page.wait_for_selector(".welcome")
        first, second = pages
        first.get_by_label("Your question").fill(QUESTION)
        first.keyboard.press("Enter")
        first.wait_for_selector('.exchange[aria-busy="false"]')
        assert "Josefina Lobo" in first.inner_text("#transcript")
        assert second.locator(".exchange").count() == 0
        second.reload()
        second.wait_for_selector(".welcome")
        assert QUESTION not in second.inner_text("body")
        # The next one at the same browser does not see it either.
        first.get_by_role("link", name="Log out").click()
        first.get_by_label("Name").fill(BEN[0])
        first.get_by_label("Password").fill(BEN[1])
        first.keyboard.press("Enter")
        first.wait_for_selector(".welcome")
        assert QUESTION not in first.inner_text("body")
    finally:
        for context in contexts:
            context.close()


@pytest.mark.browser
def test_one_password_needs_no_name(browser: Browser, tmp_path: Path) -> None:
    with running(tmp_path, None, "--fake", settings={"password": ADA[1]}) as address:
        page = browser.new_page(color_scheme="dark", viewport={"width": 360, "height": 640})
        page.goto(address)
        assert page.get_by_label("Name").count() == 0
        assert page.evaluate("document.activeElement.name") == "password"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.keyboard.type(ADA[1])
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Add documents, then ask")
        page.close()
