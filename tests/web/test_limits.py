"""What is too much is said in words: long bodies, large, many or unknown files, a full queue."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant import resources
from assistant.tools import AT_ONCE
from assistant.web.bodies import Bodies
from tests.web.server import HOLD, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTION = "Who was the sharpest critic of the Mérida Initiative in the cables?"


async def count(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
def counter() -> TestClient:
    return TestClient(
        Starlette(
            routes=[Route("/{path:path}", count, methods=["POST"])],
            middleware=[Middleware(Bodies, upload_mb=2.5)],
        )
    )


def pieces(megabytes: float) -> Iterator[bytes]:
    for _ in range(int(megabytes * 10)):
        yield b"x" * 100_000


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(
    ("path", "megabytes", "status"),
    [
        ("/gradio_api/queue/join", 1.0, 200),
        ("/gradio_api/queue/join", 1.1, 413),
        ("/gradio_api/upload", 2.5, 200),
        ("/gradio_api/upload", 2.6, 413),
        ("/gradio_api/upload/x", 1.1, 413),
    ],
)
def test_a_body_that_is_too_long(
    counter: TestClient, path: str, megabytes: float, status: int, announced: bool
) -> None:
    content: Any = pieces(megabytes)
    response = counter.post(path, content=b"".join(content) if announced else content)
    assert response.status_code == status
    if status == 413:
        assert "may be sent at once" in response.text
        assert ("Upload fewer files" in response.text) == (path == "/gradio_api/upload")


@pytest.mark.parametrize("whole", [True, False])
def test_of_an_upload_that_is_refused_or_breaks_off_nothing_is_left(
    tmp_path: Path, whole: bool
) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    settings = {"max_upload_mb": "2"}
    with running(tmp_path, None, "--fake", settings=settings) as address:
        host, port = urlsplit(address).hostname or "", urlsplit(address).port or 0
        connection = http.client.HTTPConnection(host, port)
        connection.putrequest("POST", "/gradio_api/upload")
        connection.putheader("Content-Type", "multipart/form-data; boundary=x")
        connection.putheader("Transfer-Encoding", "chunked")
        connection.endheaders()
        for _ in range(3 if whole else 2):
            part = head + b"x" * 900_000 + b"\r\n"
            connection.send(b"%x\r\n%s\r\n" % (len(part), part))
        if whole:
            connection.send(b"0\r\n\r\n")
            assert connection.getresponse().status == 413
        else:
            wait_for(lambda: len(kept(tmp_path)) == 2)
        connection.close()
        wait_for(lambda: kept(tmp_path) == [])


def kept(folder: Path) -> list[Path]:
    return [path for path in (folder / "cache").rglob("*") if path.is_file()]


def wait_for(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_length_that_lies_helps_nobody(counter: TestClient) -> None:
    response = counter.post("/", content=pieces(1.1), headers={"Content-Length": "10"})
    assert response.status_code == 413


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("limits")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    limits = {"waiting": "1", "max_uploads": "2", "max_upload_mb": "1.5"}
    samples = resources.samples_folder()
    with running(folder, samples, "--fake", model=True, settings=limits) as address:
        yield address


@contextmanager
def busy(address: str, folder: Path) -> Iterator[httpx.Response]:
    """Ask questions that wait for the end of this until one is turned away; yields how."""
    where = f"{address}gradio_api/call/v2/ask"
    (folder / HOLD).touch()
    try:
        for _ in range(AT_ONCE + 2):
            response = httpx.post(where, json={"question": QUESTION})
            if response.is_error:
                break
        yield response
    finally:
        (folder / HOLD).unlink()


def wait_until_empty(address: str) -> None:
    while httpx.get(f"{address}gradio_api/queue/status").json()["queue_size"]:
        time.sleep(0.1)


def upload(address: str, **files: str) -> httpx.Response:
    given = [("files", (f"{name}.txt", text)) for name, text in files.items()]
    return httpx.post(f"{address}gradio_api/upload", files=given)


def test_programs_hear_that_the_queue_is_full(address: str, folder: Path) -> None:
    wait_until_empty(address)
    with busy(address, folder) as response:
        assert response.status_code == 503
        assert "Queue is full" in response.json()["detail"]


def test_programs_hear_what_is_too_much(address: str) -> None:
    assert upload(address, a="x" * 1_200_000).status_code == 413
    assert "1.5 MB" in upload(address, a="x" * 900_000, b="y" * 900_000).text
    wait_until_empty(address)
    paths = upload(address, a="one", b="two", c="three").json()
    where = f"{address}gradio_api/call/add"
    files = [{"path": path, "meta": {"_type": "gradio.FileData"}} for path in paths]
    event = httpx.post(where, json={"data": [files, ""]}).json()["event_id"]
    assert "3 files are too many at once; 2 may be" in httpx.get(f"{where}/{event}").text
    assert not any(Path(path).exists() for path in paths)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(address)
    page.wait_for_selector(".welcome")
    yield page
    page.close()


@pytest.mark.browser
def test_the_page_says_that_it_is_busy_and_answers_later(
    page: Page, address: str, folder: Path
) -> None:
    with busy(address, folder):
        box = page.get_by_label("Your question")
        box.fill(QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector("text=currently busy. Please try again.")
    assert box.input_value() == QUESTION
    assert "Traceback" not in page.inner_text("body")
    wait_until_empty(address)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_selector('.exchange[aria-busy="false"]')


@pytest.mark.browser
@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"program.exe": 1}, "program.exe: left out"),
        ({"large.txt": 1_200_000}, "it has 1.2 MB, and exceeds the limit of 1 MB"),
        ({"a.txt": 900_000, "b.txt": 900_000}, "more than the 1.5 MB"),
        ({"a.txt": 9, "b.txt": 9, "c.txt": 9}, "3 files are too many at once; 2 may be"),
    ],
)
def test_the_page_says_which_file_is_over_what(
    page: Page, address: str, tmp_path: Path, files: dict[str, int], said: str
) -> None:
    for name, size in files.items():
        (tmp_path / name).write_text("x" * size)
    page.get_by_role("tab", name="Documents").click()
    page.wait_for_selector("#documents tr")
    held = page.locator("#documents tr").count()
    wait_until_empty(address)
    page.set_input_files("#drop input[type=file]", [str(tmp_path / name) for name in files])
    page.wait_for_selector(f"text={said}")
    assert page.locator("#documents tr").count() == held
