"""Intervals and tests of differences."""

from __future__ import annotations

import pytest

from eval.statistics import Interval, difference, interval


def test_an_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    few, many = interval([0.0, 1.0] * 10), interval([0.0, 1.0] * 200)
    assert few.low < 0.5 < few.high
    assert many.high - many.low < few.high - few.low


def test_an_interval_is_near_the_normal_one() -> None:
    """400 coins: the standard error is 0.025, so the interval reaches some 0.049 either way."""
    low, high = interval([0.0, 1.0] * 200)
    assert low == pytest.approx(0.451, abs=0.008)
    assert high == pytest.approx(0.549, abs=0.008)


def test_values_that_do_not_vary_have_no_width() -> None:
    assert interval([1.0] * 5) == interval([1.0]) == Interval(1.0, 1.0)


def test_no_difference() -> None:
    assert difference([0.0, 1.0], [0.0, 1.0]).p == 1.0


def test_few_pairs_have_the_exact_p_value() -> None:
    """Four pairs, all better: of the 16 ways to swap them two are as extreme."""
    result = difference([0.0] * 4, [1.0] * 4)
    assert result.mean == 1.0
    assert result.p == pytest.approx(2 / 16)


def test_a_difference_that_is_no_chance() -> None:
    result = difference([0.0] * 30 + [1.0] * 70, [1.0] * 100)
    assert result.mean == pytest.approx(0.3)
    assert result.interval.low > 0.15
    assert result.p < 0.001


def test_as_many_better_as_worse_is_chance() -> None:
    assert difference([0.0] * 20 + [1.0] * 20, [1.0] * 20 + [0.0] * 20).p > 0.5


def test_a_single_question_proves_nothing() -> None:
    assert difference([0.0], [1.0]) == (1.0, (1.0, 1.0), 1.0)
