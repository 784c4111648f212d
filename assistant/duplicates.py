"""Hits that say the same in nearly the same words → one hit with several sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.rows import StoredPassage
from assistant.types import Hit, Passage

ALIKE = 0.9
"""Share of the stems of two passages that both hold, from which on they say the same."""


def collapsed(hits: Sequence[Hit], stored: Mapping[str, StoredPassage]) -> list[Hit]:
    """Return the hits without those that say the same as a better one, which has them instead.

    Two passages say the same if nine tenths of their stems are common to both
    (Jaccard 1912) and their numbers are the same.
    """
    kept: list[tuple[Hit, frozenset[str]]] = []
    also: dict[str, list[Passage]] = {}
    for hit in hits:
        held = frozenset(" ".join(stored[hit.passage.id].terms).split())
        twin = next((one for one, its in kept if _alike(held, its)), None)
        if twin is None:
            kept.append((hit, held))
        else:
            also.setdefault(twin.passage.id, []).append(hit.passage)
    return [replace(hit, also=tuple(also.get(hit.passage.id, ()))) for hit, _ in kept]


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    fewer, more = sorted((len(one), len(other)))
    if fewer < ALIKE * more:
        return False
    common, either = len(one & other), len(one | other)
    if common < ALIKE * either:
        return False
    return not any(any(map(str.isdigit, stem)) for stem in one ^ other)
