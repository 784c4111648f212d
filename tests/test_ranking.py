"""What a passage's score is made of, worked by hand on vectors of two numbers."""

from __future__ import annotations

import numpy as np
import pytest

from assistant import ranking
from assistant.ranking import WEIGHTS, Candidate
from assistant.rows import StoredPassage
from assistant.text import content_terms, sentence_spans
from assistant.types import Passage
from tests import fakes

EAST = np.array([1.0, 0.0], dtype=np.float32)
NORTH = np.array([0.0, 1.0], dtype=np.float32)


def stored(
    text: str, vector: object = EAST, *, title: str = "", heading: str = ""
) -> StoredPassage:
    spans = tuple(sentence_spans(text))
    passage = Passage(text, "a.txt", title, text, 0, len(text), None, heading, spans)
    vectors = np.tile(np.asarray(vector, dtype=np.float32), (len(spans), 1))
    return fakes.stored(passage, np.asarray(vector, dtype=np.float32), vectors)


def candidate(text: str, vector: object = EAST, bm25: float = 0.0, **context: str) -> Candidate:
    made = stored(text, vector, **context)
    return Candidate(made, made.sentence_vectors @ EAST, bm25)


def asked(text: str) -> ranking.Question:
    return ranking.question_of(text, EAST, dict.fromkeys(content_terms(text), 1.0))


def test_the_weights_are_a_convex_sum() -> None:
    assert sum(WEIGHTS) == pytest.approx(1.0)
    assert min(WEIGHTS) > 0
    perfect = candidate("The Mérida Initiative of 2007.", bm25=1.0)
    assert ranking.hit_of(perfect, asked("what Mérida Initiative 2007")).score == pytest.approx(1.0)


def test_a_question_knows_what_follows_what() -> None:
    question = asked("Which helicopters did Mexico get in 2009?")
    assert question.pairs == {("helicopt", "mexico"), ("mexico", "get"), ("get", "2009")}


def test_each_part_counts_what_its_weight_says() -> None:
    question = asked("when did Blue whales sing")
    nothing = ranking.hit_of(candidate("Rain fell.", NORTH), question).score
    assert nothing == pytest.approx(0.0)
    alone = ranking.hit_of(candidate("Rain fell.", EAST), question).score
    assert alone == pytest.approx(WEIGHTS.passage_cosine + WEIGHTS.sentence_cosine)
    words = ranking.hit_of(candidate("Whales are blue. They sing.", NORTH), question).score
    assert words == pytest.approx(WEIGHTS.sentence_coverage * 2 / 3)
    ordered = ranking.hit_of(candidate("Blue whales dive. They sing.", NORTH), question).score
    assert ordered == pytest.approx(words + WEIGHTS.order / 2)


def test_what_only_the_heading_says_counts_half() -> None:
    question = asked("whales sing")
    below = ranking.hit_of(candidate("They sing.", NORTH, heading="Whales"), question)
    assert below.evidence[0].score == pytest.approx(0.4 * 0.75)


def test_a_heading_is_weaker_evidence_than_what_stands_below() -> None:
    whale = candidate("Whales sing. Whales sing at dawn.", NORTH, heading="Whales sing.")
    below, heading = ranking.hit_of(whale, asked("whales sing")).evidence
    assert below.text == "Whales sing at dawn."
    assert heading.score == pytest.approx(below.score * ranking.HEADING_SHARE)


def test_the_best_lexical_match_counts_as_far_as_it_covers_the_question() -> None:
    rarity = asked("whales sing at dawn").rarity
    found = [stored("Dawn came."), stored("Rain fell.")]
    bm25 = {"Dawn came.": 4.0, "Rain fell.": 1.0}
    assert ranking.lexical_scale(found, bm25, rarity) == pytest.approx((1 + 1 / 3) / 2 / 4.0)
    assert ranking.lexical_scale(found, {}, rarity) == 0.0
    assert ranking.lexical_scale([], {}, rarity) == 0.0


def test_coverage_is_weighted_by_rarity() -> None:
    rarity = {"whale": 3.0, "sing": 1.0}
    assert ranking.coverage("A whale.", rarity) == 0.75
    assert ranking.coverage("It sings.", rarity, context="Whales") == pytest.approx(2.5 / 4)
    assert ranking.coverage("A whale.", {}) == 0.0
