"""Answers by a language model over real HTTP, and what happens when it fails."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.writing import WITHOUT_MODEL
from assistant.assistant import Assistant
from assistant.errors import ModelError, SettingsError
from assistant.models import load_chat_model
from assistant.settings import Settings
from assistant.types import Answer, Verdict
from tests.fakes import FakeEncoder
from tests.llm_server import LlmServer, Reply, llm_server

FACT = "The pears of Elm Street were picked by Ada Brown in 1931."
LOOPBACK = {"127.0.0.1", "::1", "localhost", b"127.0.0.1", b"localhost"}
GOOD = Reply("The pears of Elm Street were picked by Ada Brown in 1931 [1].")


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail where a provider's client looks up a host, or connects to one, beyond this machine."""
    reached: list[Any] = []
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def watched_look_up(host: Any, *args: Any, **more: Any) -> Any:
        if host not in LOOPBACK:
            reached.append(host)
            raise OSError(f"{host} is not on loopback")
        return look_up(host, *args, **more)

    def watched_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            reached.append(address)
            raise OSError(f"{address} is not on loopback")
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", watched_look_up)
    monkeypatch.setattr(socket.socket, "connect", watched_connect)
    yield
    assert reached == []


def snapshots(tmp_path: Path, **settings: object) -> list[Answer]:
    (tmp_path / "pears.txt").write_text(f"{FACT} Nobody picked the quinces.", "utf-8")
    with Assistant.open(
        tmp_path / "index", settings=Settings.load(**settings), encoder=FakeEncoder()
    ) as assistant:
        assistant.add([tmp_path / "pears.txt"])
        return list(assistant.stream("Who picked the pears of Elm Street?"))


def ask(tmp_path: Path, **settings: object) -> Answer:
    return snapshots(tmp_path, **settings)[-1]


def openai(server: LlmServer, **more: object) -> dict[str, object]:
    return {"model": "openai:some-model", "base_url": f"{server.url}/v1", **more}


def test_openai_compatible_server(tmp_path: Path) -> None:
    with llm_server(GOOD) as server:
        answer = ask(tmp_path, **openai(server, api_key="secret"))
    assert answer.text == "The pears of Elm Street were picked by Ada Brown in 1931. [1]"
    assert answer.model == "openai:some-model"
    assert answer.citations[0].quote == FACT
    assert answer.claims[0].verdict is Verdict.SUPPORTED
    (request,) = server.requests
    assert request["model"] == "some-model"
    assert request["temperature"] == 0
    prompt = request["messages"][-1]["content"]
    assert '<passage number="1" document="pears.txt">' in prompt
    assert FACT in prompt
    assert prompt.endswith("Question: Who picked the pears of Elm Street?")
    assert server.headers[0]["authorization"] == "Bearer secret"


def test_ollama_server(tmp_path: Path) -> None:
    with llm_server(GOOD) as server:
        answer = ask(tmp_path, model="ollama:llama3.2:3b", base_url=server.url)
    assert answer.citations[0].quote == FACT
    assert server.paths == ["/api/chat"]
    assert server.requests[0]["model"] == "llama3.2:3b"
    assert server.requests[0]["options"]["temperature"] == 0


def test_anthropic_server(tmp_path: Path) -> None:
    with llm_server(GOOD) as server:
        answer = ask(tmp_path, model="anthropic:some-model", base_url=server.url, api_key="secret")
    assert answer.citations[0].quote == FACT
    assert answer.model == "anthropic:some-model"
    assert server.paths == ["/v1/messages"]
    assert "secret" in " ".join(server.headers[0].values())


def test_the_environment_names_the_model_and_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with llm_server(GOOD) as server:
        monkeypatch.setenv("ASSISTANT_MODEL", "openai:from-environment")
        monkeypatch.setenv("ASSISTANT_BASE_URL", f"{server.url}/v1")
        monkeypatch.setenv("ASSISTANT_API_KEY", "from-environment-too")
        answer = ask(tmp_path)
    assert answer.model == "openai:from-environment"
    assert server.requests[0]["model"] == "from-environment"
    assert server.headers[0]["authorization"] == "Bearer from-environment-too"


def test_without_a_key_a_server_of_ones_own_is_asked_all_the_same(tmp_path: Path) -> None:
    with llm_server(GOOD) as server:
        assert ask(tmp_path, **openai(server)).model == "openai:some-model"


