"""Hits that say the same in nearly the same words → one hit with several sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.names import CALENDAR, names
from assistant.polarity import denies
from assistant.rows import StoredPassage
from assistant.text import stem
from assistant.types import Hit, Passage

ALIKE = 0.9
"""Share of the stems of two passages that both hold, from which on they say the same."""


class _Said(NamedTuple):
    """A passage's text and its stems."""

    text: str
    stems: frozenset[str]


def collapsed(hits: Sequence[Hit], stored: Mapping[str, StoredPassage]) -> list[Hit]:
    """Return the hits without those that say the same as a better one, which has them instead.

    Two passages say the same if nine tenths of their stems are common to both
    (Jaccard 1912), and what is apart is no number, no name and no negation.
    """
    kept: list[tuple[Hit, _Said]] = []
    also: dict[str, list[Passage]] = {}
    for hit in hits:
        stems = frozenset(" ".join(stored[hit.passage.id].terms).split())
        said = _Said(hit.passage.text, stems)
        twin = next((one for one, its in kept if _alike(said, its)), None)
        if twin is None:
            kept.append((hit, said))
        else:
            also.setdefault(twin.passage.id, []).append(hit.passage)
    return [replace(hit, also=tuple(also.get(hit.passage.id, ()))) for hit, _ in kept]


def _alike(one: _Said, other: _Said) -> bool:
    ours, theirs = len(one.stems), len(other.stems)
    if ours < ALIKE * theirs or theirs < ALIKE * ours:
        return False
    apart = one.stems ^ other.stems
    if len(apart) > (1 - ALIKE) * len(one.stems | other.stems):
        return False
    return not (
        any(any(map(str.isdigit, term)) for term in apart)
        or denies(one.text) != denies(other.text)
        or any(stem(name) in apart for said in (one, other) for name in _parties(said.text))
    )


def _parties(text: str) -> set[str]:
    return set(names(text)) - CALENDAR
