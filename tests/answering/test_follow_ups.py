"""Questions that lean on the conversation."""

from __future__ import annotations

import pytest

from assistant.answering.follow_ups import standalone
from assistant.types import Turn

HISTORY = [
    Turn("user", "Who built the mill?"),
    Turn("assistant", "Clara Stone built the mill. [1]"),
]


@pytest.mark.parametrize(
    "question",
    ["Why?", "And in 1904?", "When did she build it?", "What about the tower?", "How many?"],
)
def test_a_question_that_leans_gets_the_one_before(question: str) -> None:
    assert standalone(question, HISTORY) == f"Who built the mill? {question}"


@pytest.mark.parametrize(
    "question",
    [
        "Why was the town of Juárez so important to Calderón?",
        "When was the Mérida Initiative announced?",
        "Who said that the army was slow?",
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(question: str) -> None:
    assert standalone(question, HISTORY) == question


def test_without_a_history_nothing_is_added() -> None:
    assert standalone("Why?", []) == "Why?"
    assert standalone("Why?", [Turn("assistant", "Hello.")]) == "Why?"


def test_a_chain_of_follow_ups_keeps_its_topic() -> None:
    history = [*HISTORY, Turn("user", "And when?"), Turn("assistant", "In 1904. [1]")]
    assert standalone("Why then?", history).startswith("Who built the mill? And when?")


def test_a_long_conversation_stays_searchable() -> None:
    history = [Turn("user", f"And why number {n}?") for n in range(5000)]
    found = standalone("Why?", history)
    assert found.endswith("And why number 4999? Why?")
    assert len(found) < 300


def test_what_the_assistant_said_is_not_searched() -> None:
    assert "bishop" not in standalone("Why?", [*HISTORY, Turn("assistant", "The bishop.")])
    assert standalone("Why?", [Turn("user", "  "), *HISTORY]) == "Who built the mill? Why?"
