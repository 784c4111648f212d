"""Question → hits: passages by meaning and by words, with the sentences that bear on it.

Candidates come from the vector index and from the full text, and are scored
together, as :mod:`assistant.ranking` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assistant import fulltext, ranking
from assistant.catalog import Catalog
from assistant.dense import DenseIndex
from assistant.ranking import Candidate
from assistant.rows import StoredPassage
from assistant.text import content_terms, fold, terms
from assistant.types import Hit, Vector

CANDIDATES = 60
"""Passages taken from each of the two searches before they are scored together."""


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
    asked = ranking.question_of(question, vector, rarity)
    scale = ranking.lexical_scale(list(stored.values()), by_words, rarity)
    candidates = [
        Candidate(passage, passage.sentence_vectors @ vector, by_words.get(identity, 0.0) * scale)
        for identity, passage in stored.items()
    ]
    hits = [ranking.hit_of(one, asked) for one in _contenders(candidates, vector, k)]
    hits.sort(key=lambda hit: (-hit.score, hit.passage.document, hit.passage.start))
    best = tuple(_without_repeats(hits)[:k])
    return Found(question, vector, rarity, best, {h.passage.id: stored[h.passage.id] for h in best})


def _contenders(candidates: list[Candidate], vector: Vector, k: int) -> list[Candidate]:
    """Leave out the candidates that no words of theirs could bring among the best."""
    cheap = {one.stored.passage.id: one.cheap_score(vector) for one in candidates}
    ranked = sorted(cheap.values(), reverse=True)
    # Twice as many as asked for, since repeated texts are dropped afterwards.
    least = ranked[min(2 * k, len(ranked)) - 1] if ranked else 0.0
    return [
        one for one in candidates if cheap[one.stored.passage.id] + ranking.WORDS_WEIGHT >= least
    ]


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
