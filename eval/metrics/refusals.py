"""How well a system knows what it can't answer, from its confidence in each answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.metrics import roc_auc_score


class RiskPoint(NamedTuple):
    """What happens if only the answers of at least this confidence are given.

    ``coverage`` is the share of all questions that are answered, ``risk`` the
    share of those answers that are wrong.
    """

    confidence: float
    coverage: float
    risk: float


def auroc(answerable: Sequence[float], unanswerable: Sequence[float]) -> float:
    """Return how often an answerable question has more confidence than an unanswerable one.

    The area under the ROC curve: 1 separates them wholly, 0.5 is chance. Both
    hold confidences, and at least one each.
    """
    truth = [1] * len(answerable) + [0] * len(unanswerable)
    return float(roc_auc_score(truth, [*answerable, *unanswerable]))


def risk_coverage(
    confidence: Sequence[float], wrong: Sequence[float], questions: int
) -> list[RiskPoint]:
    """Return the risk–coverage curve (El-Yaniv and Wiener 2010), from the surest answer on.

    ``confidence`` and ``wrong`` (0 to 1) have an entry for each answer that was
    given, out of ``questions`` asked. Answers of one confidence are one point.
    The curve ends where the system stops answering.
    """
    if not confidence:
        return []
    sureness = np.asarray(confidence, dtype=float)
    order = np.argsort(-sureness, kind="stable")
    sureness = sureness[order]
    risks = np.cumsum(np.asarray(wrong, dtype=float)[order]) / np.arange(1, len(order) + 1)
    last = np.append(np.flatnonzero(np.diff(sureness)), len(order) - 1)
    return [RiskPoint(float(sureness[i]), float(i + 1) / questions, float(risks[i])) for i in last]


def area_under_risk(curve: Sequence[RiskPoint]) -> float:
    """Return the mean risk over the coverage that a curve reaches; less is better."""
    widths = np.diff([0.0, *(point.coverage for point in curve)])
    risks = np.array([point.risk for point in curve])
    return float((widths * risks).sum() / widths.sum())
