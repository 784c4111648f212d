"""What kind of thing a question asks for."""

from __future__ import annotations

import pytest

from assistant.expected import asks_for_money, expected, holds_money


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("When was it signed?", "It was signed in 2008.", "It was signed at last."),
        ("What year did it end?", "It ended in June.", "It ended badly."),
        ("How many helicopters came?", "Eight of them came.", "They came late."),
        ("When did it end?", "It ended in the 1990s.", "It ended in version 19901."),
        ("When did it end?", "It ended on 22 Sept.", "It ended on the 22nd try."),
        ("How many came?", "Two hundred and fifty came.", "They came in 1904."),
        ("Who signed it?", "Óscar Arias signed it.", "Prices signed it in May."),
        ("What percentage was paid?", "They paid 26 %.", "They paid late."),
        ("Who signed it?", "It was signed by Calderón.", "It was signed."),
        ("Where did they meet?", "They met in Toluca.", "They met at noon."),
        ("Which city was it?", "It was in Toluca.", "It was in a valley."),
        ("Why did it fail?", "It failed because nobody paid.", "It failed in June."),
    ],
)
def test_a_sentence_holds_the_kind_of_thing_that_is_asked_for(
    question: str, holds: str, lacks: str
) -> None:
    told = expected(question)
    assert told is not None
    assert told(holds)
    assert not told(lacks)


def test_a_name_that_the_question_gives_is_no_answer() -> None:
    told = expected("Who criticized the Mérida Initiative?")
    assert told is not None
    assert not told("Some in the north criticized the Mérida Initiative.")
    assert told("At first the Mérida Initiative pleased Carlsen.")


@pytest.mark.parametrize("question", ["Is it over?", "Describe the plan.", "", "whenever"])
def test_other_questions_expect_nothing_in_particular(question: str) -> None:
    assert expected(question) is None


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("How much did it cost?", "cost"),
        ("How much Money came?", "money"),
        ("How much rain fell?", ""),
        ("How much time is spent on letters?", ""),
        ("How much of the cost is covered?", ""),
        ("How much did the price rise?", ""),
    ],
)
def test_who_asks_for_money(question: str, word: str) -> None:
    assert asks_for_money(question) == word


def test_what_holds_money() -> None:
    assert holds_money("It took £40.")
    assert not holds_money("Two mayors paid nothing.")


def test_a_question_of_a_million_characters_is_read_within_the_time_of_a_test() -> None:
    assert not asks_for_money("how much " * 110_000)
