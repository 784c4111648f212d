"""How citations compare with the gold evidence.

None of this says that an answer is right: a passage copied whole scores high.
It is to be read beside correctness.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Claim
from eval.metrics.places import Place, Stretch, touches


def precision(gold: Sequence[Place], cited: Sequence[Stretch]) -> float:
    """Return the share of citations that touch gold evidence; 0 where nothing is cited."""
    good = sum(any(touches(place, stretch) for place in gold) for stretch in cited)
    return good / len(cited) if cited else 0.0


def recall(gold: Sequence[Place], cited: Sequence[Stretch]) -> float:
    """Return the share of the pieces of gold evidence, at least one, that a citation touches."""
    found = sum(any(touches(place, stretch) for stretch in cited) for place in gold)
    return found / len(gold)


def uncited(claims: Sequence[Claim]) -> float:
    """Return the share of an answer's sentences that carry no citation; 0 for an empty answer."""
    return sum(not claim.marks for claim in claims) / len(claims) if claims else 0.0
