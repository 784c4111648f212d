"""Two runs of the same questions: what got better, what got worse, and whether by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.types import to_json
from eval.errors import RunError
from eval.measures import PER_QUESTION, Better, Measure
from eval.reports import Report
from eval.scoring import Became, Scored
from eval.statistics import Difference, difference

SIGNIFICANT = 0.05
_GOOD = {Became.RIGHT, Became.RIGHTLY_REFUSED}
_UNKNOWN = {Became.UNJUDGED}
_BESIDE = {"correct", "answer_words"}
"""Measures without which the others mislead: how often right, and at what length."""


@dataclass(frozen=True, slots=True)
class Change:
    """One measure in both runs, over the ``n`` questions that have it in both."""

    measure: Measure
    n: int
    before: float
    after: float
    difference: Difference

    @property
    def differs(self) -> bool:
        """Whether any question scores otherwise than before."""
        return self.difference.interval != (0.0, 0.0)

    @property
    def verdict(self) -> str:
        """Return "better" or "worse" where the difference is hardly chance, else nothing."""
        unlikely = self.difference.p < SIGNIFICANT
        if not unlikely or self.measure.better is Better.NEITHER:
            return ""
        rose = self.difference.mean > 0
        return "better" if rose == (self.measure.better is Better.HIGHER) else "worse"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs.

    ``gained`` and ``lost`` hold the questions that are right in one run only,
    each as it was before and after; ``left_out`` counts the questions that
    only one run asked, or that were asked with other gold.
    """

    before: Report
    after: Report
    changes: tuple[Change, ...]
    gained: tuple[tuple[Scored, Scored], ...]
    lost: tuple[tuple[Scored, Scored], ...]
    left_out: int

    @property
    def differing(self) -> list[Change]:
        """The measures by which some question scores otherwise, beside correctness and length."""
        if not any(change.differs for change in self.changes):
            return []
        return [
            change for change in self.changes if change.differs or change.measure.name in _BESIDE
        ]

    @property
    def same(self) -> list[Change]:
        """The other measures: by them every question scores as before."""
        differing = self.differing
        return [change for change in self.changes if change not in differing]


def compare(before: Report, after: Report) -> Comparison:
    """Compare two runs question by question; raises :class:`RunError` where they share none."""
    earlier = {scored.question.id: scored for scored in before.questions}
    pairs = [
        (earlier[later.question.id], later)
        for later in after.questions
        if later.question.id in earlier and earlier[later.question.id].question == later.question
    ]
    if not pairs:
        raise RunError(
            f"The runs share no question: one asked {before.identity.set!r}, the other "
            f"{after.identity.set!r}, or the questions were edited in between. Run them again on "
            "one set."
        )
    changes = (_change(measure, pairs) for measure in PER_QUESTION.values())
    sides = [(pair, _side(pair[0]), _side(pair[1])) for pair in pairs]
    return Comparison(
        before=before,
        after=after,
        changes=tuple(change for change in changes if change),
        gained=tuple(pair for pair, was, became in sides if was is False and became is True),
        lost=tuple(pair for pair, was, became in sides if was is True and became is False),
        left_out=len(before.questions) + len(after.questions) - 2 * len(pairs),
    )


def facts(comparison: Comparison) -> dict[str, Any]:
    """Return what a comparison found as plain values, without the runs themselves."""

    def turned(pairs: tuple[tuple[Scored, Scored], ...]) -> list[dict[str, str]]:
        return [
            {"question": became.question.text, "was": was.became, "became": became.became}
            for was, became in pairs
        ]

    def changed(change: Change) -> dict[str, Any]:
        found = change.difference
        return {
            "measure": to_json(change.measure),
            "n": change.n,
            "before": change.before,
            "after": change.after,
            "difference": found.mean,
            "low": found.interval.low,
            "high": found.interval.high,
            "p": found.p,
            "verdict": change.verdict,
        }

    return {
        "changes": [changed(change) for change in comparison.differing],
        "same": [change.measure.name for change in comparison.same],
        "gained": turned(comparison.gained),
        "lost": turned(comparison.lost),
        "left_out": comparison.left_out,
    }


def _side(scored: Scored) -> bool | None:
    return None if scored.became in _UNKNOWN else scored.became in _GOOD


def _change(measure: Measure, pairs: list[tuple[Scored, Scored]]) -> Change | None:
    both = [
        (before.scores[measure.name], after.scores[measure.name])
        for before, after in pairs
        if measure.name in before.scores and measure.name in after.scores
    ]
    if not both:
        return None
    before, after = zip(*both, strict=True)
    n = len(both)
    return Change(measure, n, sum(before) / n, sum(after) / n, difference(before, after))
