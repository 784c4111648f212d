"""How many of what: what no sentence counts is not answered with another number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from assistant.answering.counted import Said, things, uncounted
from assistant.assistant import Assistant
from tests.fakes import FakeChatModel, FakeEncoder


def said(*sentences: str) -> list[Said]:
    return [Said(sentence, sentence) for sentence in sentences]


COUNTED = said("Ada Brown met 12 senators in May.", "Nobody voted.", "It cost 40 dollars.")


def unlike(text: str, others: Sequence[str]) -> list[Mapping[str, float]]:
    return [{} for _ in others]


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("How many senators voted?", "senators"),
        ("By how many Flemish weavers was the hall built?", "weavers"),
        ("How many men were there?", ""),
        ("How many U.S. senators voted?", "senators"),
        ("How many people in Paris died?", ""),
        ("How many people did Jones see?", ""),
        ("How many percent of voters agreed?", ""),
        ("How many business days does a refund take?", ""),
        ("How many million readers has it?", ""),
        ("How many were killed in the blasts?", ""),
        ("How many miles is it to Elm?", ""),
        ("How many people live in Elm County?", ""),
        ("How many times did the bell ring?", ""),
        ("How much did it cost?", ""),
        ("How many?", ""),
    ],
)
def test_what_is_to_be_counted(question: str, thing: str) -> None:
    assert things(question) == thing


def test_a_sentence_that_counts_it_says_the_word_and_a_number() -> None:
    assert not uncounted("How many senators were met?", COUNTED, unlike)
    assert uncounted("How many senators were met?", COUNTED[1:], unlike) == (
        "how many “senators” there are"
    )
    assert uncounted("How many mayors were met?", COUNTED, unlike) == (
        "how many “mayors” there are"
    )
    assert not uncounted("How many miles is it?", COUNTED, unlike)


def test_money_is_counted_in_money_or_where_it_is_spoken_of() -> None:
    asked, other = "How much did the bridge cost?", said("Two bridges stand.")
    assert uncounted(asked, other, unlike) == "how much money it is"
    assert not uncounted(asked, [*other, *said("They took £40 from Elm.")], unlike)
    assert not uncounted(asked, [*other, *said("They took CHF 40 from Elm.")], unlike)
    assert not uncounted(asked, said("It cost 40 bushels."), unlike)
    assert not uncounted("How much snow fell on Elm?", other, unlike)


def test_a_sentence_on_all_else_that_is_asked_counts_it() -> None:
    assert not uncounted("How many lawmakers had Ada Brown met in May?", COUNTED, unlike)
    assert uncounted("How many lawmakers had Ada Brown met in June?", COUNTED, unlike)


@pytest.mark.parametrize(
    "sentence", ["Elm has one bridge.", "No bridge of Elm stands.", "Elm had hundreds of bridges."]
)
def test_things_may_be_counted_without_a_number(sentence: str) -> None:
    told = said(sentence, "Elm has 12 mayors.")
    assert not uncounted("How many bridges has it?", told, unlike)
    assert uncounted("How many tunnels has it?", told, unlike)


def test_things_may_be_counted_by_naming_them() -> None:
    assert not uncounted("How many sons had Ada?", said("Tom and Reed are hers."), unlike)


def test_the_heading_may_say_what_is_counted() -> None:
    told = [Said("It is about 250.", "How many bridges are there? It is about 250.")]
    assert not uncounted("How many bridges are there?", told, unlike)


def test_another_word_for_it_will_do() -> None:
    def alike(text: str, others: Sequence[str]) -> list[Mapping[str, float]]:
        return [{"lawmakers": 0.8} for _ in others]

    asked = "How many lawmakers had wings?"
    assert not uncounted(asked, COUNTED, alike)
    assert uncounted(asked, COUNTED, unlike)


def test_another_number_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "vote.md").write_text(
        "The council of Elm County voted for the first bridge in 1904.\n\n"
        "The first bridge of Elm County, for which the council voted, cost 40 dollars.\n",
        "utf-8",
    )
    with Assistant.open(tmp_path / "votes", encoder=FakeEncoder(dimensions=256)) as assistant:
        assistant.add([tmp_path / "vote.md"])
        asked = "How many weavers of Elm County voted for the first bridge in May?"
        answer = assistant.ask(asked)
        told = assistant.ask("How many dollars did the first bridge of Elm County cost?")
    assert answer.refused
    assert answer.text == ""
    assert answer.confidence > 0.5
    assert "“weavers”" in answer.reason
    assert answer.hits
    assert "40 dollars" in told.text


def test_a_language_model_counts_by_itself(tmp_path: Path) -> None:
    (tmp_path / "vote.md").write_text("The first bridge of Elm County cost 40 dollars.\n", "utf-8")
    asked = "How many weavers of Elm County voted for the first bridge in May?"
    model = FakeChatModel(replies=["The first bridge of Elm County cost 40 dollars. [1]"])
    with Assistant.open(
        tmp_path / "votes", encoder=FakeEncoder(dimensions=256), chat_model=model
    ) as assistant:
        assistant.add([tmp_path / "vote.md"])
        assert not assistant.ask(asked).refused
