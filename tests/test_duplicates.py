"""Passages that say the same are one hit; those that only look alike are not."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.duplicates import collapsed
from assistant.text import sentence_spans
from assistant.types import Hit, Passage
from tests import fakes

SAID = (
    "On the last day of the session the government of Honduras did accept the findings of the"
    " commission, which had been sent to every member of the council four weeks before."
)


def sources(*texts: str) -> list[list[str]]:
    """Return the texts' numbers, those that are one hit together."""
    stored = {}
    for number, text in enumerate(texts):
        spans = tuple(sentence_spans(text))
        passage = Passage(str(number), f"{number}.txt", "", text, 0, len(text), None, "", spans)
        vectors = np.ones((len(spans), 2), np.float32)
        stored[passage.id] = fakes.stored(passage, vectors[0], vectors)
    hits = [Hit(one.passage, 1 - 0.1 * n, ()) for n, one in enumerate(stored.values())]
    return [[hit.passage.id, *(also.id for also in hit.also)] for hit in collapsed(hits, stored)]


@pytest.mark.parametrize(
    "other",
    [
        SAID.upper(),
        SAID.replace("four weeks before", "four weeks earlier"),
        SAID.replace("On the last day", "On the very last day,"),
    ],
)
def test_other_letters_and_a_word_more_or_less_say_the_same(other: str) -> None:
    assert sources(SAID, other) == [["0", "1"]]


@pytest.mark.parametrize(
    "other",
    [
        SAID.replace("Honduras", "Guatemala"),
        SAID.replace("did accept", "did not accept"),
        SAID.replace("did accept", "didn't accept"),
        SAID.replace("four weeks", "4 weeks"),
        "The council met on the last day of the session.",
    ],
)
def test_another_name_number_or_a_negation_says_something_else(other: str) -> None:
    assert sources(SAID, other) == [["0"], ["1"]]
    assert sources(other, SAID) == [["0"], ["1"]]


def test_many_copies_are_one_hit_of_the_best() -> None:
    assert sources(SAID, "Something else was said.", SAID, SAID) == [["0", "2", "3"], ["1"]]
