"""Risk and coverage are means over questions, and say how sure they are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from eval.measures import figures, find
from eval.scoring import Scored


def scored(confidence: float, *, correct: float, refused: bool = False) -> Scored:
    answer = SimpleNamespace(confidence=confidence, refused=refused)
    stand_in: Any = SimpleNamespace(
        question=SimpleNamespace(answerable=True, kind=""),
        scores={"correct": correct},
        outcome=SimpleNamespace(answer=answer, cost=None),
    )
    return cast("Scored", stand_in)


def test_risk_and_coverage_have_intervals() -> None:
    asked = [scored(n / 40, correct=float(n % 4 > 0), refused=n >= 30) for n in range(40)]

    found = figures(asked)

    risk, coverage = find(found, "risk"), find(found, "coverage")
    assert risk.value == pytest.approx(8 / 30)
    assert coverage.value == pytest.approx(30 / 40)
    assert (risk.n, coverage.n) == (30, 40)
    for figure in (risk, coverage):
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low < figure.value < figure.high


def test_where_everything_is_refused_there_is_no_risk() -> None:
    found = figures([scored(0.1, correct=0.0, refused=True) for _ in range(3)])

    assert "risk" not in {figure.measure.name for figure in found}
