"""Hits that follow each other in a document → one hit, to be read in one go.

What answers a question often begins in one passage and goes on in the next:
found together, they are shown together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.chunking import place_of
from assistant.rows import StoredPassage
from assistant.types import Hit

LONGEST = 2000
"""Most characters of a hit that is made of several passages."""
NEAR = 0.8
"""Least score of a passage, as a share of the hit's that it joins."""
_GAP = 20
"""Most characters of white space between passages that follow each other."""

Slice = Callable[[str, int, int], str]
"""Takes a document's name and a span, gives its text there."""


def joined(
    hits: Sequence[Hit], stored: dict[str, StoredPassage], text_of: Slice, near: float = NEAR
) -> list[Hit]:
    """Return the hits in their order, those that can be read on from a better one within it.

    They stand beside it on the same page and under the same heading, and have
    at least the share ``near`` of its score. ``stored`` gets an entry for each
    hit that is made of several.
    """
    kept: list[Hit] = []
    for hit in hits:
        home = next((n for n, other in enumerate(kept) if _reads_on(other, hit, near)), None)
        if home is not None:
            both = _both(kept[home], hit, stored, text_of)
            if both is not None:
                kept[home] = both
                continue
        kept.append(hit)
    return kept


def _reads_on(hit: Hit, other: Hit, near: float) -> bool:
    one, two = hit.passage, other.passage
    if (one.document, one.page, one.heading) != (two.document, two.page, two.heading):
        return False
    first, second = sorted((one, two), key=lambda passage: passage.start)
    return (
        0 <= second.start - first.end <= _GAP
        and second.end - first.start <= LONGEST
        and other.score >= near * hit.score
    )


def _both(hit: Hit, other: Hit, stored: dict[str, StoredPassage], text_of: Slice) -> Hit | None:
    """Return two hits as one, or None where another passage stands between them."""
    import numpy as np

    first, second = sorted(
        (stored[one.passage.id] for one in (hit, other)), key=lambda one: one.passage.start
    )
    start, end = first.passage.start, second.passage.end
    text = text_of(first.passage.document, start, end)
    if text[first.passage.end - start : second.passage.start - start].strip():
        return None
    passage = replace(
        first.passage,
        id=f"{first.passage.id}+{second.passage.id}",
        text=text,
        end=end,
        sentences=first.passage.sentences + second.passage.sentences,
        places=tuple(dict.fromkeys(first.passage.places + second.passage.places)),
    )
    passage = replace(passage, place=place_of(passage, start, end))
    middle = first.vector + second.vector
    stored[passage.id] = StoredPassage(
        passage,
        middle / np.linalg.norm(middle),
        np.vstack([first.sentence_vectors, second.sentence_vectors]),
        first.terms + second.terms,
        first.context,
    )
    return replace(hit, passage=passage, also=hit.also + other.also)
