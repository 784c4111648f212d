"""Prompt files and the check of their variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import PromptError
from assistant.prompts import load_prompt


def load(tmp_path: Path, text: str) -> str:
    (tmp_path / "p.md").write_text(text, "utf-8")
    prompt = load_prompt("p", frozenset({"question"}), tmp_path)
    return str(prompt.invoke({"question": "Why?"}).to_string())


def test_the_prompt_that_comes_with_the_program() -> None:
    prompt = load_prompt("answer", frozenset({"question", "passages"}))
    messages = prompt.invoke({"question": "Q {x}", "passages": "P"}).to_messages()
    assert [message.type for message in messages] == ["system", "human"]
    assert "Q {x}" in str(messages[1].content)


def test_sections_become_messages(tmp_path: Path) -> None:
    text = load(tmp_path, "A note\n\n## system\nBe {{brief}}.\n\n## human\n{question}\n")
    assert text == "System: Be {brief}.\nHuman: Why?"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("## human\nAsk.", "lacks {question}"),
        ("## human\n{question} {passage}", "names unknown {passage}"),
        ("{question}", "no section"),
        ("## human\n{question} {", "stray brace"),
    ],
)
def test_faults_are_named(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(PromptError) as caught:
        load(tmp_path, text)
    assert fault in str(caught.value)
    assert "p.md" in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"nowhere\.md"):
        load_prompt("nowhere", frozenset(), tmp_path)
