"""Who did it: what was done, and how far a sentence says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from assistant.answering.voices import act, acting, below


@pytest.mark.parametrize(
    ("question", "done"),
    [
        ("Who criticized the plan?", "criticized"),
        ("And who else has publicly opposed it?", "opposed"),
        ("Who is Ada Brown?", ""),
        ("Who was it?", ""),
        ("Who did the mayor praise?", ""),
        ("Who Ada Brown married", ""),
        ("When was the plan criticized?", ""),
        ("Who?", ""),
        ("", ""),
    ],
)
def test_what_was_done_is_asked_of_who_did_it(question: str, done: str) -> None:
    assert act(question) == done


def said(_: str, texts: Sequence[str]) -> list[Mapping[str, float]]:
    """Tell "mocked" for half of "criticized"."""
    return [{"criticized": 1.0 if "criticized" in t else 0.5 * ("mocked" in t)} for t in texts]


def test_a_sentence_says_it_in_other_words_unless_it_denies_it() -> None:
    sentences = [
        "Brown criticized the plan.",
        "Gray mocked it.",
        "Green never criticized it.",
        "White didn't say.",
        "It rained.",
    ]
    assert acting("Who criticized the plan?", sentences, said) == [1.0, 0.5, 0.0, 0.0, 0.0]
    assert acting("Who has not criticized it?", sentences[2:3], said) == [1.0]
    assert acting("Who never criticized it?", sentences[2:3], said) == [1.0]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Reed objects that the plan costs too much.", 1.0),
        ("A scholar attacked it, since nobody could not see the cost.", 1.0),
        ("Brown criticized that the plan lacked dates, so that we could not begin.", 1.0),
        ("Brown never objected, and the plan was made.", 0.0),
        ("Brown praised the plan.", 0.0),
    ],
)
def test_words_for_the_same_count_as_much_and_a_denial_elsewhere_does_no_harm(
    sentence: str, expected: float
) -> None:
    def silent(_: str, texts: Sequence[str]) -> list[Mapping[str, float]]:
        return [{} for _ in texts]

    assert acting("Who criticized the plan?", [sentence], silent) == [expected]


def test_nothing_is_compared_where_no_act_is_asked_for() -> None:
    def untouched(*_: object) -> list[Mapping[str, float]]:
        raise AssertionError

    assert acting("Who is Ada Brown?", ["Ada Brown is the mayor."], untouched) == [0.0]
    assert acting("Who criticized it?", [], untouched) == []


@pytest.mark.parametrize(
    ("question", "heading", "sentence", "expected"),
    [
        ("Who criticized the plan?", "Who objects", "Auditors say that it has no aim.", 0.5),
        ("Who criticized the plan?", "Who objects", "Guerrero measured the effect.", 0.0),
        ("Who criticized the plan?", "Who objects", "The United States paid for it.", 0.0),
        ("Who criticized the plan?", "Our view", "Auditors say that it has no aim.", 0.0),
        ("Who criticized the plan?", "Who did not object", "Auditors say that it is fine.", 0.0),
        ("Who is Ada Brown?", "Who objects", "Ada Brown says that it has no aim.", 0.0),
    ],
)
def test_below_a_heading_that_names_the_act_who_says_something_did_it(
    question: str, heading: str, sentence: str, expected: float
) -> None:
    assert below(question, heading, sentence) == expected
