"""The page says in one sentence what answers and what is sent where."""

from __future__ import annotations

import pytest

from assistant.settings import Settings
from assistant.web.about import about


def test_without_a_model_nothing_leaves() -> None:
    assert "without a language model. Nothing leaves this machine." in about(Settings.load())


@pytest.mark.parametrize(
    ("model", "base_url"),
    [
        ("ollama:llama3.2:3b", None),
        ("ollama:llama3.2:3b", "http://localhost:11434"),
        ("openai:local", "http://127.0.0.1:8000/v1"),
        ("openai:local", "http://[::1]:8000/v1"),
    ],
)
def test_a_model_on_this_machine_keeps_all_here(
    model: str, base_url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    said = about(Settings.load(model=model, base_url=base_url))
    assert said == f"Answers are written by {model} on this machine. Nothing leaves it."


@pytest.mark.parametrize(
    ("model", "base_url", "to"),
    [
        ("openai:gpt-5", None, "openai"),
        ("anthropic:claude", None, "anthropic"),
        ("openai:x", "https://llm.example.org/v1", "llm.example.org"),
        ("ollama:x", "http://10.0.0.7:11434", "10.0.0.7"),
        ("openai:x", "http://localhost.evil.example/v1", "localhost.evil.example"),
    ],
)
def test_a_model_elsewhere_is_named(model: str, base_url: str | None, to: str) -> None:
    said = about(Settings.load(model=model, base_url=base_url))
    assert f"are sent to {to}; everything else stays on this machine." in said


def test_an_ollama_elsewhere_by_its_own_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "gpu.lan:11434")
    assert "are sent to gpu.lan;" in about(Settings.load(model="ollama:x"))
