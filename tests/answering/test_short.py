"""What kind of answer is asked for, and where it stands in a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.short import short_answer
from assistant.kinds import Kind, kind_of, wants_more
from tests.strategies import nasty_text


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who built the mill?", Kind.WHO),
        ("When did it burn, and who built it?", Kind.WHEN),
        ("In which year did it burn?", Kind.WHEN),
        ("How many mills burned?", Kind.HOW_MANY),
        ("Where is the mill?", Kind.WHERE),
        ("Why did it burn?", Kind.WHY),
        ("Did it burn?", Kind.YES_NO),
        ("How do the two mills differ?", Kind.COMPARISON),
        ("What are the rules of the mill?", Kind.LIST),
        ("How did it burn?", Kind.OTHER),
        ("What share of the mills burned?", Kind.HOW_MANY),
        ("What is Peru's population?", Kind.HOW_MANY),
        ("What was the estimated population of Elm around 1900?", Kind.HOW_MANY),
        ("population of Peru", Kind.HOW_MANY),
        ("How did the army share intelligence with the mill?", Kind.OTHER),
        ("Does the army share intelligence?", Kind.YES_NO),
        ("How did the population of Peru change?", Kind.OTHER),
        ("What is the population policy?", Kind.OTHER),
        ("Who had the largest share of the mill?", Kind.WHO),
    ],
)
def test_kinds(question: str, kind: Kind) -> None:
    assert kind_of(question) is kind


def test_who_asks_for_more() -> None:
    assert wants_more("List all mills that burned.")
    assert wants_more("What happened to the mill, in detail?")
    assert not wants_more("Did the mill burn?")


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("When did the mill burn?", "The mill burned on 3 May 1904, they say.", "3 May 1904"),
        ("When did the mill burn?", "In March 1904 the mill burned.", "March 1904"),
        ("How many maps did Ada buy?", "In 1931 Ada bought forty-two maps.", "forty-two"),
        ("How much did the mill cost?", "The mill did cost $1.4 million in 1904.", "$1.4 million"),
        ("How many burned in 1905?", "In 1904 twelve burned, in 1905 seven burned.", "seven"),
        ("How much did the mill cost?", "The mill did cost US$1.4bn, they say.", "US$1.4bn"),
        ("How much did the mill lose?", "The mill did lose -5% of its worth.", "-5%"),
        ("How much did the mill cost?", "Two smiths say the mill did cost $40.", "$40"),
        ("How much did the mill cost?", "The mill did cost 40 crowns.", "40"),
        ("How many people came?", "One hundred twenty people came.", "One hundred twenty"),
        ("How many people came?", "Two hundred and fifty people came.", "Two hundred and fifty"),
        ("How many people came?", "On 3 May 1904 the seventh of two people came.", "two"),
        ("When did the mill burn?", "The mill burned on Oct. 22, 2007.", "Oct. 22, 2007"),
        ("When did the mill burn?", "The mill burned on 2007-10-22.", "2007-10-22"),
        ("When did the mill burn?", "The mill burned in the 1990s.", "1990s"),
        ("Who signed the treaty?", "Óscar Arias signed the treaty.", "Óscar Arias"),
        ("Who built the mill?", "The mill was built by Clara Stone.", "Clara Stone"),
        ("Who built the mill?", "The mill was built by Clara Stone and Tom Reed.", None),
        ("When did the mill burn?", "Nobody was hurt in 1904.", None),
        ("Where did the mill burn?", "In May the mill did burn in Elm Valley.", "Elm Valley"),
        ("Where did the mill burn?", "The mill did burn, Clara Stone said.", None),
        ("Where did the mill burn?", "The mill did burn in Elm, not in Fern.", None),
        ("Why did the mill burn?", "The mill burned in 1904.", None),
        ("When was the mill of 1904 built?", "The mill of 1904 was built.", None),
    ],
)
def test_the_short_answer(question: str, sentence: str, expected: str | None) -> None:
    span = short_answer(question, sentence)
    assert (sentence[span.start : span.end] if span else None) == expected


@given(st.sampled_from(["When did it rain?", "How many?", "Who rained?"]), nasty_text)
def test_a_short_answer_lies_within(question: str, sentence: str) -> None:
    span = short_answer(question, sentence)
    if span:
        assert 0 <= span.start < span.end <= len(sentence)
