"""How strongly a sentence bears on a question, worked by hand on vectors of two numbers."""

from __future__ import annotations

import pytest

from assistant.evidence import HEADING_SHARE, LONG, WEIGHTS, evidence
from assistant.types import Evidence
from tests.test_ranking import EAST, NORTH, asked, stored


def shown(text: str, question: str, vector: object = NORTH, **context: str) -> list[Evidence]:
    return list(evidence(stored(text, vector, **context), asked(question)))


def strength(found: Evidence) -> float:
    """Return a sentence's strength without what its length takes off."""
    return found.score - WEIGHTS.length * len(found.text) / LONG


def test_cosine_and_coverage_make_a_sentence_strong() -> None:
    (alike,) = shown("Rain fell.", "whales sing", EAST)
    assert strength(alike) == pytest.approx(WEIGHTS.cosine, abs=1e-3)
    (half,) = shown("Whales dive.", "whales sing")
    assert strength(half) == pytest.approx(WEIGHTS.coverage / 2, abs=1e-3)


def test_what_only_the_heading_says_counts_half() -> None:
    (below,) = shown("They sing.", "whales sing", heading="Whales")
    assert strength(below) == pytest.approx(WEIGHTS.coverage * 0.75, abs=1e-3)


def test_a_sentence_that_completes_the_one_beside_it_is_stronger() -> None:
    whales, sing, rain = sorted(
        shown("Whales dive. They sing. Rain fell.", "whales sing"), key=lambda one: one.start
    )
    own = WEIGHTS.coverage / 2
    assert strength(whales) == pytest.approx(own + WEIGHTS.beside / 2, abs=1e-3)
    assert strength(sing) == pytest.approx(own + WEIGHTS.beside / 2, abs=1e-3)
    assert strength(rain) == pytest.approx(WEIGHTS.beside / 2, abs=1e-3)


def test_a_thing_of_the_kind_that_is_asked_for_counts() -> None:
    first, second = shown("Whales sang in 1998. Whales sang at sea.", "When did whales sing?")
    assert first.text == "Whales sang in 1998."
    assert strength(first) - strength(second) == pytest.approx(WEIGHTS.expected, abs=1e-6)


def test_of_two_sentences_that_say_as_much_the_shorter_comes_first() -> None:
    found = shown("Whales sing at length, on and on and on. Whales sing.", "whales sing")
    assert found[0].text == "Whales sing."


def test_a_heading_is_weaker_evidence_than_what_stands_below() -> None:
    below, heading = shown(
        "Whales sing. Whales sing at dawn.", "whales sing", heading="Whales sing."
    )
    assert below.text == "Whales sing at dawn."
    assert heading.score < below.score * HEADING_SHARE + 0.01


def test_a_strength_lies_between_0_and_1() -> None:
    (most,) = shown("Whales sing.", "whales sing", EAST)
    (least,) = shown("Rain fell " + "again and " * 60 + "again.", "whales sing")
    assert most.score <= 1.0
    assert least.score == 0.0
