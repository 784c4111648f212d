"""Question → hits: passages by meaning and by words, with the sentences that bear on it.

Candidates come from the vector index and from the full text, and are scored
together, as :mod:`assistant.ranking` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappush, heappushpop
from operator import itemgetter
from typing import NamedTuple

from assistant import fulltext, ranking, scope
from assistant.catalog import Catalog
from assistant.dense import DenseIndex
from assistant.duplicates import collapsed
from assistant.query import Query
from assistant.ranking import Candidate, Question
from assistant.rows import StoredPassage
from assistant.text import content_terms, terms
from assistant.types import Hit, Vector

CANDIDATES = 60
"""Passages taken from each of the two searches before they are scored together."""


class Found(NamedTuple):
    """The hits of a question, with what they were scored by.

    ``question`` is what was searched for, ``vector`` its own, ``rarity`` the
    weight of each of its terms, ``stored`` the hits' passages with their
    vectors, by id. ``limited`` says whether only some passages were searched.
    """

    question: str
    vector: Vector
    rarity: dict[str, float]
    hits: tuple[Hit, ...]
    stored: dict[str, StoredPassage]
    limited: bool = False


def search(catalog: Catalog, dense: DenseIndex, query: Query, vector: Vector, k: int) -> Found:
    """Find the k best passages for a query, best first, those that say the same as one hit.

    ``vector`` is that of the query's text, from the encoder that built the
    index. The scores lie between 0 and 1 and compare within one question only.
    """
    only = scope.within(catalog, query)
    rarity = _weights(catalog, content_terms(query.text) or terms(query.text))
    by_meaning = dense.search(vector, CANDIDATES, only)
    by_words = fulltext.search(catalog, list(rarity), CANDIDATES, only)
    stored = catalog.passages([*by_meaning, *by_words])
    asked = ranking.question_of(query.text, vector, rarity)
    scale = ranking.lexical_scale(list(stored.values()), by_words, rarity)
    candidates = [
        Candidate(passage, passage.sentence_vectors @ vector, by_words.get(identity, 0.0) * scale)
        for identity, passage in stored.items()
    ]
    best = collapsed(_scored(candidates, asked, k), k)
    kept = {hit.passage.id: stored[hit.passage.id] for hit in best}
    return Found(query.text, vector, rarity, best, kept, query.limited)


def _weights(catalog: Catalog, asked: Sequence[str]) -> dict[str, float]:
    """Return what each term of a question weighs: the rarer, the more.

    One that no passage holds shares its weight with the term it may be a slip for.
    """
    weights = fulltext.inverse_document_frequency(catalog, asked)
    for term in asked:
        meant = fulltext.meant(catalog, term)
        if meant and meant not in weights:
            weights[term] /= 2
            weights[meant] = fulltext.inverse_document_frequency(catalog, [meant])[meant] / 2
    return weights


def _scored(candidates: Sequence[Candidate], asked: Question, k: int) -> list[Hit]:
    """Return the candidates as hits, but for those that no words of theirs could bring among them.

    Twice as many as asked for are sure to be there, since those that say the
    same become one afterwards.
    """
    hits: list[Hit] = []
    best: list[float] = []
    cheap = [(candidate.cheap_score(asked.vector), candidate) for candidate in candidates]
    for score, candidate in sorted(cheap, key=itemgetter(0), reverse=True):
        if len(best) == 2 * k and score + ranking.WORDS_WEIGHT < best[0]:
            break
        hit = ranking.hit_of(candidate, asked)
        hits.append(hit)
        (heappush if len(best) < 2 * k else heappushpop)(best, hit.score)
    hits.sort(key=lambda hit: (-hit.score, hit.passage.document, hit.passage.start))
    return hits
