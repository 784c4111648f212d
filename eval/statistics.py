"""How sure a mean or a difference is: bootstrap intervals and a paired permutation test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

LEVEL = 0.95
_RESAMPLES = 2000
_PERMUTATIONS = 4999
_SEED = 20_070_626


class Interval(NamedTuple):
    """The ends of a 95 % interval."""

    low: float
    high: float


class Difference(NamedTuple):
    """The mean of paired differences, its interval, and the p-value of no difference."""

    mean: float
    interval: Interval
    p: float


def interval(values: Sequence[float]) -> Interval:
    """Return the 95 % percentile bootstrap interval of a mean (Efron 1979).

    A single value is its own interval. Questions are resampled, 2,000 times.
    """
    if len(values) < 2 or min(values) == max(values):
        return Interval(float(np.mean(values)), float(np.mean(values)))
    result = stats.bootstrap(
        (np.asarray(values, dtype=float),),
        np.mean,
        n_resamples=_RESAMPLES,
        confidence_level=LEVEL,
        method="percentile",
        rng=np.random.default_rng(_SEED),
    )
    return Interval(float(result.confidence_interval.low), float(result.confidence_interval.high))


def difference(before: Sequence[float], after: Sequence[float]) -> Difference:
    """Compare two scores of the same questions: mean of ``after - before``, interval and p.

    The p-value is that of a two-sided paired permutation test (Fisher 1935):
    how often swapping the two scores of questions at random gives a mean
    difference at least as large. Both sequences are of one length, and not empty.
    """
    ours, theirs = np.asarray(after, dtype=float), np.asarray(before, dtype=float)
    differences = ours - theirs
    if not differences.any() or len(differences) < 2:
        return Difference(float(differences.mean()), interval(differences.tolist()), 1.0)
    test = stats.permutation_test(
        (ours, theirs),
        _mean_difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=_PERMUTATIONS,
        rng=np.random.default_rng(_SEED),
    )
    return Difference(float(differences.mean()), interval(differences.tolist()), float(test.pvalue))


def _mean_difference(
    ours: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    theirs: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    axis: int,
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    result: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = (ours - theirs).mean(axis=axis)
    return result
