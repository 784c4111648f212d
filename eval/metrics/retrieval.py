"""How well a ranking finds the gold evidence: hit rate, recall, MRR, nDCG, evidence in a budget.

The unit of relevance is the place (see :mod:`eval.metrics.places`), not the
passage, so that long and short passages compare fairly: a hit counts for the
places it is the first to touch, and as noise where it touches none or none
that is new. nDCG (Järvelin and Kekäläinen 2002) takes the places' grades.
"""

from __future__ import annotations

from collections.abc import Sequence

import ir_measures
from ir_measures import RR, R, Success, nDCG

from eval.metrics.places import Place, Stretch, touches

CUTOFFS = (1, 3, 5, 10)
BUDGETS = (500, 1000, 2000, 4000)
"""Characters of retrieved text, in order, within which gold evidence is looked for."""
_QUESTION = "q"


def scores(gold: Sequence[Place], found: Sequence[Stretch]) -> dict[str, float]:
    """Return every measure of a ranking for one question, by name; all lie between 0 and 1.

    ``gold`` holds at least one place, ``found`` what was retrieved, best first.
    """
    held = {f"evidence@{budget}": float(within(gold, found, budget)) for budget in BUDGETS}
    return ranked(gold, found) | held


def views(gold: Sequence[Place], excerpts: Sequence[Sequence[Stretch]]) -> dict[str, float]:
    """Return for each budget, as ``excerpts@budget``, whether the view for it has gold evidence.

    ``excerpts`` holds a view for each of ``BUDGETS``, or nothing where asking failed.
    """
    return {
        f"excerpts@{budget}": float(bool(excerpts) and within(gold, excerpts[place], budget))
        for place, budget in enumerate(BUDGETS)
    }


def ranked(gold: Sequence[Place], found: Sequence[Stretch]) -> dict[str, float]:
    """Return hit rate, recall, MRR and nDCG at each cutoff, computed by ir_measures."""
    judged = {_QUESTION: {str(number): place.grade for number, place in enumerate(gold)}}
    result: dict[str, float] = {}
    for k in CUTOFFS:
        ranking = _ranking(gold, found[:k])
        names = {
            # A hit may touch several places, which then stand after each other: what was found
            # by the k-th hit may stand below rank k, so the cutoff is the ranking's own length.
            Success @ len(ranking): f"hit@{k}",
            R @ len(ranking): f"recall@{k}",
            RR @ k: f"mrr@{k}",
            nDCG @ k: f"ndcg@{k}",
        }
        run = {_QUESTION: {name: -float(rank) for rank, name in enumerate(ranking)}}
        values = ir_measures.calc_aggregate(list(names), judged, run) if ranking else {}
        result |= {name: float(values.get(measure, 0.0)) for measure, name in names.items()}
    return result


def first_rank(gold: Sequence[Place], found: Sequence[Stretch]) -> int | None:
    """Return the rank, from 1, of the first stretch that touches a place, or None."""
    for rank, stretch in enumerate(found, start=1):
        if any(touches(place, stretch) for place in gold):
            return rank
    return None


def within(gold: Sequence[Place], found: Sequence[Stretch], budget: int) -> bool:
    """Tell whether gold evidence lies in the first ``budget`` characters of what was found.

    A span (or one of the alternatives merged into it) has to lie there whole
    and in one stretch; of a page or a document it takes one character.
    """
    left = budget
    for document, page, start, end in found:
        if left <= 0:
            break
        seen = Stretch(document, page, start, min(end, start + left))
        if any(_holds(seen, place) for place in gold):
            return True
        left -= end - start
    return False


def _holds(seen: Stretch, place: Place) -> bool:
    if place.span is None:
        return touches(place, seen)
    return place.document == seen.document and any(
        seen.start <= start and end <= seen.end for start, end in place.alternatives
    )


def _ranking(gold: Sequence[Place], found: Sequence[Stretch]) -> list[str]:
    """Name what stands at each rank: the number of a place, or noise."""
    left = dict(enumerate(gold))
    ranking = []
    for rank, stretch in enumerate(found):
        new = [number for number, place in left.items() if touches(place, stretch)]
        for number in new:
            del left[number]
        ranking += [str(number) for number in new] or [f"noise {rank}"]
    return ranking
