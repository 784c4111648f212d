"""Full-text search over the catalog: BM25 by SQLite's FTS5, and how rare a term is."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistant.catalog import Catalog

CONTEXT_WEIGHT = 0.5
"""What a term in the title or a heading counts, beside one in the passage's own text."""


def search(catalog: Catalog, terms: Sequence[str], limit: int) -> dict[str, float]:
    """Return the ids of the passages that hold any of these terms, with their BM25 scores.

    The scores are positive and larger is better (Robertson & Zaragoza 2009,
    as computed by SQLite's ``bm25()``).
    """
    if not terms:
        return {}
    match = " OR ".join(f'"{term}"' for term in dict.fromkeys(terms))
    return {
        identity: -score
        for identity, score in catalog.read(
            "SELECT p.id, s.score FROM (SELECT rowid, bm25(search, 1.0, ?) AS score FROM search"
            " WHERE search MATCH ? ORDER BY score LIMIT ?) s JOIN passages p ON p.key = s.rowid",
            (CONTEXT_WEIGHT, match, limit),
        )
    }


def inverse_document_frequency(catalog: Catalog, terms: Sequence[str]) -> dict[str, float]:
    """Return ln(1 + (N - n + 0.5) / (n + 0.5)) for each term, n of the N passages holding it."""
    total = catalog.size
    weights = {}
    for term in dict.fromkeys(terms):
        rows = catalog.read("SELECT doc FROM vocabulary WHERE term = ?", (term,))
        holding = next((row[0] for row in rows), 0)
        weights[term] = math.log(1 + (total - holding + 0.5) / (holding + 0.5))
    return weights
