"""A language model is tried before it is chosen: asked over HTTP, its silence put into words."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from assistant.errors import ModelError, SettingsError
from assistant.models import try_model
from assistant.settings import Settings
from tests.llm_server import LlmServer, Reply, llm_server

PROVIDERS = {"openai": "/v1", "ollama": "", "anthropic": ""}


def settings(server: LlmServer, provider: str, **more: Any) -> Settings:
    address = server.url + PROVIDERS[provider]
    return Settings.load(model=f"{provider}:m", base_url=address, api_key="k", **more)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_model_that_answers_is_asked_once(provider: str) -> None:
    with llm_server(Reply("yes, of course I am here")) as server:
        try_model(settings(server, provider))
    (request,) = server.requests
    assert "Reply with the word yes." in str(request)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(status=401), "it does not accept the key"),
        (Reply(status=404), "it knows no such model"),
        (Reply(status=500), "no luck"),
        (Reply(""), "answered with nothing"),
    ],
)
def test_what_it_answers_instead_is_said(provider: str, reply: Reply, words: str) -> None:
    with llm_server(reply, reply) as server, pytest.raises(ModelError, match=words) as caught:
        try_model(settings(server, provider))
    assert f"'{provider}:m'" in str(caught.value)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_one_that_takes_too_long_is_not_waited_for(provider: str) -> None:
    slow = Reply("yes", delay=2)
    with (
        llm_server(slow, slow) as server,
        pytest.raises(ModelError, match=r"longer than 0\.2 seconds"),
    ):
        try_model(settings(server, provider, timeout=0.2))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_where_nothing_listens_is_said(provider: str) -> None:
    with llm_server() as server:
        address = server.url
    chosen = Settings.load(model=f"{provider}:m", base_url=address, api_key="k")
    with pytest.raises(ModelError, match=r"nothing listens at http://127\.0\.0\.1"):
        try_model(chosen)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_login_in_the_address_is_not_said(provider: str) -> None:
    with llm_server() as server:
        address = server.url.replace("//", "//u:hush@")
    chosen = Settings.load(model=f"{provider}:m", base_url=address, api_key="k")
    with pytest.raises(ModelError, match=r"nothing listens at http://127\.0\.0\.1"):
        try_model(chosen)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_host_that_is_not_there_is_said(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    chosen = Settings.load(model=f"{provider}:m", base_url="http://llm.example/v1", api_key="k")
    with pytest.raises(ModelError, match=r"no host of the name in http://llm\.example"):
        try_model(chosen)


def test_a_library_that_is_missing_is_named_with_what_to_install() -> None:
    with pytest.raises(ModelError, match="pip install"):
        try_model(Settings.load(model="mistralai:m"))


def test_a_name_without_a_provider_is_said() -> None:
    with pytest.raises(SettingsError, match="Name it as provider:model"):
        try_model(Settings.load(model="m"))
