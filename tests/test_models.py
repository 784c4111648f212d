"""Answers by a language model over real HTTP, and what happens when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.assistant import WITHOUT_MODEL, Assistant
from assistant.errors import ModelError, SettingsError
from assistant.models import load_chat_model
from assistant.settings import Settings
from assistant.types import Answer, Verdict
from tests.fakes import FakeEncoder
from tests.llm_server import LlmServer, Reply, llm_server

FACT = "The pears of Elm Street were picked by Ada Brown in 1931."
GOOD = Reply("The pears of Elm Street were picked by Ada Brown in 1931 [1].")


@pytest.fixture(autouse=True)
def no_tracing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "false")


def ask(tmp_path: Path, **settings: object) -> Answer:
    (tmp_path / "pears.txt").write_text(f"{FACT} Nobody picked the quinces.", "utf-8")
    with Assistant.open(
        tmp_path / "index", settings=Settings.load(**settings), encoder=FakeEncoder()
    ) as assistant:
        assistant.add([tmp_path / "pears.txt"])
        return assistant.ask("Who picked the pears of Elm Street?")


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
    assert server.requests[0]["model"] == "llama3.2:3b"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=401),
        Reply(status=429),
        Reply(status=500),
        Reply(raw=b"\x00\xffnonsense"),
        Reply(raw=b"{}"),
        Reply(GOOD.text, delay=3.0),
    ],
    ids=["key", "rate", "broken", "nonsense", "empty", "slow"],
)
def test_a_model_that_fails_is_replaced_by_quotations(tmp_path: Path, reply: Reply) -> None:
    with llm_server(reply, reply) as server:
        answer = ask(tmp_path, **openai(server, timeout=1.0))
    assert server.requests
    assert answer.model == WITHOUT_MODEL
    assert answer.citations[0].quote == FACT
    assert answer.reason.startswith("Answered without a language model.")


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
    with pytest.raises(ModelError, match=r"cited-assistant\[groq\]"):
        load_chat_model(Settings.load(model="groq:llama"))


def test_a_model_that_cannot_be_used_still_answers(tmp_path: Path) -> None:
    answer = ask(tmp_path, model="groq:llama")
    assert answer.model == WITHOUT_MODEL
    assert "groq" in answer.reason
