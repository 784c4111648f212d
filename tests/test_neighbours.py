"""Hits that follow each other in a document are one hit, with everything they were made of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.neighbours import LONGEST, NEAR, joined
from assistant.rows import StoredPassage
from assistant.text import sentence_spans
from assistant.types import Hit, Passage, Span
from tests import fakes

TEXT = "One is red. Two is blue.\n\nThree is green.\n\nFour is grey. Five is pink."
EAST = np.array([1.0, 0.0], np.float32)
PLACES = ((0, 24), (26, 41), (43, len(TEXT)))


def text_of(document: str, start: int, end: int) -> str:
    return TEXT[start:end]


def stored(start: int, end: int, *, page: int | None = None, heading: str = "") -> StoredPassage:
    spans = tuple(Span(start + a, start + b) for a, b in sentence_spans(TEXT[start:end]))
    passage = Passage(f"{start}", "a.txt", "T", TEXT[start:end], start, end, page, heading, spans)
    angle = start / 10
    vectors = np.tile(np.array([np.cos(angle), np.sin(angle)], np.float32), (len(spans), 1))
    return fakes.stored(passage, vectors[0], vectors)


def hit(one: StoredPassage, score: float) -> Hit:
    return Hit(one.passage, score, ())


def test_passages_that_follow_each_other_are_one_hit() -> None:
    first, second, third = (stored(*place) for place in PLACES)
    known = {one.passage.id: one for one in (first, second, third)}
    (made,) = joined([hit(second, 0.9), hit(third, 0.85), hit(first, 0.8)], known, text_of)
    assert made.passage.text == TEXT
    assert made.score == 0.9
    whole = known[made.passage.id]
    assert [TEXT[a:b] for a, b in whole.passage.sentences] == [
        "One is red.", "Two is blue.", "Three is green.", "Four is grey.", "Five is pink.",
    ]  # fmt: skip
    assert len(whole.terms) == len(whole.sentence_vectors) == 5
    assert np.linalg.norm(whole.vector) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "other",
    [
        hit(stored(*PLACES[2]), 0.89),  # another stands between them
        hit(stored(*PLACES[1]), 0.9 * NEAR - 0.01),  # far weaker
        hit(stored(*PLACES[1], page=2), 0.89),
        hit(stored(*PLACES[1], heading="Colours"), 0.89),
    ],
)
def test_others_stay_apart(other: Hit) -> None:
    first = stored(*PLACES[0])
    one = StoredPassage(other.passage, *first[1:])
    known = {"0": first, other.passage.id: one}
    found = joined([hit(first, 0.9), other], known, text_of)
    assert [h.passage for h in found] == [first.passage, other.passage]


@pytest.mark.parametrize(("sentences", "made"), [(LONGEST // 10, 1), (LONGEST // 10 + 1, 2)])
def test_a_hit_does_not_grow_without_end(sentences: int, made: int) -> None:
    text = ("Aa bb cc. " * sentences).rstrip().ljust(10 * sentences, ".")
    middle = 10 * (sentences // 2)
    known = {}
    for start, end in ((0, middle - 1), (middle, len(text))):
        passage = Passage(f"{start}", "a.txt", "", text[start:end], start, end, None, "", ())
        nothing = np.zeros((0, 2), np.float32)
        known[passage.id] = fakes.stored(passage, EAST, nothing)
    hits = [hit(one, 0.9) for one in known.values()]
    assert len(joined(hits, known, lambda _, a, b: text[a:b])) == made


@given(st.permutations(range(3)), st.lists(st.floats(0.1, 1.0), min_size=3, max_size=3))
def test_what_is_joined_is_exactly_the_document(order: list[int], scores: list[float]) -> None:
    passages = [stored(*place) for place in PLACES]
    known = {one.passage.id: one for one in passages}
    ranked = sorted(scores, reverse=True)
    hits = [hit(passages[n], score) for n, score in zip(order, ranked, strict=True)]
    found = joined(hits, known, text_of)
    covered: list[int] = []
    for one in found:
        passage = one.passage
        assert TEXT[passage.start : passage.end] == passage.text
        assert known[passage.id].passage == passage
        covered += [s.start for s in passage.sentences]
    assert sorted(covered) == [s.start for one in passages for s in one.passage.sentences]
