"""Sentences and terms."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given

from assistant.text import content_terms, fold, sentence_spans, terms, words
from tests.strategies import nasty_text


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@given(nasty_text)
def test_sentences_hold_every_character_that_is_not_white_space(text: str) -> None:
    spans = sentence_spans(text)
    covered: set[int] = set()
    for before, after in pairwise(spans):
        assert before.end <= after.start
    for start, end in spans:
        assert start < end
        assert text[start:end] == text[start:end].strip()
        covered.update(range(start, end))
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


def test_abbreviations_and_numbers_end_no_sentence() -> None:
    assert sentences("Dr. Smith paid $1.4 billion. Then he left.") == [
        "Dr. Smith paid $1.4 billion.",
        "Then he left.",
    ]


def test_a_blank_line_ends_a_sentence() -> None:
    assert sentences("A heading\n \nA text") == ["A heading", "A text"]


def test_a_wrapped_line_does_not_end_a_sentence() -> None:
    assert sentences("It was a dark\nand stormy night.") == ["It was a dark\nand stormy night."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mérida", ["merida"]),
        ("the U.S. aid", ["the", "us", "aid"]),
        ("$1,400.5 million", ["1400.5", "million"]),
        ("Calderón’s plan", ["calderon", "plan"]),
        ("end.The", ["end", "the"]),
        ("F-16", ["f", "16"]),
        ("FY2022 and 2024Q2", ["2022", "and", "2024", "q2"]),
        ("mp3 in a2019b", ["mp3", "in", "a2019b"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_terms_are_stems() -> None:
    assert terms("criticized critics") == ["critic", "critic"]


def test_content_terms_leave_out_how_a_thing_is_asked() -> None:
    assert content_terms("Who was it that criticized the plan?") == ["critic", "plan"]


@given(nasty_text)
def test_folding_twice_changes_nothing_for_search(text: str) -> None:
    assert words(fold(text)) == words(text)


def test_a_stray_bracket_or_apostrophe_does_not_hold_sentences_together() -> None:
    told = [
        "The settlers ' leaders came from the congregations of the north , where they had met .",
        "They feared ( as others did that the harvest would fail again before the winter came .",
        "In the spring the first of them went home , and wrote of what they had seen on the way .",
        "Nobody there believed a word of it , though some of the younger ones packed their bags .",
        "By the autumn two ships were ready , and a third was being built in the next harbour .",
    ]
    text = " ".join(told)
    assert [text[start:end] for start, end in sentence_spans(text)] == told


def test_a_short_quotation_of_several_sentences_stays_one() -> None:
    text = 'He said: "We came. We saw. We left." Then he sat down.'
    assert [text[start:end] for start, end in sentence_spans(text)][-1] == "Then he sat down."
