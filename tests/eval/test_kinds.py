"""Means by kind of question say how sure they are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from eval.pages import _kinds
from eval.scoring import Scored


def scored(kind: str, correct: float) -> Scored:
    stand_in: Any = SimpleNamespace(
        question=SimpleNamespace(kind=kind), scores={"correct": correct}
    )
    return cast("Scored", stand_in)


def test_each_mean_by_kind_has_an_interval() -> None:
    asked = [scored("who", float(n % 4 > 0)) for n in range(40)] + [scored("when", 1.0)]

    kinds = _kinds(asked)

    figure = kinds["who"]["correct"]
    assert (figure.value, figure.n) == (0.75, 40)
    assert figure.low is not None
    assert figure.high is not None
    assert 0.5 < figure.low < 0.75 < figure.high < 1
    assert kinds["when"]["correct"].n == 1
    assert "hit@1" not in kinds["who"]


def test_one_kind_alone_is_no_table() -> None:
    assert _kinds([scored("who", 1.0), scored("who", 0.0)]) == {}
