"""Question → hits: passages by meaning and by words, with the sentences that bear on it.

Candidates come from the vector index and from the full text. Each is scored
by a convex sum of four parts between 0 and 1: cosine of the passage, cosine
of its best sentence (late-pooled), BM25 of the passage, and the share of the
question's terms, weighted by rarity, in its best sentence. The last two are
divided by the best among the candidates (Bruch et al. 2023: a convex sum
beats rank fusion).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assistant import fulltext
from assistant.catalog import Catalog
from assistant.chunking import SEPARATOR
from assistant.dense import DenseIndex
from assistant.rows import StoredPassage
from assistant.text import content_terms, fold, terms
from assistant.types import Evidence, Hit, Vector

CANDIDATES = 60
"""Passages taken from each of the two searches before they are scored together."""


class Weights(NamedTuple):
    """What each part counts in a passage's score; the sum is 1."""

    passage_cosine: float = 0.375
    sentence_cosine: float = 0.375
    passage_bm25: float = 0.155
    sentence_coverage: float = 0.095


WEIGHTS = Weights()
CONTEXT_SHARE = 0.5
"""What a term counts that only the title and headings above a sentence hold."""
HEADING_SHARE = 0.5
"""What a heading counts as evidence: it says what follows is about, not what is so."""
_EVIDENCE_COSINE = 0.6
_EVIDENCE_COVERAGE = 1 - _EVIDENCE_COSINE


class Found(NamedTuple):
    """The hits of a question, with what they were scored by.

    ``vector`` is the question's, ``rarity`` the weight of each of its terms,
    ``stored`` the hits' passages with their vectors, by id.
    """

    question: str
    vector: Vector
    rarity: dict[str, float]
    hits: tuple[Hit, ...]
    stored: dict[str, StoredPassage]


def search(catalog: Catalog, dense: DenseIndex, question: str, vector: Vector, k: int) -> Found:
    """Find the k best passages for a question, best first, without repeated texts.

    ``vector`` is the question's, from the encoder that built the index. The
    scores lie between 0 and 1 and compare within one question only.
    """
    words = content_terms(question) or terms(question)
    by_meaning = dense.search(vector, CANDIDATES)
    by_words = fulltext.search(catalog, words, CANDIDATES)
    rarity = fulltext.inverse_document_frequency(catalog, words)
    stored = catalog.passages([*by_meaning, *by_words])
    most = max(by_words.values(), default=1.0)
    scored = [
        _Scored(passage, passage.sentence_vectors @ vector, by_words.get(identity, 0.0) / most)
        for identity, passage in stored.items()
    ]
    hits = [_hit(candidate, vector, rarity) for candidate in _contenders(scored, vector, k)]
    hits.sort(key=lambda hit: (-hit.score, hit.passage.document, hit.passage.start))
    best = tuple(_without_repeats(hits)[:k])
    return Found(question, vector, rarity, best, {h.passage.id: stored[h.passage.id] for h in best})


def coverage(text: str, rarity: Mapping[str, float], context: str = "") -> float:
    """Return the share of the weight of these terms that a text holds, between 0 and 1.

    A term that only its context holds counts ``CONTEXT_SHARE``.
    """
    total = sum(rarity.values())
    if not total:
        return 0.0
    held, around = set(terms(text)), set(terms(context))
    found = sum(
        weight * (1.0 if term in held else CONTEXT_SHARE)
        for term, weight in rarity.items()
        if term in held or term in around
    )
    return found / total


class _Scored(NamedTuple):
    """A candidate with what is known of it before its words are looked at."""

    stored: StoredPassage
    cosines: Vector
    bm25: float

    def cheap_score(self, vector: Vector) -> float:
        return (
            WEIGHTS.passage_cosine * max(float(self.stored.vector @ vector), 0.0)
            + WEIGHTS.sentence_cosine * max(float(self.cosines.max(initial=0.0)), 0.0)
            + WEIGHTS.passage_bm25 * self.bm25
        )


def _contenders(scored: list[_Scored], vector: Vector, k: int) -> list[_Scored]:
    """Leave out the candidates that no share of the question's terms could bring among the best."""
    cheap = {candidate.stored.passage.id: candidate.cheap_score(vector) for candidate in scored}
    ranked = sorted(cheap.values(), reverse=True)
    # Twice as many as asked for, since repeated texts are dropped afterwards.
    least = ranked[min(2 * k, len(ranked)) - 1] if ranked else 0.0
    return [
        candidate
        for candidate in scored
        if cheap[candidate.stored.passage.id] + WEIGHTS.sentence_coverage >= least
    ]


def _hit(candidate: _Scored, vector: Vector, rarity: Mapping[str, float]) -> Hit:
    passage = candidate.stored.passage
    context = f"{passage.title} {passage.heading}"
    headings = {passage.title, *passage.heading.split(SEPARATOR)}
    evidence = []
    best = 0.0
    for (start, end), cosine in zip(passage.sentences, candidate.cosines.tolist(), strict=True):
        text = passage.text[start - passage.start : end - passage.start]
        covered = coverage(text, rarity, context)
        best = max(best, covered)
        strength = _EVIDENCE_COSINE * max(cosine, 0.0) + _EVIDENCE_COVERAGE * covered
        if " ".join(text.split()) in headings:
            strength *= HEADING_SHARE
        evidence.append(Evidence(start, end, text, min(strength, 1.0)))
    score = candidate.cheap_score(vector) + WEIGHTS.sentence_coverage * best
    evidence.sort(key=lambda sentence: (-sentence.score, sentence.start))
    return Hit(passage, min(score, 1.0), tuple(evidence))


def _without_repeats(hits: Sequence[Hit]) -> list[Hit]:
    """Drop passages whose words are those of a better one."""
    seen: set[str] = set()
    kept = []
    for hit in hits:
        key = " ".join(fold(hit.passage.text).split())
        if key not in seen:
            seen.add(key)
            kept.append(hit)
    return kept
