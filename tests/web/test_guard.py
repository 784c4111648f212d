"""Strangers are turned away: foreign hosts, foreign origins, closed paths."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.web.guard import Guard


def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse("in")


def client(host: str = "127.0.0.1", address: str = "http://127.0.0.1:7860") -> TestClient:
    app = Starlette(
        routes=[Route("/{path:path}", answer, methods=["GET", "POST"])],
        middleware=[Middleware(Guard, host=host)],
    )
    return TestClient(app, base_url=address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1:7860", "localhost:7860", "LOCALHOST", "[::1]:7860", "127.0.0.1"]
)
def test_this_machine_is_answered(host: str) -> None:
    response = client().get("/", headers={"Host": host})
    assert (response.status_code, response.text) == (200, "in")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:7860", "127.0.0.1.evil.example", "localhost.evil.example",
        "192.168.1.5", "user@evil.example", "[::2]", "[", "", "127.0.0.1/evil.example\\@",
    ],
)  # fmt: skip
def test_a_foreign_host_is_refused(host: str) -> None:
    assert client().get("/", headers={"Host": host}).status_code == 403


def test_the_configured_host_is_answered() -> None:
    guarded = client("notes.lan")
    assert guarded.get("/", headers={"Host": "Notes.lan:80"}).status_code == 200
    assert guarded.get("/", headers={"Host": "other.lan"}).status_code == 403


def test_served_everywhere_any_address_is_answered_but_no_foreign_name() -> None:
    guarded = client("0.0.0.0")  # noqa: S104
    assert guarded.get("/", headers={"Host": "192.168.1.5:7860"}).status_code == 200
    assert guarded.get("/", headers={"Host": "evil.example"}).status_code == 403


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:7860", ""],
)
def test_a_foreign_origin_is_refused(origin: str) -> None:
    response = client().post("/gradio_api/upload", headers={"Origin": origin})
    assert response.status_code == 403


def test_the_page_itself_may_post() -> None:
    origin = {"Origin": "http://127.0.0.1:7860"}
    assert client().post("/gradio_api/queue/join", headers=origin).status_code == 200


def test_a_program_without_origin_may_post() -> None:
    assert client().post("/gradio_api/queue/join").status_code == 200


@pytest.mark.parametrize("path", ["file=/etc/passwd", "file/x", "proxy=http://evil.example"])
def test_files_are_not_handed_out_again(path: str) -> None:
    assert client().get(f"/gradio_api/{path}").status_code == 404


def test_every_answer_forbids_loading_from_elsewhere() -> None:
    for path, host in [
        ("/", "127.0.0.1"),
        ("/", "evil.example"),
        ("/gradio_api/file=x", "localhost"),
    ]:
        headers = client().get(path, headers={"Host": host}).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "connect-src 'self'" in policy
        assert "img-src 'self' data: blob:" in policy
        assert "http:" not in policy
        assert headers["x-content-type-options"] == "nosniff"
