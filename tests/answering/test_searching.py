"""A question is searched in one reading after another, until one can be answered."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.answering.searching import search
from assistant.refusal import Judgement
from assistant.retrieval import Found
from assistant.types import Turn

ASKED = "Who criticized the weir?"
HISTORY = [
    Turn("user", "Who found otters at the weir of Elm County?"),
    Turn("assistant", "Clara Stone found otters. [1]"),
]


@pytest.mark.parametrize(
    ("known", "searched", "answerable"),
    [
        ({ASKED, f"{ASKED} (Elm County)"}, f"{ASKED} (Elm County)", True),
        ({ASKED}, ASKED, True),
        (set(), f"{ASKED} (Elm County)", False),
    ],
)
def test_the_first_reading_that_can_be_answered_is_taken(
    known: set[str], searched: str, answerable: bool
) -> None:
    def judge(found: Found) -> Judgement:
        return Judgement(float(found.question in known), (), 0.5)

    def find(asked: str) -> Found:
        return Found(asked, np.zeros(1, np.float32), {}, (), {}, {})

    found, judgement = search(ASKED, HISTORY, find, judge)
    assert (found.question, judgement.answerable) == (searched, answerable)
