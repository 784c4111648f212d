"""What a passage's score is made of: a convex sum of parts between 0 and 1.

The weights were chosen on four public question sets (SQuAD 2.0, CLAPNQ, Natural
Questions, COVID-QA), each counting the same; `python -m eval ablation` measures
what each part is worth on a set. A convex sum beats rank fusion (Bruch et al.
2023). What was tried and did not pay everywhere: names and numbers of the
question, cosine and coverage of titles, neighbouring passages, two sentences
covered together, pairs of all words, the kind of answer that is expected, BM25
of sentences, windows of two to five sentences, a second question vector made of
its keywords, and one moved towards what was found first (Rocchio 1971).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from assistant.rows import Grains
from assistant.text import content_terms, terms
from assistant.types import Vector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CONTEXT_SHARE = 0.5
"""What a term counts that only the title and headings above a sentence hold."""
SHARPENED = 0.2
"""How much of its passage's vector is taken out of a sentence's before they are compared.

Late-pooled sentences of one passage resemble each other, and the passage has its own part.
"""


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

    @property
    def words(self) -> float:
        """The most that reading a passage's words can add to its score."""
        return self.sentence_coverage + self.order


WEIGHTS = Weights()


class Question(NamedTuple):
    """What is looked for: the question's text and vector, and what its words ask for.

    ``rarity`` has the weight of each of its terms, ``pairs`` the terms that
    follow each other in it.
    """

    text: str
    vector: Vector
    rarity: Mapping[str, float]
    pairs: frozenset[tuple[str, str]]


def question_of(text: str, vector: Vector, rarity: Mapping[str, float]) -> Question:
    """Return what a question looks for."""
    asked = [term for term in content_terms(text) if term in rarity]
    return Question(text, vector, rarity, frozenset(pairwise(asked)))


def unread_scores(
    grains: Grains,
    bm25: NDArray[np.float32],
    question: Question,
    weights: Weights = WEIGHTS,
    sharpened: float = SHARPENED,
) -> NDArray[np.float32]:
    """Return the part of each passage's score that needs no reading of its words.

    ``bm25`` has a number between 0 and 1 for each passage of ``grains``; shape
    (passages,), as has what is returned.
    """
    import numpy as np

    cosines = np.maximum(grains.passages @ question.vector, 0.0)
    best = np.maximum.reduceat(_apart(grains, question.vector, sharpened), grains.first)
    scores: NDArray[np.float32] = (
        weights.passage_cosine * cosines
        + weights.sentence_cosine * np.maximum(best, 0.0)
        + weights.passage_bm25 * bm25
    )
    return scores


def words_score(
    sentences: Iterable[str], context: str, question: Question, weights: Weights = WEIGHTS
) -> float:
    """Return the part of a passage's score that its words make, from 0 to ``weights.words``.

    ``sentences`` are the stems of each sentence, ``context`` those of title and
    headings, with spaces between.
    """
    around = set(context.split())
    said = [[term for term in stems.split() if term in question.rarity] for stems in sentences]
    # Many a sentence holds none of the terms, or the same as another.
    different = {frozenset(terms) for terms in said}
    best = max((covered(held, around, question.rarity) for held in different), default=0.0)
    ordered = {pair for terms in said for pair in pairwise(terms)}
    in_order = len(question.pairs & ordered) / max(len(question.pairs), 1)
    return weights.sentence_coverage * best + weights.order * in_order


def lexical_scale(most: float, held: float) -> float:
    """Return what BM25 scores are multiplied by, so that the largest of them is at most 1.

    ``most`` is that one, ``held`` the share of the question that its passage
    holds. It counts in full where that is the whole question, and half where it
    is little: then words alone don't tell much.
    """
    return (1 + held) / 2 / most


def coverage(text: str, rarity: Mapping[str, float], context: str = "") -> float:
    """Return the share of the weight of these terms that a text holds, between 0 and 1.

    A term that only its context holds counts ``CONTEXT_SHARE``.
    """
    return covered(set(terms(text)), set(terms(context)), rarity)


def covered(held: Set[str], around: Set[str], rarity: Mapping[str, float]) -> float:
    """Return the same of terms that are known already."""
    total = sum(rarity.values())
    if not total:
        return 0.0
    found = sum(
        weight * (1.0 if term in held else CONTEXT_SHARE)
        for term, weight in rarity.items()
        if term in held or term in around
    )
    return found / total


def _apart(grains: Grains, vector: Vector, share: float) -> NDArray[np.float32]:
    """Return the cosine of a vector with each sentence, less a share of its passage."""
    import numpy as np

    counts = np.diff(grains.first, append=len(grains.sentences))
    apart = grains.sentences - share * np.repeat(grains.passages, counts, axis=0)
    lengths = np.sqrt(np.einsum("ij,ij->i", apart, apart))
    cosines: NDArray[np.float32] = apart @ vector / np.maximum(lengths, 1e-6)
    return cosines
