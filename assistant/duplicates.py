"""Hits that say the same in nearly the same words → one hit with several sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.text import words
from assistant.types import Hit, Passage

ALIKE = 0.9
"""Share of the words of two passages that both hold, from which on they say the same."""
_FURTHEST = 3


def collapsed(hits: Sequence[Hit], k: int) -> tuple[Hit, ...]:
    """Return the k best hits, each with the passages that say the same as it.

    Two passages say the same if nine tenths of their words are common to both
    (Jaccard 1912) and their numbers are the same. Such are next to each other
    in rank: they are looked for among the first 3 k.
    """
    kept: list[tuple[Hit, frozenset[str]]] = []
    also: dict[str, list[Passage]] = {}
    for rank, hit in enumerate(hits):
        if len(kept) == k and rank >= _FURTHEST * k:
            break
        held = frozenset(words(hit.passage.text))
        twin = next((one for one, its in kept if _alike(held, its)), None)
        if twin is not None:
            also.setdefault(twin.passage.id, []).append(hit.passage)
        elif len(kept) < k:
            kept.append((hit, held))
    return tuple(replace(hit, also=tuple(also.get(hit.passage.id, ()))) for hit, _ in kept)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    common, either = len(one & other), len(one | other)
    if common < ALIKE * either:
        return False
    return not any(any(map(str.isdigit, word)) for word in one ^ other)
