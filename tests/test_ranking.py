"""What a passage's score is made of, worked by hand on vectors of two numbers."""

from __future__ import annotations

import numpy as np
import pytest

from assistant import ranking, rows
from assistant.ranking import WEIGHTS
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


def asked(text: str) -> ranking.Question:
    return ranking.question_of(text, EAST, dict.fromkeys(content_terms(text), 1.0))


def score(text: str, question: str, vector: object = EAST, bm25: float = 0.0) -> float:
    """Return the whole score of a passage, as the catalog would give it back."""
    made, looked_for = stored(text, vector), asked(question)
    grains = rows.grains([("id", *rows.encoded(made.vector, made.sentence_vectors))])
    unread = ranking.unread_scores(grains, np.array([bm25], np.float32), looked_for)
    return float(unread[0]) + ranking.words_score(made.terms, made.context, looked_for)


def test_the_weights_are_a_convex_sum() -> None:
    assert sum(WEIGHTS) == pytest.approx(1.0)
    assert min(WEIGHTS) > 0
    perfect = score("The Mérida Initiative of 2007.", "what Mérida Initiative 2007", bm25=1.0)
    assert perfect == pytest.approx(1.0)


def test_a_question_knows_what_follows_what() -> None:
    question = asked("Which helicopters did Mexico get in 2009?")
    assert question.pairs == {("helicopt", "mexico"), ("mexico", "get"), ("get", "2009")}


def test_each_part_counts_what_its_weight_says() -> None:
    question = "when did Blue whales sing"
    assert score("Rain fell.", question, NORTH) == pytest.approx(0.0)
    alone = score("Rain fell.", question, EAST)
    assert alone == pytest.approx(WEIGHTS.passage_cosine + WEIGHTS.sentence_cosine)
    words = score("Whales are blue. They sing.", question, NORTH)
    assert words == pytest.approx(WEIGHTS.sentence_coverage * 2 / 3)
    ordered = score("Blue whales dive. They sing.", question, NORTH)
    assert ordered == pytest.approx(words + WEIGHTS.order / 2)


def test_a_sentence_is_compared_by_what_sets_it_apart_from_its_passage() -> None:
    middle = np.array([1.0, 1.0]) / np.sqrt(2)
    sentences = rows.packed_directions(np.array([EAST, NORTH]))
    grains = rows.grains([("id", rows.packed_vector(middle.astype(np.float32)), sentences)])
    question, nothing = asked("?"), np.zeros(1, np.float32)
    best = ranking.Weights(0, 1, 0, 0, 0)
    blurred, sharp = (
        float(ranking.unread_scores(grains, nothing, question, best, share)[0])
        for share in (0.0, 0.5)
    )
    apart = EAST - 0.5 * middle
    assert blurred == pytest.approx(1.0)
    assert sharp == pytest.approx(float(apart[0] / np.linalg.norm(apart)), abs=1e-3)


def test_the_best_sentence_is_that_of_its_own_passage() -> None:
    packed = [
        ("a", rows.packed_vector(NORTH), rows.packed_directions(np.array([NORTH, NORTH]))),
        ("b", rows.packed_vector(NORTH), rows.packed_directions(np.array([NORTH, EAST]))),
        ("c", rows.packed_vector(NORTH), rows.packed_directions(np.array([NORTH]))),
    ]
    best = ranking.Weights(0, 1, 0, 0, 0)
    nothing = np.zeros(3, np.float32)
    scores = ranking.unread_scores(rows.grains(packed), nothing, asked("?"), best, 0.0)
    assert scores.tolist() == pytest.approx([0.0, 1.0, 0.0])


def test_the_best_lexical_match_counts_as_far_as_it_covers_the_question() -> None:
    assert 4.0 * ranking.lexical_scale(4.0, held=1.0) == pytest.approx(1.0)
    assert 4.0 * ranking.lexical_scale(4.0, held=1 / 3) == pytest.approx(2 / 3)
    assert 4.0 * ranking.lexical_scale(4.0, held=0.0) == pytest.approx(0.5)


def test_coverage_is_weighted_by_rarity() -> None:
    rarity = {"whale": 3.0, "sing": 1.0}
    assert ranking.coverage("A whale.", rarity) == 0.75
    assert ranking.coverage("It sings.", rarity, context="Whales") == pytest.approx(2.5 / 4)
    assert ranking.coverage("A whale.", {}) == 0.0
