"""Questions that lean on the conversation."""

from __future__ import annotations

import pytest

from assistant.answering.follow_ups import readings
from assistant.types import Turn

HISTORY = [
    Turn("user", "Who built the mill?"),
    Turn("assistant", "Clara Stone built the mill. [1]"),
]


def standalone(question: str, history: list[Turn]) -> str:
    return readings(question, history)[0]


@pytest.mark.parametrize(
    "question",
    ["Why?", "And in 1904?", "What about the tower?", "How many?", "How high is its tower?"],
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


def test_the_questions_between_do_not_pile_up() -> None:
    asked = [
        ("When was the Mérida Initiative announced?", "In 2007."),
        ("How much was it worth?", "$1.4 billion."),
        ("and in 2010?", "$210 million."),
    ]
    history = [
        turn
        for question, answer in asked
        for turn in (Turn("user", question), Turn("assistant", answer))
    ]
    assert standalone("Who criticized it?", history) == "Who criticized it? (Mérida Initiative)"


def test_what_the_assistant_said_is_not_searched() -> None:
    assert "bishop" not in standalone("Why?", [*HISTORY, Turn("assistant", "The bishop.")])
    assert standalone("Why?", [Turn("user", "  "), *HISTORY]) == "Who built the mill? Why?"


def test_another_year_takes_the_place_of_the_one_before() -> None:
    history = [
        Turn("user", "How many mills burned in Elm County in 1904?"),
        Turn("assistant", "9."),
    ]
    assert standalone("And in 1905?", history) == "How many mills burned in Elm County in 1905?"


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("When did she build it?", "When did Clara Stone build it?"),
        ("Who paid her for the tower?", "Who paid Clara Stone for the tower?"),
        ("Who bought her tower?", "Who bought her tower? (Clara Stone)"),
        ("What made her famous?", "What made her famous? (Clara Stone)"),
        ("What happened to her son?", "What happened to Clara Stone's son?"),
        ("Who is his wife?", "Who is Clara Stone's wife?"),
        ("Where did he or she live?", "Where did Clara Stone live?"),
        ("What did Tom Reed tell her?", "What did Tom Reed tell her?"),
    ],
)
def test_whom_the_last_answer_named_is_asked_about(question: str, asked: str) -> None:
    assert standalone(question, HISTORY) == asked


def test_who_is_meant_stays_who_was_talked_about() -> None:
    asked = [
        ("Who is Clara Stone?", "Stone, a smith, built the mill with Tom Reed in Elm County."),
        ("What happened to her son?", "On 1 May her son Karl Stone drowned near Port Ada."),
        ("When was the pact signed?", "There the town signed a Pact of the North on 2 May."),
    ]
    history = [turn for q, a in asked for turn in (Turn("user", q), Turn("assistant", a))]
    assert standalone("Where was she born?", history) == "Where was Clara Stone born?"


@pytest.mark.parametrize(
    ("asked", "told", "meant"),
    [
        (("Who is Ada Hill?", "Who is Mary Hill?"), "A smith.", "Mary Hill"),
        (("Who is Ada Hill?", "What happened to Clara Stone?"), "She left.", "Clara Stone"),
        (("Who is Ada Hill?", "Why did Napoleon leave?"), "Of boredom.", "Napoleon"),
        (("Who founded Acme Works?",), "Acme Works was founded by Jane Doe.", "Jane Doe"),
        (("Who is Ada Hill?", "What did Napoleon do?"), "He left.", "Napoleon"),
        (("Who is Ada Hill?", "Who is Hill's friend?"), "Hill's friend is Jane Doe.", "Ada Hill"),
    ],
)
def test_who_was_spoken_of_last_is_meant(asked: list[str], told: str, meant: str) -> None:
    history = [turn for q in asked for turn in (Turn("user", q), Turn("assistant", told))]
    assert standalone("When was she born?", history) == f"When was {meant} born?"


def test_a_turn_of_a_million_characters_is_read_within_the_time_of_a_test() -> None:
    history = [Turn("user", "Aab in Ccd met Bbc " * 50_000), Turn("assistant", "So it was.")]
    assert standalone("When was she born?", history) == "When was Bbc Aab born?"


def test_a_name_in_any_alphabet_is_carried_on_whole() -> None:
    history = [HISTORY[0], Turn("assistant", "Óscar Arias and Åsa Björk built the mill. [1]")]
    assert standalone("When did they build it?", history) == (
        "When did they build it? (Óscar Arias, Åsa Björk)"
    )


def test_an_amount_of_four_digits_is_no_year() -> None:
    history = [Turn("user", "Who paid $1904 for the mill in 1931?"), Turn("assistant", "Stone.")]
    assert standalone("And in 1932?", history) == "Who paid $1904 for the mill in 1932?"


def test_names_of_the_conversation_stay_with_it() -> None:
    history = [
        Turn("user", "What did Clara Stone build in Elm County?"),
        Turn("assistant", "A mill."),
    ]
    assert standalone("What did the mill cost her?", history) == (
        "What did the mill cost Clara Stone?"
    )
    assert standalone("What did it cost her?", history) == (
        "What did it cost Clara Stone? (Elm County)"
    )
    later = [*history, Turn("user", "What did the mill cost her?"), Turn("assistant", "A lot.")]
    assert "Clara Stone" in standalone("And what did she do then?", later)


def test_a_change_of_topic_is_left_alone() -> None:
    asked = "How do you bake sourdough bread?"
    assert standalone(asked, HISTORY) == asked


def test_what_stands_by_itself_may_be_about_the_topic() -> None:
    history = [Turn("user", "What did Clara Stone build?"), Turn("assistant", "A mill.")]
    asked = "Where did the caravan stop?"
    assert readings(asked, history) == [asked, f"{asked} (Clara Stone)"]
    assert readings("Where is Elm County?", history) == ["Where is Elm County?"]
    assert readings(asked, []) == [asked]


def test_what_seems_to_lean_may_stand_by_itself() -> None:
    history = [
        Turn("user", "Who found otters at the weir of Elm County?"),
        Turn("assistant", "Clara Stone found otters. [1]"),
    ]
    asked = "Who criticized the weir?"
    assert readings(asked, history) == [f"{asked} (Elm County)", asked]


@pytest.mark.parametrize(
    "question", ["Who criticized it then?", "And who feared the mill?", "Why?"]
)
def test_what_is_left_open_is_never_asked_alone(question: str) -> None:
    assert question not in readings(question, HISTORY)
