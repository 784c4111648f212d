"""Full-text search over the catalog: BM25 by SQLite's FTS5, and how rare a term is."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from operator import itemgetter

from rapidfuzz.distance import OSA

from assistant.catalog import Catalog
from assistant.text import FUNCTION_WORDS, stem

CONTEXT_WEIGHT = 0.5
"""What a term in the title or a heading counts, beside one in the passage's own text."""
MOST_ROWS = 10_000
"""Passages that a search by words scores; a large index leaves the commonest terms out."""
_SLIP, _TWO_SLIPS = 5, 9
"""Letters of a stem from which on one slip, and two, are forgiven."""
_FUNCTION_STEMS = frozenset(map(stem, FUNCTION_WORDS))


def search(
    catalog: Catalog, terms: Sequence[str], limit: int, only: Sequence[str] | None = None
) -> dict[str, float]:
    """Return the ids of the passages that hold any of these terms, with their BM25 scores.

    With ``only`` it is among these passages. The scores are positive and larger
    is better (Robertson & Zaragoza 2009, as computed by SQLite's ``bm25()``).
    """
    sought = _rarest(catalog, terms)
    if not sought:
        return {}
    match = " OR ".join(f'"{term}"' for term in sought)
    within, values = "", list[object]()
    if only is not None:
        within = (
            " AND rowid IN (SELECT key FROM passages WHERE id IN (SELECT value FROM json_each(?)))"
        )
        values = [json.dumps(only)]
    return {
        identity: -score
        for identity, score in catalog.read(
            "SELECT p.id, s.score FROM (SELECT rowid, bm25(search, 1.0, ?) AS score FROM search"  # noqa: S608
            f" WHERE search MATCH ?{within} ORDER BY score LIMIT ?) s"
            " JOIN passages p ON p.key = s.rowid",
            (CONTEXT_WEIGHT, match, *values, limit),
        )
    }


def _rarest(catalog: Catalog, terms: Sequence[str]) -> list[str]:
    """Return the terms, rarest first, as far as not too many passages hold them."""
    chosen: list[str] = []
    rows = 0
    for term, holding in sorted(catalog.holding(terms).items(), key=itemgetter(1, 0)):
        rows += holding
        if chosen and rows > MOST_ROWS:
            break
        if holding:
            chosen.append(term)
    return chosen


def meant(catalog: Catalog, term: str) -> str | None:
    """Return the indexed term that one, which no passage holds, may be a slip for, or None.

    It begins with the same letter and is one letter added, lost, changed or
    swapped away (optimal string alignment), two where the term is long; of
    several the most frequent. Short terms and numbers are never a slip, and
    what is meant is never a word such as "other" that says nothing of a topic.
    """
    allowed = 0 if len(term) < _SLIP else 1 if len(term) < _TWO_SLIPS else 2
    if not allowed or not term.isalpha():
        return None
    near = [
        (OSA.distance(term, other), -holding, other)
        for other, holding in catalog.read(
            "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ?",
            (term[0], chr(ord(term[0]) + 1)),
        )
        if abs(len(other) - len(term)) <= allowed
        and other not in _FUNCTION_STEMS
        and OSA.distance(term, other, score_cutoff=allowed) <= allowed
    ]
    return min(near)[2] if near else None


def inverse_document_frequency(catalog: Catalog, terms: Sequence[str]) -> dict[str, float]:
    """Return ln(1 + (N - n + 0.5) / (n + 0.5)) for each term, n of the N passages holding it."""
    total = catalog.size
    return {
        term: math.log(1 + (total - holding + 0.5) / (holding + 0.5))
        for term, holding in catalog.holding(terms).items()
    }
