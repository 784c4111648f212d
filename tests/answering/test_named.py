"""Names that nothing found is about: what is asked of them is not answered with something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from assistant.answering.named import Told, unheard_of
from assistant.assistant import Assistant
from assistant.types import Turn
from tests.fakes import FakeChatModel, FakeEncoder

PREMIER = "The premier of Elm County opened the bridge of the Dutch Weavers Guild."
PAID = "Ada Brown paid for the bridge."
TOLD = [Told(PREMIER, f"Bridges Crossings {PREMIER} {PAID}"), Told(PAID, "")]


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
        ("Who paid for the bridge in Holland?", ""),
        ("Who is in the Dwg of Elm?", ""),
        ("Who paid for the bridge in May?", ""),
        ("What did the NATO pay for?", ""),
        ("What did Section 12 pay for?", ""),
        ("What do NGOs and the PhD of UNICEF pay for?", ""),
        ("What happens if I'm late for the bridge?", ""),
        ("Is the bridge open on Sundays?", ""),
        ("What did the bridge cost in Euros?", ""),
        ("What is the bridge in English?", ""),
        ("Escobar paid for the bridge?", ""),
        ("Who Paid For The Gorge Of Peru?", ""),
        ("Was bezahlte Peru?", ""),
        ("where was pablo escobar killed?", ""),
    ],
)
def test_the_names_that_nothing_found_is_about(question: str, names: str) -> None:
    unheard = f"this of {names}; leave out what goes without saying" if names else ""
    assert unheard_of(question, TOLD, unlike) == unheard


def test_a_name_may_be_said_in_other_words_or_above() -> None:
    question = "Who was the Prime Minister?"
    assert "“Prime Minister”" in unheard_of(question, TOLD, unlike)
    assert unheard_of(question, TOLD, alike) == ""
    assert unheard_of("Who was at the Crossings?", TOLD, unlike) == ""


def test_it_is_looked_for_where_the_strongest_sentences_stand() -> None:
    far = [*[Told(PAID, PAID)] * 3, Told("Peru is far.", "Peru is far.")]
    assert "“Peru”" in unheard_of("Who paid for the bridge of Peru?", far, unlike)
    assert unheard_of("Who paid for the bridge of Peru?", far[1:], unlike) == ""
    assert unheard_of("Who paid for the bridge of Peru?", [], unlike) == ""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "bridge.txt"
    file.write_text(f"{PREMIER} {PAID}", "utf-8")
    return file


@pytest.fixture
def assistant(file: Path, encoder: FakeEncoder) -> Iterator[Assistant]:
    with Assistant.open(encoder=encoder) as assistant:
        assistant.add([file])
        yield assistant


QUESTION = "Who paid for the bridge of the premier of Elm County in Peru?"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Japanese", "Japan"),
        ("Peru", "Peruvian"),
        ("Brazilians", "Brazil"),
        ("American", "United States"),
        ("Britain", "United Kingdom"),
        ("Mexico", "Mexicans"),
    ],
)
def test_a_people_and_its_country_are_one(asked: str, said: str) -> None:
    told = [Told(PAID, f"They came from {said}.")]
    assert unheard_of(f"Who paid for the {asked} bridge?", told, unlike) == ""
    assert unheard_of(f"Who paid for the {asked} bridge?", TOLD, unlike) != ""


def test_names_that_a_follow_up_takes_along_need_not_be_in_the_answer(
    assistant: Assistant,
) -> None:
    history = [
        Turn("user", "Who paid for the bridge of the premier?"),
        Turn("assistant", "Ada Brown and Tom Reed of Peru paid for the bridge."),
    ]
    assert not assistant.ask("What did the premier of Elm County open with them?", history).refused
    answer = assistant.ask("What did the premier of Elm County open in Chile?", history)
    assert "“Chile”" in answer.reason


def test_it_is_refused_by_name(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    assert answer.refused
    assert "no passage found says this of “Peru”; leave out" in answer.reason
    assert not assistant.ask(QUESTION.replace(" in Peru", "")).refused


def test_a_language_model_is_left_to_tell(file: Path, encoder: FakeEncoder) -> None:
    model = FakeChatModel(replies=[f"{PAID} [1]"])
    with Assistant.open(encoder=encoder, chat_model=model) as assistant:
        assistant.add([file])
        assert not assistant.ask(QUESTION).refused
