"""Names that no document knows: what is asked about them is not answered with something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from assistant.answering.named import unheard_of
from assistant.assistant import Assistant
from assistant.retrieval import Found
from tests.fakes import FakeChatModel, FakeEncoder

TOLD = ["The premier of Elm County opened the bridge.", "Ada Brown paid for the bridge."]


@pytest.fixture
def assistant(tmp_path: Path, encoder: FakeEncoder) -> Iterator[Assistant]:
    file = tmp_path / "bridge.txt"
    file.write_text(" ".join(TOLD), "utf-8")
    with Assistant.open(encoder=encoder) as assistant:
        assistant.add([file])
        yield assistant


def found(assistant: Assistant, question: str) -> Found:
    return assistant._search(question, k=8, within=())


def unlike(text: str, others: Sequence[str]) -> list[Mapping[str, float]]:
    return [{} for _ in others]


def alike(text: str, others: Sequence[str]) -> list[Mapping[str, float]]:
    return [{"minister": 0.9} for _ in others]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Where was Pablo Escobar killed?", "“Pablo Escobar”"),
        ("Did Peru pay for the bridge with Chile?", "“Peru” and “Chile”"),
        ("What did Ada Lovelace pay for?", ""),
        ("What did Ada Browne pay for?", ""),
        ("What did Adda Bruwn pay for?", ""),
        ("Who paid for the bridge in May?", ""),
        ("What did the NATO pay for?", ""),
        ("What did Section 12 pay for?", ""),
        ("Escobar paid for the bridge?", ""),
        ("Who Paid For The Gorge Of Peru?", ""),
        ("Was bezahlte Peru?", ""),
        ("where was pablo escobar killed?", ""),
    ],
)
def test_the_names_that_no_document_knows(assistant: Assistant, question: str, names: str) -> None:
    unheard = unheard_of(question, found(assistant, question), TOLD, unlike)
    assert unheard == (f"anything of {names}; leave out what goes without saying" if names else "")


def test_a_name_may_be_said_in_other_words(assistant: Assistant) -> None:
    question = "Who was the Prime Minister?"
    assert "“Prime Minister”" in unheard_of(question, found(assistant, question), TOLD, unlike)
    assert unheard_of(question, found(assistant, question), TOLD, alike) == ""


def test_where_nothing_is_found_nothing_is_missed(assistant: Assistant) -> None:
    question = "Where was Pablo Escobar killed?"
    assert unheard_of(question, found(assistant, question), [], unlike) == ""


def test_it_is_refused_by_name_but_a_language_model_is_left_to_tell(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    file = tmp_path / "bridge.txt"
    file.write_text(" ".join(TOLD), "utf-8")
    question = "Who paid for the bridge of Elm County in Peru?"
    with Assistant.open(encoder=encoder) as assistant:
        assistant.add([file])
        answer = assistant.ask(question)
        assert answer.refused
        assert "no passage found says anything of “Peru”; leave out" in answer.reason
        assert not assistant.ask("Who paid for the bridge of Elm County?").refused
    with Assistant.open(encoder=encoder, chat_model=FakeChatModel(replies=[f"{TOLD[1]} [1]"])) as a:
        assert not a.ask(question).refused
