"""Question → hits: passages by meaning and by words, with the sentences that bear on it.

Candidates come from the vector index and from the full text, and are scored
together, as :mod:`assistant.ranking` says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant import evidence, fulltext, neighbours, ranking, scope
from assistant.catalog import Catalog
from assistant.dense import DenseIndex
from assistant.duplicates import collapsed
from assistant.query import Query
from assistant.ranking import Question
from assistant.rows import StoredPassage
from assistant.text import content_terms, terms
from assistant.types import Hit, Vector

CANDIDATES = 60
"""Passages taken from each of the two searches before they are scored together."""
_SPARE = 3
"""Passages looked at for each hit asked for, since some become one hit."""


class Tuning(NamedTuple):
    """What the scores are made of; the defaults are those that were measured to be best.

    ``sharpened`` is the share of its passage that is taken out of a sentence's
    vector, ``near`` the share of a hit's score from which on a passage joins it.
    """

    passages: ranking.Weights = ranking.WEIGHTS
    sentences: evidence.Weights = evidence.WEIGHTS
    sharpened: float = ranking.SHARPENED
    near: float = neighbours.NEAR


TUNING = Tuning()


class Found(NamedTuple):
    """The hits of a question, with what they were scored by.

    ``question`` is what was searched for, ``vector`` its own, ``rarity`` the
    weight of each of its terms, ``stored`` the hits' passages with their
    vectors and ``scores`` what they were found with, by id: a reranker changes
    only those of the hits. ``limited`` says whether only some passages were searched,
    ``within`` has the documents that were chosen to be.
    """

    question: str
    vector: Vector
    rarity: dict[str, float]
    hits: tuple[Hit, ...]
    stored: dict[str, StoredPassage]
    scores: dict[str, float]
    limited: bool = False
    within: tuple[str, ...] = ()


def search(
    catalog: Catalog,
    dense: DenseIndex,
    query: Query,
    vector: Vector,
    k: int,
    tuning: Tuning = TUNING,
) -> Found:
    """Find the k best hits for a query, best first.

    Passages that say the same are one hit, and so are those that follow each
    other. ``vector`` is that of the query's text, from the encoder that built
    the index. The scores lie between 0 and 1 and compare within one question only.
    """
    only = scope.within(catalog, query)
    asked_for = content_terms(query.text) or terms(query.text)
    rarity = fulltext.inverse_document_frequency(catalog, asked_for)
    asked = ranking.question_of(query.text, vector, rarity)
    by_meaning = dense.search(vector, CANDIDATES, only)
    by_words = fulltext.search(catalog, list(rarity), CANDIDATES, only)
    candidates = list(dict.fromkeys([*by_meaning, *by_words]))
    ranked = _ranked(catalog, candidates, by_words, asked, _SPARE * k, tuning)
    best, stored = _hits(catalog, ranked[: _SPARE * k], tuning)
    if len(best) < k and len(ranked) > _SPARE * k:
        best, stored = _hits(catalog, ranked, tuning)
    kept = {hit.passage.id: stored[hit.passage.id] for hit in best[:k]}
    hits = tuple(
        replace(hit, evidence=evidence.evidence(kept[hit.passage.id], asked, tuning.sentences))
        for hit in best[:k]
    )
    scores = {hit.passage.id: hit.score for hit in hits}
    return Found(query.text, vector, rarity, hits, kept, scores, query.limited, query.within)


def _ranked(
    catalog: Catalog,
    candidates: Sequence[str],
    bm25: Mapping[str, float],
    asked: Question,
    k: int,
    tuning: Tuning,
) -> list[tuple[str, float]]:
    """Return at least the k best candidates with their scores, best first.

    Only those are read whose words could bring them among the k best.
    """
    import numpy as np

    grains = catalog.grains(candidates)
    if grains is None:
        return []
    scale = _lexical_scale(catalog, bm25, asked.rarity)
    lexical = np.array([bm25.get(identity, 0.0) for identity in grains.ids], np.float32)
    unread = ranking.unread_scores(
        grains, scale * lexical, asked, tuning.passages, tuning.sharpened
    )
    least = np.sort(unread)[-min(k, len(unread))] - tuning.passages.words
    scores = {grains.ids[row]: float(unread[row]) for row in np.flatnonzero(unread >= least)}
    for identity, stems, context in catalog.terms(list(scores)):
        scores[identity] += ranking.words_score(stems, context, asked, tuning.passages)
    return sorted(scores.items(), key=lambda scored: (-scored[1], scored[0]))


def _lexical_scale(
    catalog: Catalog, bm25: Mapping[str, float], rarity: Mapping[str, float]
) -> float:
    """Return what BM25 scores are multiplied by, as far as the best of them covers the question."""
    strongest = max(bm25, key=bm25.__getitem__, default="")
    for _, sentences, context in catalog.terms([strongest]):
        held = ranking.covered(set(" ".join(sentences).split()), set(context.split()), rarity)
        return ranking.lexical_scale(bm25[strongest], held)
    return 0.0


def _hits(
    catalog: Catalog, ranked: Sequence[tuple[str, float]], tuning: Tuning
) -> tuple[list[Hit], dict[str, StoredPassage]]:
    """Return the hits that passages make, without evidence, and what they are made of."""
    stored = catalog.passages(identity for identity, _ in ranked)
    hits = [
        Hit(stored[identity].passage, min(score, 1.0), evidence=())
        for identity, score in ranked
        if identity in stored
    ]
    apart = collapsed(hits, stored)

    def text_of(document: str, start: int, end: int) -> str:
        return catalog.quoted(document, start, end, sides=0).text

    return neighbours.joined(apart, stored, text_of, tuning.near), stored
