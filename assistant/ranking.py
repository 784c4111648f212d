"""What a passage's score is made of: a convex sum of parts between 0 and 1.

The weights were chosen on four public question sets (SQuAD 2.0, CLAPNQ, Natural
Questions, COVID-QA), each counting the same. Two more (the sample set,
FinanceBench) had a say in what was kept, so none of the six is held out; one of
FinanceBench's 18 questions was lost within the first 500 characters. A convex
sum beats rank fusion (Bruch et al. 2023). What was tried and did not pay
everywhere: names and numbers of the question, cosine and coverage of titles,
neighbouring passages, two sentences covered together, pairs of all words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.chunking import SEPARATOR
from assistant.rows import StoredPassage
from assistant.text import content_terms, terms
from assistant.types import Evidence, Hit, Vector

CONTEXT_SHARE = 0.5
"""What a term counts that only the title and headings above a sentence hold."""
HEADING_SHARE = 0.5
"""What a heading counts as evidence: it says what follows is about, not what is so."""
_EVIDENCE_COSINE = 0.6
_EVIDENCE_COVERAGE = 1 - _EVIDENCE_COSINE


class Weights(NamedTuple):
    """What each part counts in a passage's score; the sum is 1.

    Cosines of the passage and of its best sentence (late-pooled); BM25; the
    share of the question's terms, weighted by rarity, in the best sentence; the
    share of its neighbouring terms that follow each other in a sentence.
    """

    passage_cosine: float = 0.30
    sentence_cosine: float = 0.40
    passage_bm25: float = 0.17
    sentence_coverage: float = 0.09
    order: float = 0.04


WEIGHTS = Weights()


class Question(NamedTuple):
    """What is looked for: the question's vector, and what its words ask for.

    ``rarity`` has the weight of each of its terms, ``pairs`` the terms that
    follow each other in it.
    """

    vector: Vector
    rarity: Mapping[str, float]
    pairs: frozenset[tuple[str, str]]


class Candidate(NamedTuple):
    """A passage with what is known of it before its words are looked at."""

    stored: StoredPassage
    cosines: Vector
    bm25: float

    def cheap_score(self, vector: Vector) -> float:
        """Return the part of the score that needs no words."""
        return (
            WEIGHTS.passage_cosine * max(float(self.stored.vector @ vector), 0.0)
            + WEIGHTS.sentence_cosine * max(float(self.cosines.max(initial=0.0)), 0.0)
            + WEIGHTS.passage_bm25 * self.bm25
        )


WORDS_WEIGHT = WEIGHTS.sentence_coverage + WEIGHTS.order
"""The most that a passage's words can add to its cheap score."""


def question_of(text: str, vector: Vector, rarity: Mapping[str, float]) -> Question:
    """Return what a question looks for."""
    asked = [term for term in content_terms(text) if term in rarity]
    return Question(vector, rarity, frozenset(pairwise(asked)))


def coverage(text: str, rarity: Mapping[str, float], context: str = "") -> float:
    """Return the share of the weight of these terms that a text holds, between 0 and 1.

    A term that only its context holds counts ``CONTEXT_SHARE``.
    """
    return _covered(set(terms(text)), set(terms(context)), rarity)


def hit_of(candidate: Candidate, question: Question) -> Hit:
    """Return a candidate as a hit: scored, its sentences in order of strength."""
    passage = candidate.stored.passage
    around = set(candidate.stored.context.split())
    headings = {passage.title, *passage.heading.split(SEPARATOR)}
    evidence: list[Evidence] = []
    ordered: set[tuple[str, str]] = set()
    best = 0.0
    for (start, end), cosine, stems in zip(
        passage.sentences, candidate.cosines.tolist(), candidate.stored.terms, strict=True
    ):
        text = passage.text[start - passage.start : end - passage.start]
        said = [term for term in stems.split() if term in question.rarity]
        covered = _covered(set(said), around, question.rarity)
        best = max(best, covered)
        ordered.update(pairwise(said))
        strength = _EVIDENCE_COSINE * max(cosine, 0.0) + _EVIDENCE_COVERAGE * covered
        if " ".join(text.split()) in headings:
            strength *= HEADING_SHARE
        evidence.append(Evidence(start, end, text, min(strength, 1.0)))
    score = (
        candidate.cheap_score(question.vector)
        + WEIGHTS.sentence_coverage * best
        + WEIGHTS.order * len(question.pairs & ordered) / max(len(question.pairs), 1)
    )
    evidence.sort(key=lambda sentence: (-sentence.score, sentence.start))
    return Hit(passage, min(score, 1.0), tuple(evidence))


def lexical_scale(
    stored: Sequence[StoredPassage], bm25: Mapping[str, float], rarity: Mapping[str, float]
) -> float:
    """Return what BM25 scores are multiplied by, so that the best of them lies below 1.

    It counts in full where it holds the whole question, and half where it holds
    little: then words alone don't tell much.
    """
    best = max(stored, key=lambda one: bm25.get(one.passage.id, 0.0), default=None)
    most = bm25.get(best.passage.id, 0.0) if best else 0.0
    if best is None or not most:
        return 0.0
    passage = best.passage
    held = coverage(passage.text, rarity, f"{passage.title} {passage.heading}")
    return (1 + held) / 2 / most


def _covered(held: set[str], around: set[str], rarity: Mapping[str, float]) -> float:
    total = sum(rarity.values())
    if not total:
        return 0.0
    found = sum(
        weight * (1.0 if term in held else CONTEXT_SHARE)
        for term, weight in rarity.items()
        if term in held or term in around
    )
    return found / total
