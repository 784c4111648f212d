"""Why a passage was found: which words of the question it holds, and how alike they are in meaning.

Worked out anew from what was found, for whoever wants to know; the ranking has
more parts, which :mod:`assistant.ranking` names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.catalog import Catalog
from assistant.text import FUNCTION_WORDS, stem, words
from assistant.types import Encoder, Hit

_EDGES = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a hit was found.

    ``words`` are those of the question that the passage holds, in some form, in
    its text or above it; ``similarity`` is the cosine (-1 to 1) of the question
    and the sentence nearest to it. ``score`` is the hit's, ``rank`` its place
    among ``of`` hits, from 1.
    """

    words: tuple[str, ...]
    similarity: float
    score: float
    rank: int
    of: int


def reasons(
    catalog: Catalog, encoder: Encoder, question: str, hits: Sequence[Hit]
) -> dict[str, Reason]:
    """Return why each hit was found, by its passage's id; ``question`` is the one searched for.

    Hits whose passages have left the catalog are left out.
    """
    if not hits:
        return {}
    vector = encoder.encode_question(question)
    stored = catalog.passages(part for hit in hits for part in _parts(hit))
    found = {}
    for rank, hit in enumerate(hits, start=1):
        parts = [stored[part] for part in _parts(hit) if part in stored]
        if not parts:
            continue
        held = {term for part in parts for stems in part.terms for term in stems.split()}
        held.update(term for part in parts for term in part.context.split())
        similarity = max(float((part.sentence_vectors @ vector).max()) for part in parts)
        shared = _shared(question, held)
        found[hit.passage.id] = Reason(shared, similarity, hit.score, rank, len(hits))
    return found


def _parts(hit: Hit) -> list[str]:
    """Return the ids of the passages that a hit is made of."""
    return hit.passage.id.split("+")


def _shared(question: str, held: Collection[str]) -> tuple[str, ...]:
    """Return the words of a question, as they are written there, whose stems are held."""
    said = {
        _EDGES.sub("", token): None
        for token in question.split()
        if any(stem(word) in held for word in words(token) if word not in FUNCTION_WORDS)
    }
    return tuple(word for word in said if word)