def test_snapshots_grow_while_the_server_streams(tmp_path: Path) -> None:
    text = f"{FACT} [1] Nobody picked the quinces [1]. Pears are blue in Paris."
    with llm_server(Reply(text)) as server:
        answers = snapshots(tmp_path, **openai(server))
    assert len(answers) == 3
    for before, after in pairwise(answers):
        assert after.text.startswith(before.text)
        assert after.citations[: len(before.citations)] == before.citations
    assert [claim.verdict for claim in answers[-1].claims] == [
        Verdict.SUPPORTED,
        Verdict.SUPPORTED,
        Verdict.UNSUPPORTED,
    ]
    assert answers[-1].text.endswith("Pears are blue in Paris.")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=401),
        Reply(status=429),
        Reply(status=500),
        Reply(raw=b"\x00\xffnonsense"),
        Reply(raw=b"{}"),
        Reply(""),
        Reply(GOOD.text, cut_after=1),
        Reply(GOOD.text, delay=3.0),
    ],
    ids=["key", "rate", "broken", "nonsense", "no answer", "empty", "cut", "slow"],
)
def test_a_model_that_fails_is_replaced_by_quotations(tmp_path: Path, reply: Reply) -> None:
    with llm_server(reply, reply) as server:
        answer = ask(tmp_path, **openai(server, timeout=1.0))
    assert server.requests
    assert answer.model == WITHOUT_MODEL
    assert answer.citations[0].quote == FACT
    assert answer.reason.startswith("Answered without a language model.")


@pytest.mark.parametrize("provider", ["ollama", "anthropic"])
@pytest.mark.parametrize(
    "reply",
    [Reply(status=401), Reply(status=500), Reply(raw=b"\x00\xff"), Reply(GOOD.text, cut_after=1)],
    ids=["key", "broken", "nonsense", "cut"],
)
def test_other_providers_fail_alike(tmp_path: Path, provider: str, reply: Reply) -> None:
    with llm_server(reply, reply) as server:
        answer = ask(tmp_path, model=f"{provider}:m", base_url=server.url, api_key="k", timeout=5.0)
    assert server.requests
    assert answer.model == WITHOUT_MODEL
    assert answer.citations[0].quote == FACT
    assert answer.reason.startswith("Answered without a language model.")


def test_a_key_is_never_shown(tmp_path: Path) -> None:
    with llm_server(Reply(status=401)) as server:
        answer = ask(tmp_path, **openai(server, api_key="sk-very-secret"))
    assert "sk-very-secret" not in repr(answer)
    assert "sk-very-secret" not in repr(Settings.load(api_key="sk-very-secret"))


def test_a_model_that_cannot_be_reached(tmp_path: Path) -> None:
    with llm_server() as server:
        url = server.url
    answer = ask(tmp_path, model="openai:m", base_url=f"{url}/v1", timeout=5.0)
    assert answer.model == WITHOUT_MODEL
    assert "ASSISTANT_BASE_URL" in answer.reason


def test_a_connection_lost_halfway_keeps_what_was_checked(tmp_path: Path) -> None:
    text = f"{FACT[:-1]} [1]. Nobody picked the quinces [1]. And then there is more to say."
    with llm_server(Reply(text, cut_after=15)) as server:
        answer = ask(tmp_path, **openai(server))
    assert answer.text.startswith("The pears of Elm Street")
    assert answer.reason.startswith("The answer broke off.")
    assert answer.citations[0].quote == FACT


def test_a_model_that_finds_nothing_refuses(tmp_path: Path) -> None:
    with llm_server(Reply("NOT IN THE DOCUMENTS")) as server:
        answer = ask(tmp_path, **openai(server))
    assert answer.refused
    assert answer.text == ""
    assert "openai:some-model" in answer.reason


def test_nothing_is_sent_where_the_documents_hold_nothing(tmp_path: Path) -> None:
    with (
        llm_server(GOOD) as server,
        Assistant.open(
            tmp_path / "index", settings=Settings.load(**openai(server)), encoder=FakeEncoder()
        ) as assistant,
    ):
        assert assistant.ask("Who picked the pears?").refused
        assert server.requests == []


def test_a_name_without_a_provider_is_refused() -> None:
    with pytest.raises(SettingsError, match="no-such-model"):
        load_chat_model(Settings.load(model="no-such-model"))


def test_a_missing_provider_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match=r"pip install langchain-groq") as caught:
        load_chat_model(Settings.load(model="groq:llama"))
    assert "cited-assistant[" not in str(caught.value)

    def lacking(*_: Any, **__: Any) -> None:
        raise ImportError("Initializing ChatOllama requires the langchain-ollama package.")

    monkeypatch.setattr("langchain.chat_models.init_chat_model", lacking)
    with pytest.raises(ModelError, match=r"pip install 'cited-assistant\[ollama\]'"):
        load_chat_model(Settings.load(model="ollama:llama"))


def test_a_model_that_cannot_be_used_still_answers(tmp_path: Path) -> None:
    answer = ask(tmp_path, model="groq:llama")
    assert answer.model == WITHOUT_MODEL
    assert "groq" in answer.reason


def test_a_missing_key_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SettingsError, match="ASSISTANT_API_KEY"):
        load_chat_model(Settings.load(model="openai:some-model"))
