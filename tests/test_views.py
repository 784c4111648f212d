"""What `retrieve` refuses: views there are not, and budgets that mean nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, AssistantError


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"view": "sentences"}, "no view 'sentences'"),
        ({"characters": 500}, "needs the view 'evidence'"),
        ({"view": "passages", "tokens": 500}, "needs the view 'evidence'"),
        ({"view": "evidence", "characters": 500, "tokens": 100}, "not both"),
        ({"view": "evidence", "characters": 0}, "A budget of 0 holds nothing"),
        ({"view": "evidence", "tokens": -1}, "A budget of -1 holds nothing"),
    ],
)
def test_a_view_or_budget_without_meaning_is_refused(
    tmp_path: Path, asked: dict[str, Any], said: str
) -> None:
    with (
        Assistant.open(tmp_path / "index") as engine,
        pytest.raises(AssistantError, match=said),
    ):
        engine.retrieve("Who paid?", **asked)
