"""A comparison shows correctness and length beside whatever differs."""

from __future__ import annotations

from typing import Any

from eval.comparing import Change, Comparison
from eval.measures import PER_QUESTION
from eval.statistics import Difference, Interval

SAME = Difference(0.0, Interval(0.0, 0.0), 1.0)
OTHER = Difference(0.2, Interval(0.1, 0.3), 0.01)
NONE: Any = None


def comparison(**differences: Difference) -> Comparison:
    changes = tuple(
        Change(PER_QUESTION[name], 9, 0.5, 0.5, difference)
        for name, difference in differences.items()
    )
    return Comparison(NONE, NONE, changes, gained=(), lost=(), left_out=0)


def names(changes: list[Change]) -> list[str]:
    return [change.measure.name for change in changes]


def test_what_differs_is_shown_beside_correctness_and_length() -> None:
    shown = comparison(correct=SAME, citation_precision=OTHER, rouge_l=SAME, answer_words=SAME)

    assert names(shown.differing) == ["correct", "citation_precision", "answer_words"]
    assert names(shown.same) == ["rouge_l"]


def test_where_nothing_differs_nothing_is_said_to() -> None:
    shown = comparison(correct=SAME, answer_words=SAME)

    assert shown.differing == []
    assert names(shown.same) == ["correct", "answer_words"]
