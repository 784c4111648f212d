"""Whether a sentence says by itself whom it speaks of."""

from __future__ import annotations

import pytest

from assistant.references import leaves_open


@pytest.mark.parametrize(
    ("sentence", "open_"),
    [
        ("He built the mill.", True),
        ("This mill burned.", True),
        ("The mayor said in May that he would come.", True),
        ("The smith met Ada before she left.", False),
        ("Ada Brown said that she would come.", False),
        ("Óscar Arias wrote that he would come.", False),
        ("Once the painter Émile had left, his mill burned.", False),
    ],
)
def test_what_leaves_open_whom_it_speaks_of(sentence: str, open_: bool) -> None:
    assert leaves_open(sentence) is open_
